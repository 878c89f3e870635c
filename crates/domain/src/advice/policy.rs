//! What the caller of an advice wants, and the limits of it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Hours;
use crate::time::{MINUTE, Timestamp};

/// The caller's bounds: kept beside the rules, never instead of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Nothing is advised from then on, UTC.
    pub deadline: Timestamp,
    /// Attempts that may be reported.
    pub max_attempts: u32,
    /// Shortest time between two attempts, minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_interval_minutes: Option<u32>,
    /// Hours of the cardholder's day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_hours: Option<Hours>,
    /// A part may be collected, and the rest stays due.
    pub allow_partial: bool,
    /// The caller's ways to charge, the preferred first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<String>,
    /// How long before the moment `retry.due` is sent, seconds.
    pub lead_secs: u32,
}

impl Policy {
    /// Attempts when the caller names no number.
    pub const ATTEMPTS_DEFAULT: u32 = 8;
    /// Attempts at most.
    pub const ATTEMPTS_MAX: u32 = 20;
    /// Longest interval between attempts, minutes: the longest period.
    pub const MIN_INTERVAL_MINUTES_MAX: u32 = 60 * 24 * 60;
    /// Routes of one advice.
    pub const ROUTES_MAX: usize = 20;
    /// Lead of `retry.due` when the caller names none, seconds.
    pub const LEAD_SECS_DEFAULT: u32 = 60;
    /// Longest lead of `retry.due`, seconds.
    pub const LEAD_SECS_MAX: u32 = 86_400;

    /// How long before the moment `retry.due` is sent.
    pub const fn lead(&self) -> Duration {
        Duration::from_secs(self.lead_secs as u64)
    }

    /// Shortest time between two attempts.
    pub fn min_gap(&self) -> Option<Duration> {
        self.min_interval_minutes.map(|minutes| MINUTE * minutes)
    }
}
