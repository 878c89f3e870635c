//! What models learn from: an attempt, with what was known before it.

use domain::{decline::Answer, time::Timestamp};
use serde::{Deserialize, Serialize};

use crate::snapshot::Snapshot;

/// One attempt and its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trial {
    /// The case as it was known when the attempt was made; its `now` is not after `at`.
    pub case: Snapshot,
    /// When the attempt was made, UTC.
    pub at: Timestamp,
    /// What the issuer said.
    pub answer: Answer,
    /// Whether it approved.
    pub approved: bool,
    /// Probability with which the moment was chosen, 0–1; 1 when it was not drawn.
    pub propensity: f64,
}
