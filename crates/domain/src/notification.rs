//! What a processor told of its own accord, and what was made of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{id::ProcessorId, time::Timestamp};

crate::words! {
    /// What was made of a notification.
    pub enum Outcome {
        /// It settled something.
        Applied = "applied",
        /// It said what was known.
        Repeated = "repeated",
        /// It contradicts what is settled: kept for the operator, never applied.
        Contradicting = "contradicting",
        /// What it is about is not known, or is not this account's.
        Unknown = "unknown",
        /// Its kind is not known.
        Ignored = "ignored",
    }
}

/// One notification of a processor account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// The account.
    pub processor: ProcessorId,
    /// The sender's id of it; one notification has one id, however often it is sent.
    pub id: String,
    /// Its kind, in the sender's word.
    pub kind: String,
    /// The attempt or refund it is about.
    pub subject: Option<Uuid>,
    /// What was made of it.
    pub outcome: Outcome,
    /// What it said, in short; holds no card data.
    pub detail: String,
    /// When it came, UTC, real time.
    pub received_at: Timestamp,
}
