//! Sites (`wire-api` §10.2).

use domain::{
    settings::{Overrides, window_text},
    site,
};
use engine::tenancy::Resolved;
use schemars::JsonSchema;
use serde::Serialize;

/// A site.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Site")]
pub struct Site<'a> {
    /// Its id.
    id: String,
    /// Its merchant.
    mid: String,
    /// Its name.
    name: &'a str,
    /// Addresses: host and path prefix.
    urls: &'a [String],
    /// Statement descriptors; the first is sent to the processor.
    descriptors: &'a [String],
    /// Merchant category code, when it differs from the merchant's.
    mcc: Option<&'a str>,
    /// Takes what matches no other site.
    is_default: bool,
    /// Browser origins that may call `/tokenize` and `/sense`.
    allowed_origins: &'a [String],
    /// The widget's look.
    ui: Ui<'a>,
    /// What differs from the merchant's settings; null inherits.
    settings: SiteSettings,
    /// Archived sites match nothing.
    archived: bool,
    /// Since when, UTC.
    created_on: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SiteUi")]
struct Ui<'a> {
    logo_url: Option<&'a str>,
    primary_color: Option<&'a str>,
    text_color: Option<&'a str>,
    locale: Option<&'a str>,
    success_url: Option<&'a str>,
    fail_url: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SiteSettings")]
struct SiteSettings {
    mit_mode: Option<&'static str>,
    rescue_window_days: Option<u16>,
    sync_background: Option<bool>,
    auth_capture: Option<bool>,
    capture_window: Option<String>,
    challenge_enabled: Option<bool>,
    challenge_ttl_minutes: Option<u16>,
}

impl<'a> From<&'a site::Site> for Site<'a> {
    fn from(of: &'a site::Site) -> Self {
        let ui = &of.ui;
        Self {
            id: of.id.to_string(),
            mid: of.mid.to_string(),
            name: &of.name,
            urls: &of.urls,
            descriptors: &of.descriptors,
            mcc: of.mcc.as_deref(),
            is_default: of.is_default,
            allowed_origins: &of.allowed_origins,
            ui: Ui {
                logo_url: ui.logo_url.as_deref(),
                primary_color: ui.primary_color.as_deref(),
                text_color: ui.text_color.as_deref(),
                locale: ui.locale.as_deref(),
                success_url: ui.success_url.as_deref(),
                fail_url: ui.fail_url.as_deref(),
            },
            settings: overrides(&of.overrides),
            archived: of.archived,
            created_on: of.created_at.iso6(),
        }
    }
}

fn overrides(of: &Overrides) -> SiteSettings {
    SiteSettings {
        mit_mode: of.mit_mode.map(domain::settings::MitMode::as_str),
        rescue_window_days: of.rescue_window_days,
        sync_background: of.sync_background,
        auth_capture: of.auth_capture,
        capture_window: of.capture_window_secs.map(window_text),
        challenge_enabled: of.challenge_enabled,
        challenge_ttl_minutes: of.challenge_ttl_minutes,
    }
}

/// What a transaction would resolve to.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ResolvedSite")]
pub struct Resolution {
    /// The site.
    site_id: String,
    /// Whether a rule matched; false: it is the default.
    site_resolved: bool,
    /// `siteUrl descriptor default`.
    matched_by: &'static str,
}

impl From<Resolved> for Resolution {
    fn from(of: Resolved) -> Self {
        Self {
            site_id: of.site.to_string(),
            site_resolved: of.matched_by != site::MatchedBy::Default,
            matched_by: of.matched_by.as_str(),
        }
    }
}
