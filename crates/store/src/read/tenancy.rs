//! Lists of merchants and sites, partner grants, and the audit trail.

use domain::{
    audit::{Entry, Topic},
    channel::Channel,
    id::{Mid, PartnerId, SiteId},
    merchant::Merchant,
    partner::Grant,
    site::Site,
    time::Timestamp,
};

use crate::{
    Error, Page, PageAt, Sort, Store,
    sqlite::{audit, grants, merchants, sites},
};

/// What merchants are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MerchantBy {
    /// When they were made.
    #[default]
    CreatedOn,
    /// Trading name.
    Name,
    /// Inactive ones apart from active ones.
    Status,
}

/// Which merchants; every member narrows the list, an absent one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantFilter {
    /// Only these; `None`: all of them (the operator). An empty list matches nothing.
    pub mids: Option<Vec<Mid>>,
    /// Part of a name, the website or the id; case does not matter.
    pub query: Option<String>,
    /// Whether their orders are worked.
    pub active: Option<bool>,
    /// Made at or after, UTC.
    pub created_from: Option<Timestamp>,
    /// Made at or before, UTC.
    pub created_to: Option<Timestamp>,
    /// Sorted by.
    pub order_by: MerchantBy,
    /// Direction.
    pub sort: Sort,
    /// Page.
    pub page: PageAt,
}

/// What sites are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SiteBy {
    /// When they were made.
    #[default]
    CreatedOn,
    /// Their names.
    Name,
}

/// Which sites; every member narrows the list, an absent one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFilter {
    /// Tenants; `None`: all of them (the operator). An empty list matches nothing.
    pub mids: Option<Vec<Mid>>,
    /// Archived or not.
    pub archived: Option<bool>,
    /// Made at or after, UTC.
    pub created_from: Option<Timestamp>,
    /// Made at or before, UTC.
    pub created_to: Option<Timestamp>,
    /// Sorted by.
    pub order_by: SiteBy,
    /// Direction.
    pub sort: Sort,
    /// Page.
    pub page: PageAt,
}

/// Which entries of the audit trail; every member narrows the list, an absent one does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// About any of these merchants, or about the partner below; `None`: about everybody (the operator).
    pub mids: Option<Vec<Mid>>,
    /// About this partner.
    pub partner: Option<PartnerId>,
    /// About any of these topics; none: any.
    pub topics: Vec<Topic>,
    /// By somebody whose name holds this text, whatever its case.
    pub author: Option<String>,
    /// At or after, UTC.
    pub from: Option<Timestamp>,
    /// At or before, UTC.
    pub to: Option<Timestamp>,
    /// Page.
    pub page: PageAt,
}

impl Store {
    /// One page of the audit trail, newest first.
    pub async fn audit_list(&self, filter: AuditFilter) -> Result<Page<Entry>, Error> {
        self.engine.list(move |db| audit::list(db, &filter)).await
    }

    /// One page of merchants.
    pub async fn merchant_list(&self, filter: MerchantFilter) -> Result<Page<Merchant>, Error> {
        self.engine.list(move |db| merchants::list(db, &filter)).await
    }

    /// One page of sites.
    pub async fn site_list(&self, filter: SiteFilter) -> Result<Page<Site>, Error> {
        self.engine.list(move |db| sites::list(db, &filter)).await
    }

    /// Which partners a merchant consented to, oldest first.
    pub async fn grants_of_merchant(&self, mid: Mid) -> Result<Vec<Grant>, Error> {
        self.engine.read(|db| grants::of_merchant(db, mid)).await
    }

    /// Which merchants consented to a partner, oldest first.
    pub async fn grants_of_partner(&self, partner: PartnerId) -> Result<Vec<Grant>, Error> {
        self.engine.list(move |db| grants::of_partner(db, partner)).await
    }

    /// The audit trail of a merchant, or of what is held for every merchant, about a topic or about everything; newest first.
    pub async fn audit(
        &self,
        mid: impl Into<Option<Mid>>,
        topic: impl Into<Option<Topic>>,
        at: PageAt,
    ) -> Result<Page<Entry>, Error> {
        let (mid, topic) = (mid.into(), topic.into());
        self.engine.list(move |db| audit::of(db, mid, topic, at)).await
    }

    /// The last switch of a channel of a site, or of the merchant itself.
    pub async fn last_switch(&self, mid: Mid, site: Option<SiteId>, channel: Channel) -> Result<Option<Entry>, Error> {
        self.engine.read(|db| audit::last_switch(db, mid, site, channel)).await
    }
}
