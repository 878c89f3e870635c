//! Merchants.

use domain::{
    change::{ChangeSet, Write},
    channel::{Mode, Modes},
    fault::Faults,
    id::{Mid, PartnerId},
    merchant::Merchant,
    settings::Settings,
};

use crate::{Engine, Error, Result};

/// A merchant to be made.
#[derive(Debug, Clone, Default)]
pub struct NewMerchant {
    /// Its id, when it has one already.
    pub id: Option<Mid>,
    /// Its partner.
    pub partner: Option<PartnerId>,
    /// Trading name.
    pub name: String,
    /// ISO 3166 alpha-2; none: `US`.
    pub country: Option<String>,
    /// Merchant category code.
    pub mcc: Option<String>,
    /// Settings; none: the defaults.
    pub settings: Option<Settings>,
}

impl Engine {
    /// Makes a merchant; its channels are in sandbox mode everywhere.
    pub async fn create_merchant(&self, new: NewMerchant) -> Result<Merchant> {
        let now = self.clock.now();
        let country = new.country.unwrap_or_else(|| "US".into()).trim().to_ascii_uppercase();
        let mut faults = Faults::new();
        if new.name.trim().is_empty() {
            faults.required("Name");
        }
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            faults.invalid("Country");
        }
        if new.partner.is_some() && !self.store.partners().await?.iter().any(|partner| Some(partner.id) == new.partner) {
            faults.invalid("Partner");
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let merchant = Merchant {
            id: new.id.unwrap_or_else(|| Mid::at(now, self.random.bytes())),
            partner: new.partner,
            name: new.name.trim().to_owned(),
            country,
            mcc: new.mcc,
            active: true,
            settings: new.settings.unwrap_or_default(),
            modes: Modes::all(Mode::Sandbox),
            created_at: now,
        };
        if self.store.merchant(merchant.id).await?.is_some() {
            return Err(Error::Taken("A merchant has this id already.".into()));
        }
        self.put_merchant(merchant).await
    }

    /// Stores a merchant as it now is.
    pub async fn put_merchant(&self, merchant: Merchant) -> Result<Merchant> {
        self.store.apply(ChangeSet::new().with(Write::PutMerchant(Box::new(merchant.clone())))).await?;
        self.refresh_registry().await?;
        Ok(merchant)
    }

    /// A merchant; not found when there is none.
    pub async fn merchant(&self, mid: Mid) -> Result<Merchant> {
        self.store.merchant(mid).await?.ok_or(Error::NotFound)
    }

    /// Merchants of a partner, or all.
    pub async fn merchants(&self, partner: Option<PartnerId>) -> Result<Vec<Merchant>> {
        Ok(self.store.merchants(partner).await?)
    }
}
