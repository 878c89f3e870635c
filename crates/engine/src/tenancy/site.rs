//! Sites, as their owners manage them, and what a transaction would resolve to.

use domain::{
    bounds::SITES_PER_MERCHANT_MAX,
    change::{ChangeSet, Write},
    channel::Modes,
    fault::Faults,
    id::{Mid, SiteId},
    patch::Patch,
    settings,
    site::{self, MatchedBy, Site, Ui},
};
use store::{Page, SiteFilter};

use super::touched;
use crate::{Engine, Error, Precondition, Principal, Result, admin::NewSite};

/// What a caller says of a site; absent members keep or default.
#[derive(Debug, Clone, Default)]
pub struct SiteDraft {
    /// Its id, when it has one already; only for a new one.
    pub id: Option<SiteId>,
    /// Its merchant; fixed.
    pub mid: Option<Mid>,
    /// Its name.
    pub name: Option<String>,
    /// Addresses: host and path prefix.
    pub urls: Option<Vec<String>>,
    /// Statement descriptors; the first is sent to the processor.
    pub descriptors: Option<Vec<String>>,
    /// Merchant category code.
    pub mcc: Patch<String>,
    /// Takes what matches no other site.
    pub is_default: Option<bool>,
    /// Browser origins.
    pub allowed_origins: Option<Vec<String>>,
    /// The widget's look.
    pub ui: UiDraft,
    /// Settings that differ from the merchant's.
    pub settings: settings::Draft,
}

/// Changes of the widget's look.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "as in the site")]
pub struct UiDraft {
    pub logo_url: Patch<String>,
    pub primary_color: Patch<String>,
    pub text_color: Patch<String>,
    pub locale: Patch<String>,
    pub success_url: Patch<String>,
    pub fail_url: Patch<String>,
}

/// What a transaction would resolve to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// The site.
    pub site: SiteId,
    /// By which rule.
    pub matched_by: MatchedBy,
}

impl Engine {
    /// One page of the sites of the merchants that the caller may act for.
    pub async fn list_sites(&self, principal: &Principal, named: Option<Mid>, filter: SiteFilter) -> Result<Page<Site>> {
        principal.require_read("sites")?;
        let mids = self.visible_merchants(principal, named).await?;
        Ok(self.store.site_list(SiteFilter { mids, ..filter }).await?)
    }

    /// A site of the caller's; archived ones too, for orders still name them.
    pub async fn site_of(&self, principal: &Principal, id: SiteId) -> Result<Site> {
        principal.require_read("sites")?;
        self.seen_site(principal, id).await
    }

    pub(super) async fn seen_site(&self, principal: &Principal, id: SiteId) -> Result<Site> {
        let site = self.store.site(id).await?.ok_or(Error::NotFound)?;
        if self.may_act_for(principal, site.mid).await.is_ok() { Ok(site) } else { Err(Error::NotFound) }
    }

