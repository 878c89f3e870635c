//! Partners.

use domain::{
    change::{ChangeSet, Write},
    id::PartnerId,
    partner::Partner,
};

use crate::{Engine, Result};

impl Engine {
    /// Makes a partner.
    pub async fn create_partner(&self, name: &str) -> Result<Partner> {
        let now = self.clock.now();
        let partner =
            Partner { id: PartnerId::at(now, self.random.bytes()), name: name.trim().to_owned(), created_at: now, active: true };
        self.store.apply(ChangeSet::new().with(Write::PutPartner(partner.clone()))).await?;
        Ok(partner)
    }

    /// Every partner.
    pub async fn partners(&self) -> Result<Vec<Partner>> {
        Ok(self.store.partners().await?)
    }
}
