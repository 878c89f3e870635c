//! Partners: platforms that act for many merchants.

use serde::{Deserialize, Serialize};

use crate::{id::PartnerId, time::Timestamp};

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
