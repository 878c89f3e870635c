//! Entries of the blocklist (`wire-api` §10.6).

use domain::{block::Block, time::Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// An entry.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "BlocklistEntry")]
pub struct Body<'a> {
    /// Id.
    id: String,
    /// Merchant.
    mid: String,
    /// `customer paymentInstrument email phone ip bin country`.
    kind: &'static str,
    /// In its normal form; of a payment instrument the fingerprint.
    value: &'a str,
    /// The merchant's note.
    reason: Option<&'a str>,
    /// Until when, UTC; null: for good.
    expires_on: Option<String>,
    /// Since when, UTC.
    created_on: String,
}

impl<'a> From<&'a Block> for Body<'a> {
    fn from(of: &'a Block) -> Self {
        Self {
            id: of.id.to_string(),
            mid: of.mid.to_string(),
            kind: of.kind.as_str(),
            value: &of.value,
            reason: of.reason.as_deref(),
            expires_on: of.expires_at.map(Timestamp::iso6),
            created_on: of.created_at.iso6(),
        }
    }
}

/// What blocking an order added.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "BlockedOrder")]
pub struct OfOrder<'a> {
    /// The order's `orderSessionKey`.
    pub order_id: String,
    /// The entries, the customer's first.
    pub entries: Vec<Body<'a>>,
}
