//! Sites.

use domain::{
    id::{Mid, SiteId},
    settings::Overrides,
    site::{Site, Ui},
};

use crate::{Engine, Error, Result};

/// A site to be made.
#[derive(Debug, Clone, Default)]
pub struct NewSite {
    /// Its id, when it has one already.
    pub id: Option<SiteId>,
    /// Its name.
    pub name: String,
    /// Addresses: host and path prefix.
    pub urls: Vec<String>,
    /// Statement descriptors.
    pub descriptors: Vec<String>,
    /// Takes what matches no other site; the first site of a merchant always does.
    pub is_default: bool,
    /// Merchant category code.
    pub mcc: Option<String>,
    /// Browser origins.
    pub allowed_origins: Vec<String>,
    /// The widget's look.
    pub ui: Ui,
    /// Settings that differ.
    pub overrides: Overrides,
}

impl Engine {
    /// Sites of a merchant.
    pub async fn sites(&self, mid: Mid) -> Result<Vec<Site>> {
        Ok(self.store.sites(mid).await?)
    }

    /// A site; not found when there is none.
    pub async fn site(&self, id: SiteId) -> Result<Site> {
        self.store.site(id).await?.ok_or(Error::NotFound)
    }
}
