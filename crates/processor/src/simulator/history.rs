//! What the book says about the order (and, for simulated issuers, the card) before an attempt.

use std::time::Duration;

use domain::time::Timestamp;

use super::judgement::Telling;

/// An earlier attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Earlier {
    pub at: Timestamp,
    pub approved: bool,
    /// Held or taken: what was approved and not voided, 0 otherwise.
    pub standing_minor: i64,
    pub asked_minor: i64,
    pub code: String,
    pub advice: Option<String>,
    pub telling: Telling,
    pub credential_version: u32,
    /// How often it was sent; more than once only when the issuer was never reached.
    pub sends: u32,
}

/// Earlier attempts, oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    /// When the order came in, if told, else its first attempt.
    pub opened: Option<Timestamp>,
    pub attempts: Vec<Earlier>,
}

impl History {
    pub(crate) fn new(placed_at: Timestamp, attempts: Vec<Earlier>) -> Self {
        let told = (placed_at != Timestamp::EPOCH).then_some(placed_at);
        Self { opened: told.or_else(|| attempts.first().map(|earlier| earlier.at)), attempts }
    }

    /// The number of the attempt now being made: 1 is the first.
    pub(crate) fn next_number(&self) -> u32 {
        1 + self.attempts.iter().map(|earlier| earlier.sends).sum::<u32>()
    }

    /// The latest of the order's arrival and its attempts.
    pub(crate) fn last_decline_at(&self) -> Option<Timestamp> {
        self.attempts.iter().map(|earlier| earlier.at).max().max(self.opened)
    }

    /// Whether at least `wait` has passed since the last decline; what was never told counts as passed.
    pub(crate) fn waited(&self, wait: Duration, at: Timestamp) -> bool {
        self.last_decline_at().is_none_or(|last| at >= last + wait)
    }

    /// Declines that reached the issuer.
    pub(crate) fn declines(&self) -> impl DoubleEndedIterator<Item = &Earlier> {
        self.attempts.iter().filter(|earlier| !earlier.approved && !earlier.telling.never_reached_issuer())
    }

    /// Whether another approval would take more than the order's amount, the largest ever asked for.
    pub(crate) fn would_overcharge(&self, asked_minor: i64, approved_minor: i64) -> bool {
        let standing: i64 = self.attempts.iter().map(|earlier| earlier.standing_minor).sum();
        let due = self.attempts.iter().map(|earlier| earlier.asked_minor).max().unwrap_or(0).max(asked_minor);
        standing > 0 && standing.saturating_add(approved_minor) > due
    }
}
