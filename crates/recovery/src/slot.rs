//! A moment that could be used.

use domain::time::Timestamp;

/// A moment that could be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// The moment, UTC.
    pub at: Timestamp,
    /// Chance of success, seen from now.
    pub probability: f64,
    /// Probability with which the policy draws it as the next one.
    pub propensity: f64,
    /// Part of the best set.
    pub wanted: bool,
}

impl Slot {
    /// The one moment of a policy that weighs no others.
    pub const fn only(at: Timestamp, probability: f64) -> Self {
        Self { at, probability, propensity: 1.0, wanted: true }
    }
}