    /// Makes a site.
    pub async fn add_site(&self, principal: &Principal, draft: SiteDraft, mut faults: Faults) -> Result<Site> {
        principal.require("sites")?;
        self.admit()?;
        let mid = self.merchant_for(principal, draft.mid, &mut faults).await?;
        draft.settings.check("Settings.", &mut faults);
        blank_site(mid.unwrap_or(Mid::from_bytes([0; 16]))).amended(&draft).check(&mut faults);
        let (Some(mid), true) = (mid, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let new = blank_site(mid).amended(&draft);
        let new = NewSite {
            id: draft.id,
            name: new.name,
            urls: new.urls,
            descriptors: new.descriptors,
            is_default: new.is_default,
            mcc: new.mcc,
            allowed_origins: new.allowed_origins,
            ui: new.ui,
            overrides: new.overrides,
        };
        self.create_site(mid, new).await
    }

    /// Makes a site for a merchant; the first of a merchant is its default.
    pub async fn create_site(&self, mid: Mid, new: NewSite) -> Result<Site> {
        let now = self.clock.now();
        let site = Site {
            id: new.id.unwrap_or_else(|| SiteId::at(now, self.random.bytes())),
            version: 1,
            mid,
            name: new.name.trim().to_owned(),
            urls: new.urls,
            descriptors: new.descriptors,
            is_default: new.is_default,
            mcc: new.mcc,
            allowed_origins: new.allowed_origins,
            ui: new.ui,
            modes: Modes::all(None),
            overrides: new.overrides,
            archived: false,
            created_at: now,
        };
        let mut faults = Faults::new();
        site.check(&mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.amend(|| async {
            let merchant = self.merchant(mid).await?;
            let sisters = self.store.sites(mid).await?;
            if sisters.len() >= SITES_PER_MERCHANT_MAX {
                let message = format!("A merchant has at most {SITES_PER_MERCHANT_MAX} sites.");
                return Err(Error::State { message, order: None });
            }
            if self.store.site(site.id).await?.is_some() {
                return Err(Error::Taken("A site has this id already.".into()));
            }
            let first = !sisters.iter().any(|sister| sister.is_default && !sister.archived);
            let site = Site { is_default: site.is_default || first, ..site.clone() };
            unclashed(&site, &sisters)?;
            let mut set = ChangeSet::new().with(touched(&merchant));
            yield_default(&site, sisters, &mut set);
            set.push(Write::PutSite(Box::new(site.clone())));
            Ok((set, site))
        })
        .await
    }

    /// Changes a site.
    pub async fn amend_site(
        &self,
        principal: &Principal,
        id: SiteId,
        draft: SiteDraft,
        mut faults: Faults,
        known: &Precondition,
    ) -> Result<Site> {
        principal.require("sites")?;
        self.admit()?;
        let before = self.seen_site(principal, id).await?;
        if draft.id.is_some_and(|new| new != id) {
            faults.invalid("Id");
        }
        if draft.mid.is_some_and(|mid| mid != before.mid) {
            faults.invalid("Mid");
        }
        draft.settings.check("Settings.", &mut faults);
        before.amended(&draft).check(&mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.change_site(id, known, |site| Ok(site.amended(&draft))).await
    }

    /// Archives a site: it matches nothing any more. Doing it again changes nothing.
    pub async fn archive_site(&self, principal: &Principal, id: SiteId, known: &Precondition) -> Result<Site> {
        principal.require("sites")?;
        self.admit()?;
        let site = self.seen_site(principal, id).await?;
        if site.archived {
            known.check(site.version)?;
            return Ok(site);
        }
        self.change_site(id, known, |site| {
            if site.is_default {
                let message = "The default site cannot be archived; make another one the default first.".into();
                return Err(Error::State { message, order: None });
            }
            Ok(Site { archived: true, ..site.clone() })
        })
        .await
    }

    /// Changes a site by a function, under everything that holds among the sites of a merchant.
    pub async fn change_site(&self, id: SiteId, known: &Precondition, change: impl Fn(&Site) -> Result<Site>) -> Result<Site> {
        self.amend(|| async {
            let before = self.site(id).await?;
            let merchant = self.merchant(before.mid).await?;
            known.check(before.version)?;
            let refused = |message: &str| Err(Error::State { message: message.into(), order: None });
            if before.archived {
                return refused("The site is archived.");
            }
            let mut site = change(&before)?;
            if before.is_default && !site.is_default {
                return refused("A merchant has one default site; make another one the default instead.");
            }
            site.version = before.version + 1;
            let mut set = ChangeSet::new().with(touched(&merchant));
            let sisters = self.store.sites(before.mid).await?;
            if !site.archived {
                unclashed(&site, &sisters)?;
            }
            yield_default(&site, sisters, &mut set);
            set.push(Write::PutSite(Box::new(site.clone())));
            Ok((set, site))
        })
        .await
    }

    /// What a transaction with this address and descriptor would resolve to.
    pub async fn resolve_site(
        &self,
        principal: &Principal,
        named: Option<Mid>,
        url: Option<&str>,
        descriptor: Option<&str>,
        mut faults: Faults,
    ) -> Result<Resolved> {
        principal.require_read("sites")?;
        let mid = self.merchant_for(principal, named, &mut faults).await?;
        let (Some(mid), true) = (mid, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let tenant = self.tenants.get(mid).await?.ok_or(Error::ForeignMerchant)?;
        match site::resolve(&tenant.sites, None, url, descriptor) {
            Ok((site, matched_by)) => Ok(Resolved { site: site.id, matched_by }),
            Err(_) => Err(Error::NotFound),
        }
    }
}

trait Amended {
    fn amended(&self, draft: &SiteDraft) -> Self;
}

impl Amended for Site {
    fn amended(&self, draft: &SiteDraft) -> Self {
        let trimmed = |texts: &Vec<String>| texts.iter().map(|text| text.trim().to_owned()).collect();
        let ui = draft.ui.clone();
        Self {
            name: draft.name.as_ref().map_or_else(|| self.name.clone(), |name| name.trim().to_owned()),
            urls: draft.urls.as_ref().map_or_else(|| self.urls.clone(), trimmed),
            descriptors: draft.descriptors.as_ref().map_or_else(|| self.descriptors.clone(), trimmed),
            mcc: draft.mcc.clone().over(self.mcc.clone()),
            is_default: draft.is_default.unwrap_or(self.is_default),
            allowed_origins: draft.allowed_origins.as_ref().map_or_else(|| self.allowed_origins.clone(), trimmed),
            ui: Ui {
                logo_url: ui.logo_url.over(self.ui.logo_url.clone()),
                primary_color: ui.primary_color.over(self.ui.primary_color.clone()),
                text_color: ui.text_color.over(self.ui.text_color.clone()),
                locale: ui.locale.over(self.ui.locale.clone()),
                success_url: ui.success_url.over(self.ui.success_url.clone()),
                fail_url: ui.fail_url.over(self.ui.fail_url.clone()),
            },
            overrides: draft.settings.clone().amend_site(&self.overrides),
            ..self.clone()
        }
    }
}

fn blank_site(mid: Mid) -> Site {
    Site {
        id: SiteId::from_bytes([0; 16]),
        version: 1,
        mid,
        name: String::new(),
        urls: vec![],
        descriptors: vec![],
        is_default: false,
        mcc: None,
        allowed_origins: vec![],
        ui: Ui::default(),
        modes: Modes::all(None),
        overrides: settings::Overrides::default(),
        archived: false,
        created_at: domain::time::Timestamp::EPOCH,
    }
}

fn unclashed(site: &Site, sisters: &[Site]) -> Result<()> {
    site.clash(sisters).map_or(Ok(()), |clash| Err(Error::Taken(clash.to_string())))
}

/// One default per merchant: a new one takes it over.
fn yield_default(site: &Site, sisters: Vec<Site>, set: &mut ChangeSet) {
    let former = |sister: &Site| sister.is_default && site.is_default && sister.id != site.id;
    for sister in sisters.into_iter().filter(former) {
        set.push(Write::PutSite(Box::new(Site { is_default: false, version: sister.version + 1, ..sister })));
    }
}
