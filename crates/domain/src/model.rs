//! Learnt models: versioned, kept for ever (old decisions are explained by the model that made them), one live per kind.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

crate::words! {
    /// What a model is for.
    pub enum Kind {
        /// When to retry.
        Retry = "retry",
        /// How likely a payment is fraud.
        Risk = "risk",
    }
}

crate::words! {
    /// How far a model has come.
    pub enum State {
        /// Learnt, not better for certain than the one in use.
        Candidate = "candidate",
        /// In use.
        Live = "live",
        /// Was in use.
        Retired = "retired",
    }
}

/// One version of one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// What it is for.
    pub kind: Kind,
    /// Its version, unique within the kind.
    pub version: String,
    /// How far it has come.
    pub state: State,
    /// When it was learnt, UTC.
    pub created_at: Timestamp,
    /// When its state last changed, UTC.
    pub changed_at: Timestamp,
    /// How it was judged: rows learnt from, estimates and bounds, the reason of its state (JSON).
    pub report: serde_json::Value,
    /// The model in its own versioned format.
    #[serde(skip)]
    pub body: Vec<u8>,
}
