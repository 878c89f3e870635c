//! Merchants.

use domain::{
    change::{ChangeSet, Write},
    channel::{Mode, Modes},
    fault::Faults,
    id::{Mid, PartnerId},
    merchant::Merchant,
    profile::Profile,
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
    /// Names, contacts, bank account.
    pub profile: Profile,
}

impl Engine {
    /// Makes a merchant; its channels are in sandbox mode everywhere.
    pub async fn create_merchant(&self, new: NewMerchant) -> Result<Merchant> {
        let merchant = self.new_merchant(new);
        let mut faults = Faults::new();
        if merchant.name.is_empty() {
            faults.required("Name");
        }
        if merchant.country.len() != 2 || !merchant.country.bytes().all(|b| b.is_ascii_uppercase()) {
            faults.invalid("Country");
        }
        if let Some(partner) = merchant.partner
            && self.store.partner(partner).await?.is_none()
        {
            faults.invalid("Partner");
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.insert_merchant(merchant.clone()).await?;
        Ok(merchant)
    }

    /// The merchant as it will be; nothing is checked or written.
    pub(crate) fn new_merchant(&self, new: NewMerchant) -> Merchant {
        let now = self.clock.now();
        Merchant {
            id: new.id.unwrap_or_else(|| Mid::at(now, self.random.bytes())),
            version: 1,
            partner: new.partner,
            name: new.name.trim().to_owned(),
            country: new.country.unwrap_or_else(|| "US".into()).trim().to_ascii_uppercase(),
            mcc: new.mcc,
            active: true,
            settings: new.settings.unwrap_or_default(),
            modes: Modes::all(Mode::Sandbox),
            created_at: now,
            profile: new.profile,
        }
    }

    /// Writes a new merchant.
    pub(crate) async fn insert_merchant(&self, merchant: Merchant) -> Result<()> {
        let taken = |_| Error::Taken("A merchant has this id already.".into());
        self.apply(ChangeSet::new().with(Write::PutMerchant(Box::new(merchant)))).await?.map_err(taken)?;
        self.refresh_registry().await
    }

    /// Stores a merchant as it now is, over the version that was read.
    pub async fn put_merchant(&self, mut merchant: Merchant) -> Result<Merchant> {
        merchant.version += 1;
        self.apply(ChangeSet::new().with(Write::PutMerchant(Box::new(merchant.clone()))))
            .await?
            .map_err(|_| Error::Precondition)?;
        self.refresh_registry().await?;
        Ok(merchant)
    }

    /// A merchant; not found when there is none.
    pub async fn merchant(&self, mid: Mid) -> Result<Merchant> {
        self.store.merchant(mid).await?.ok_or(Error::NotFound)
    }

    /// Merchants that a partner may act for, or all.
    pub async fn merchants(&self, partner: Option<PartnerId>) -> Result<Vec<Merchant>> {
        Ok(self.store.merchants(partner).await?)
    }
}
