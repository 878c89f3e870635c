//! Portal users (`wire-api` §10.3).

use domain::time::Timestamp;
use engine::users::Seen;
use schemars::JsonSchema;
use serde::Serialize;

/// A portal user.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "User")]
pub struct Body<'a> {
    /// Id.
    id: String,
    /// First name.
    first_name: &'a str,
    /// Last name.
    last_name: &'a str,
    /// Phone.
    phone: &'a str,
    /// E-mail address; never changes.
    email: &'a str,
    /// Names, e-mail and phone of customers are masked for this user.
    mask_pii: bool,
    /// `owner admin finance developer support viewer`.
    role: &'static str,
    /// Its merchants; empty for staff of a partner or of the operator.
    mids: Vec<String>,
    /// `INVITED ACTIVE BLOCKED`.
    status: &'static str,
    /// Whether a login needs a second factor.
    mfa_enabled: bool,
    /// Last login, UTC.
    last_login_on: Option<String>,
    /// Language tag.
    language: Option<&'a str>,
    /// IANA time zone.
    timezone_name: Option<&'a str>,
    /// Its partner, for staff of a partner.
    partner_id: Option<String>,
    /// How far its sessions reach: `production` (both environments) or `sandbox` alone.
    environment: &'static str,
    /// Since when, UTC.
    created_on: String,
}

impl<'a> From<&'a Seen> for Body<'a> {
    fn from(seen: &'a Seen) -> Self {
        let user = &seen.user;
        Self {
            id: user.id.to_string(),
            first_name: &user.first_name,
            last_name: &user.last_name,
            phone: &user.phone,
            email: &user.email,
            mask_pii: user.mask_pii,
            role: user.role.as_str(),
            mids: user.house.mids().iter().map(ToString::to_string).collect(),
            status: user.status().as_str(),
            mfa_enabled: user.second_factor.is_on(),
            last_login_on: seen.last_login_at.map(Timestamp::iso6),
            language: user.language.as_deref(),
            timezone_name: user.timezone.as_deref(),
            partner_id: user.house.partner().map(|partner| partner.to_string()),
            environment: user.reach.as_str(),
            created_on: user.created_at.iso6(),
        }
    }
}
