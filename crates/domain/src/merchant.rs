//! Merchants.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Mode,
    channel::Modes,
    id::{Mid, PartnerId},
    settings::Settings,
    time::Timestamp,
};

/// A merchant: one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Merchant {
    /// The wire's `mid`.
    pub id: Mid,
    /// The partner that onboarded it, if any.
    pub partner: Option<PartnerId>,
    /// Trading name.
    pub name: String,
    /// ISO 3166 alpha-2 country of the acceptor; decides regional network rules.
    pub country: String,
    /// Merchant category code, four digits.
    pub mcc: Option<String>,
    /// Whether its orders are worked.
    pub active: bool,
    /// Settings.
    pub settings: Settings,
    /// Channel modes.
    pub modes: Modes<Mode>,
    /// Since when, UTC.
    pub created_at: Timestamp,
}
