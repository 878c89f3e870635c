//! Sites: where a merchant sells.

use serde::{Deserialize, Serialize};

use super::page::Page;
use crate::{Client, Error, request::requests};

requests! {
    /// Which sites.
    pub struct SiteQuery {}
    optional {
        /// From 1.
        page_number: u32,
        /// At most 200.
        page_size: u32,
        /// One merchant only.
        mid: String,
        /// Those that were archived too.
        archived: bool,
    }

    /// A site to add.
    pub struct SiteDraft {
        /// Its name.
        name: String,
    }
    optional {
        /// Keeps an id that is known elsewhere.
        id: String,
        /// The merchant; must be given by partners.
        mid: String,
        /// Its addresses.
        urls: Vec<String>,
        /// What stands on statements.
        descriptors: Vec<String>,
        /// Merchant category code.
        mcc: String,
        /// For what matches no other.
        is_default: bool,
        /// Origins of its pages.
        allowed_origins: Vec<String>,
        /// Of its widget.
        ui: SiteUiDraft,
    }

    /// How a widget is to look.
    pub struct SiteUiDraft {}
    optional {
        /// https.
        logo_url: String,
        /// `#rrggbb`.
        primary_color: String,
        /// `#rrggbb`.
        text_color: String,
        /// Language.
        locale: String,
        /// Where success leads.
        success_url: String,
        /// Where failure leads.
        fail_url: String,
    }

    /// Where something was sold.
    pub struct Where {}
    optional {
        /// The merchant; must be given by partners.
        mid: String,
        /// Address of the page.
        site_url: String,
        /// What stands on the statement.
        descriptor: String,
    }
}

/// A site.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// Its id.
    pub id: String,
    /// The merchant.
    pub mid: String,
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub urls: Vec<String>,
    /// What stands on statements.
    pub descriptors: Vec<String>,
    /// Merchant category code.
    pub mcc: Option<String>,
    /// For what matches no other.
    pub is_default: bool,
    /// Origins of its pages.
    pub allowed_origins: Vec<String>,
    /// Of its widget.
    pub ui: SiteUi,
    /// No longer used.
    pub archived: bool,
    /// When it was added.
    pub created_on: String,
}

/// How a widget looks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteUi {
    /// https.
    pub logo_url: Option<String>,
    /// `#rrggbb`.
    pub primary_color: Option<String>,
    /// `#rrggbb`.
    pub text_color: Option<String>,
    /// Language.
    pub locale: Option<String>,
    /// Where success leads.
    pub success_url: Option<String>,
    /// Where failure leads.
    pub fail_url: Option<String>,
}

/// The site of something that was sold.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolvedSite {
    /// The site.
    pub site_id: String,
    /// It was told, not assumed.
    pub site_resolved: bool,
    /// `siteUrl`, `descriptor` or `default`.
    pub matched_by: String,
}

impl Client {
    /// `GET /v1/sites`.
    pub async fn sites(&self, query: &SiteQuery) -> Result<Page<Site>, Error> {
        self.get("/v1/sites").asking(query).json().await
    }

    /// `POST /v1/sites`.
    pub async fn create_site(&self, draft: &SiteDraft, idempotency_key: Option<&str>) -> Result<Site, Error> {
        self.post("/v1/sites").with(draft).under(idempotency_key).json().await
    }

    /// `GET /v1/sites/{siteId}`.
    pub async fn site(&self, id: &str) -> Result<Site, Error> {
        self.get("/v1/sites/{siteId}").at(id).json().await
    }

    /// `DELETE /v1/sites/{siteId}`: it stays for its orders.
    pub async fn archive_site(&self, id: &str) -> Result<(), Error> {
        self.delete("/v1/sites/{siteId}").at(id).done().await
    }

    /// `GET /v1/sites/resolve`: which site a payment would be filed under.
    pub async fn resolve_site(&self, sold: &Where) -> Result<ResolvedSite, Error> {
        self.get("/v1/sites/resolve").asking(sold).json().await
    }
}
