//! Hours and gaps that the caller keeps beside the rules: bounds of its own, never weaker than a network's.
//!
//! A window of local hours is half open, `[from, to)`, in minutes of the cardholder's day; one whose end is not behind
//! its start wraps midnight. The hours are those of the likeliest zone when only the issuer's country is known.

use std::time::Duration;

use domain::time::{MINUTE, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    case::Case,
    jitter::Jitter,
    slot::Slot,
    view::View,
    zone::{DAY_MINUTES, Zone},
};

/// What is moved into a window is spread over its first minutes, so that many payments do not fall on its first second.
const SPREAD: Duration = Duration::from_mins(10);

/// Bounds of the caller's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Allowed {
    /// Local hours as minutes of the day, 0–1440: from (inclusive) and to (exclusive). None: any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_minutes: Option<(u16, u16)>,
    /// Shortest time between two attempts of this payment. None: as short as the rules allow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_gap: Option<Duration>,
}

impl Allowed {
    /// Whether nothing is bounded.
    pub const fn is_everything(&self) -> bool {
        self.local_minutes.is_none() && self.min_gap.is_none()
    }
}

impl Case<'_> {
    /// Whether the caller's own bounds allow an attempt at this moment.
    pub fn is_allowed(&self, at: Timestamp) -> bool {
        self.earliest_allowed(at) == at
    }

    /// The earliest moment at or after this one that the caller's own bounds allow.
    pub fn earliest_allowed(&self, at: Timestamp) -> Timestamp {
        let rested = match (self.allowed.min_gap, self.observed.iter().map(|observed| observed.at).max()) {
            (Some(gap), Some(last)) => at.max(last + gap),
            _ => at,
        };
        self.window().map_or(rested, |window| window.enter(rested))
    }

    /// Until when, exclusive, attempts stay allowed from an allowed moment on; [`Timestamp::FAR_FUTURE`] without a window.
    pub fn allowed_until(&self, at: Timestamp) -> Timestamp {
        self.window().map_or(Timestamp::FAR_FUTURE, |window| window.leave(at))
    }

    fn window(&self) -> Option<Window> {
        let (from, to) = self.allowed.local_minutes?;
        let (from, to) = (i64::from(from).min(DAY_MINUTES), i64::from(to).min(DAY_MINUTES));
        // A window without an inside would forbid every moment.
        let inside = (to - from).rem_euclid(DAY_MINUTES);
        let country = self.issuer_country.filter(|country| !country.trim().is_empty()).unwrap_or(self.merchant_country);
        (inside > 0).then(|| Window { zone: Zone::of(self.offset_minutes, country), from, length: MINUTE * inside as u32 })
    }
}

/// One window of each local day.
struct Window {
    zone: Zone,
    from: i64,
    length: Duration,
}

impl Window {
    /// The opening at or before a moment.
    fn opened(&self, at: Timestamp) -> Timestamp {
        let today = self.zone.instant(self.zone.day(at), self.from);
        if today <= at { today } else { self.zone.instant(self.zone.day(at) - 1, self.from) }
    }

    fn enter(&self, at: Timestamp) -> Timestamp {
        let opened = self.opened(at);
        if at < opened + self.length { at } else { self.zone.instant(self.zone.day(opened) + 1, self.from) }
    }

    fn leave(&self, at: Timestamp) -> Timestamp {
        self.opened(at) + self.length
    }
}

/// Moves what a policy would use to moments that the caller allows; what then lies behind the end is dropped. Later is
/// never less lawful: every rule is a moment not to go before.
pub fn settle(view: &View<'_>, slots: Vec<Slot>, jitter: &mut Jitter) -> Vec<Slot> {
    let case = view.case;
    if case.allowed.is_everything() {
        return slots;
    }
    let moved = |slot: Slot| {
        let entered = case.earliest_allowed(slot.at);
        if entered == slot.at {
            return slot;
        }
        let until = case.allowed_until(entered).min(case.expires_at);
        let room = until.since(entered).saturating_sub(Duration::from_secs(1)).min(SPREAD);
        Slot { at: entered + jitter.between(Duration::ZERO, room), ..slot }
    };
    let mut settled: Vec<Slot> = slots.into_iter().map(moved).filter(|slot| slot.at < case.expires_at).collect();
    settled.sort_by_key(|slot| slot.at);
    settled
}

#[cfg(test)]
#[path = "allowed_tests.rs"]
mod tests;
