//! Channel modes and the trail of their switches (`wire-api` §5.8, §10.2).

use domain::{
    audit::{Entry, What},
    channel::{Channel, Mode},
    time::Timestamp,
};
use engine::tenancy::ChannelState;
use schemars::JsonSchema;
use serde::Serialize;

use crate::read::INHERIT;

/// The channels of a merchant.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MerchantChannels")]
pub struct OfMerchant {
    /// Customers on the web.
    cit_web: Set,
    /// Customers on the phone.
    cit_call_center: Set,
    /// Rebills.
    mit: Set,
}

/// What a merchant's channel is set to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MerchantChannel")]
struct Set {
    /// `off sandbox production`.
    mode: &'static str,
}

/// The channels of a site.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SiteChannels")]
pub struct OfSite {
    /// Customers on the web.
    cit_web: Followed,
    /// Customers on the phone.
    cit_call_center: Followed,
    /// Rebills.
    mit: Followed,
}

/// What a site's channel is set to, and what that means.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SiteChannel")]
struct Followed {
    /// `off sandbox production inherit`.
    mode: &'static str,
    /// What is in force: `off sandbox production`.
    effective_mode: &'static str,
    /// When it was last switched, UTC; null: never.
    changed_on: Option<String>,
    /// Who switched it last.
    changed_by: Option<String>,
}

impl From<&ChannelState> for OfMerchant {
    fn from(of: &ChannelState) -> Self {
        let set = |channel| Set { mode: of.in_force.get(channel).as_str() };
        Self { cit_web: set(Channel::CitWeb), cit_call_center: set(Channel::CitCallCenter), mit: set(Channel::Mit) }
    }
}

impl From<&ChannelState> for OfSite {
    fn from(of: &ChannelState) -> Self {
        let followed = |channel: Channel| {
            let place = Channel::ALL.iter().position(|known| *known == channel);
            let last = place.and_then(|place| of.last.get(place)).and_then(Option::as_ref);
            Followed {
                mode: word(of.modes.get(channel)),
                effective_mode: of.in_force.get(channel).as_str(),
                changed_on: last.map(|entry| entry.at.iso6()),
                changed_by: last.map(|entry| entry.by.name.clone()),
            }
        };
        Self {
            cit_web: followed(Channel::CitWeb),
            cit_call_center: followed(Channel::CitCallCenter),
            mit: followed(Channel::Mit),
        }
    }
}

/// One switch.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ChannelSwitch")]
pub struct Switched {
    /// Id of the entry.
    id: String,
    /// When, UTC.
    changed_on: String,
    /// The merchant.
    mid: String,
    /// The site; null: the merchant itself.
    site_id: Option<String>,
    /// `cit_web cit_call_center mit`.
    channel: Option<&'static str>,
    /// The mode before: `off sandbox production inherit`.
    from: &'static str,
    /// The mode since.
    to: &'static str,
    /// Who: the name of the API client or the person at that moment.
    changed_by: String,
    /// On whose behalf: `merchant partner operator`.
    role: &'static str,
    /// The API client, when it was one.
    client_id: Option<String>,
    /// The portal user, when it was one.
    user_id: Option<String>,
}

impl From<&Entry> for Switched {
    fn from(of: &Entry) -> Self {
        let (from, to) = match &of.what {
            What::Channel { from, to, .. } => (word(*from), word(*to)),
            _ => ("", ""),
        };
        Self {
            id: of.id.to_string(),
            changed_on: Timestamp::iso6(of.at),
            mid: of.mid.map(|mid| mid.to_string()).unwrap_or_default(),
            site_id: of.what.site().map(|site| site.to_string()),
            channel: of.what.channel().map(Channel::as_str),
            from,
            to,
            changed_by: of.by.name.clone(),
            role: of.by.role.as_str(),
            client_id: of.by.client.map(|client| client.to_string()),
            user_id: of.by.user.map(|user| user.to_string()),
        }
    }
}

fn word(mode: Option<Mode>) -> &'static str {
    mode.map_or(INHERIT, Mode::as_str)
}
