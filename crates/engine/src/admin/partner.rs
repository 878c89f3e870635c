//! Partners.

use domain::{
    audit::What,
    change::{ChangeSet, Write},
    id::PartnerId,
    partner::Partner,
};

use crate::{Engine, Error, Result, tenancy::shell};

impl Engine {
    /// Makes a partner.
    pub async fn create_partner(&self, name: &str) -> Result<Partner> {
        let now = self.clock.now();
        let partner =
            Partner { id: PartnerId::at(now, self.random.bytes()), name: name.trim().to_owned(), created_at: now, active: true };
        self.store.apply(ChangeSet::new().with(Write::PutPartner(partner.clone()))).await?;
        Ok(partner)
    }

    /// Switches the keys and users of a partner on or off: off, none gets a token and those in use end within seconds. What
    /// it did for its merchants stays, and they work on.
    pub async fn switch_partner(&self, id: PartnerId, active: bool) -> Result<Partner> {
        let mut partner = self.store.partner(id).await?.ok_or(Error::NotFound)?;
        if partner.active != active {
            partner.active = active;
            let entry = self.signed(shell(), None, What::Partner { partner: id, active });
            self.store.apply(ChangeSet::new().with(Write::PutPartner(partner.clone())).with(entry)).await?;
            self.refresh_registry().await?;
        }
        Ok(partner)
    }

    /// Every partner.
    pub async fn partners(&self) -> Result<Vec<Partner>> {
        Ok(self.store.partners().await?)
    }
}
