//! Channels: off, sandbox or production.

use serde::{Deserialize, Serialize};

use crate::{Client, Error, word::words};

words! {
    /// How orders of a channel are worked.
    pub enum Mode {
        /// Not at all.
        Off = "off",
        /// On the sandbox processor.
        Sandbox = "sandbox",
        /// On live routes.
        Production = "production",
        /// As the merchant's (sites only).
        Inherit = "inherit",
    }
}

/// Channels to switch; those left out stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switches {
    /// Shops.
    pub cit_web: Option<Mode>,
    /// Call centres.
    pub cit_call_center: Option<Mode>,
    /// Rebills.
    pub mit: Option<Mode>,
}

impl Serialize for Switches {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = [("cit_web", &self.cit_web), ("cit_call_center", &self.cit_call_center), ("mit", &self.mit)];
        let given =
            all.into_iter().filter_map(|(name, mode)| mode.as_ref().map(|mode| (name, serde_json::json!({"mode": mode}))));
        serializer.collect_map(given)
    }
}

/// The channels of a merchant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MerchantChannels {
    /// Shops.
    pub cit_web: MerchantChannel,
    /// Call centres.
    pub cit_call_center: MerchantChannel,
    /// Rebills.
    pub mit: MerchantChannel,
}

/// A channel of a merchant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MerchantChannel {
    /// How it is switched.
    pub mode: Mode,
}

/// The channels of a site.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SiteChannels {
    /// Shops.
    pub cit_web: SiteChannel,
    /// Call centres.
    pub cit_call_center: SiteChannel,
    /// Rebills.
    pub mit: SiteChannel,
}

/// A channel of a site.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteChannel {
    /// How it is switched.
    pub mode: Mode,
    /// What that comes to.
    pub effective_mode: Mode,
    /// When it was switched.
    pub changed_on: Option<String>,
    /// By whom.
    pub changed_by: Option<String>,
}

impl Client {
    /// `GET /v1/merchants/{mid}/channels`.
    pub async fn merchant_channels(&self, mid: &str) -> Result<MerchantChannels, Error> {
        self.get("/v1/merchants/{mid}/channels").at(mid).json().await
    }

    /// `PUT /v1/merchants/{mid}/channels`.
    pub async fn switch_merchant_channels(&self, mid: &str, switches: &Switches) -> Result<MerchantChannels, Error> {
        self.put("/v1/merchants/{mid}/channels").at(mid).with(switches).json().await
    }

    /// `GET /v1/sites/{siteId}/channels`.
    pub async fn site_channels(&self, id: &str) -> Result<SiteChannels, Error> {
        self.get("/v1/sites/{siteId}/channels").at(id).json().await
    }

    /// `PUT /v1/sites/{siteId}/channels`.
    pub async fn switch_site_channels(&self, id: &str, switches: &Switches) -> Result<SiteChannels, Error> {
        self.put("/v1/sites/{siteId}/channels").at(id).with(switches).json().await
    }
}
