//! Sites.

use domain::{
    bounds::SITES_PER_MERCHANT_MAX,
    change::{ChangeSet, Write},
    channel::Modes,
    fault::Faults,
    id::{Mid, SiteId},
    settings::Overrides,
    site::{self, MatchedBy, Site},
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
    /// Settings that differ.
    pub overrides: Overrides,
}

impl Engine {
    /// Makes a site.
    pub async fn create_site(&self, mid: Mid, new: NewSite) -> Result<Site> {
        self.merchant(mid).await?;
        let sisters = self.store.sites(mid).await?;
        check(&sisters, &new)?;
        let now = self.clock.now();
        let first = !sisters.iter().any(|sister| sister.is_default && !sister.archived);
        let site = Site {
            id: new.id.unwrap_or_else(|| SiteId::at(now, self.random.bytes())),
            mid,
            name: new.name.trim().to_owned(),
            urls: new.urls,
            descriptors: new.descriptors,
            is_default: new.is_default || first,
            mcc: new.mcc,
            allowed_origins: new.allowed_origins,
            modes: Modes::all(None),
            overrides: new.overrides,
            archived: false,
            created_at: now,
        };
        if self.store.site(site.id).await?.is_some() {
            return Err(Error::Taken("A site has this id already.".into()));
        }
        let mut set = ChangeSet::new();
        // One default per merchant: the new one takes it over.
        for sister in sisters.into_iter().filter(|sister| sister.is_default && site.is_default) {
            set.push(Write::PutSite(Box::new(Site { is_default: false, ..sister })));
        }
        set.push(Write::PutSite(Box::new(site.clone())));
        self.store.apply(set).await?;
        self.refresh_registry().await?;
        Ok(site)
    }

    /// Stores a site as it now is.
    pub async fn put_site(&self, site: Site) -> Result<Site> {
        self.store.apply(ChangeSet::new().with(Write::PutSite(Box::new(site.clone())))).await?;
        self.refresh_registry().await?;
        Ok(site)
    }

    /// Sites of a merchant.
    pub async fn sites(&self, mid: Mid) -> Result<Vec<Site>> {
        Ok(self.store.sites(mid).await?)
    }

    /// A site; not found when there is none.
    pub async fn site(&self, id: SiteId) -> Result<Site> {
        self.store.site(id).await?.ok_or(Error::NotFound)
    }
}

/// A url or descriptor that a sister site has is refused: resolution would be a guess.
fn check(sisters: &[Site], new: &NewSite) -> Result<()> {
    let mut faults = Faults::new();
    if new.name.trim().is_empty() {
        faults.required("Name");
    }
    if sisters.len() >= SITES_PER_MERCHANT_MAX {
        faults.too_many("Sites", SITES_PER_MERCHANT_MAX);
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let own = |url: Option<&str>, descriptor: Option<&str>, by: MatchedBy| {
        site::resolve(sisters, None, url, descriptor).is_ok_and(|(_, found)| found == by)
    };
    let same_url = |url: &String| sisters.iter().any(|sister| !sister.archived && sister.urls.contains(url));
    if let Some(url) = new.urls.iter().find(|url| same_url(url)) {
        return Err(Error::Taken(format!("Another site has the address {url}.")));
    }
    if let Some(descriptor) = new.descriptors.iter().find(|text| own(None, Some(text), MatchedBy::Descriptor)) {
        return Err(Error::Taken(format!("Another site has the descriptor {descriptor}.")));
    }
    Ok(())
}
