//! Partners: platforms that act for many merchants.

use serde::{Deserialize, Serialize};

use crate::{
    id::{Mid, PartnerId},
    time::Timestamp,
};

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Partner {
    /// Its id.
    pub id: PartnerId,
    /// Its name.
    pub name: String,
    /// Since when, UTC.
    pub created_at: Timestamp,
    /// Whether its keys work.
    pub active: bool,
}

/// A merchant's consent that a partner which did not onboard it acts for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// The partner.
    pub partner: PartnerId,
    /// The merchant.
    pub mid: Mid,
    /// Since when, UTC.
    pub created_at: Timestamp,
}
