//! Settlements: what was rescued for a merchant in a period and currency, less fees, refunds and chargebacks.
//!
//! An item is written with the change that moved the money, in one commit, and waits; booking puts it into the open
//! settlement of its merchant, environment and currency, once. A period that is over closes, and what comes late goes into
//! the next one.

pub mod item;
pub mod sums;
pub mod terms;

use serde::{Deserialize, Serialize};

pub use self::{
    item::Item,
    sums::{Overflow, Sums},
    terms::Terms,
};
use crate::{
    environment::Environment,
    id::{Mid, PayoutId, SettlementId},
    money::Currency,
    time::Timestamp,
};

crate::words! {
    /// How far a settlement is.
    pub enum State {
        /// Takes items.
        Open = "OPEN",
        /// Is what it is; its payout is on its way.
        Closed = "CLOSED",
        /// Paid out.
        Paid = "PAID",
    }
}

/// Items booked in one commit.
pub const BOOKED_ITEMS_MAX: u32 = 500;
/// Characters of an adjustment's note.
pub const NOTE_CHARS_MAX: usize = 500;

/// Whose money in which currency: what has at most one open settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Account {
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Currency.
    pub currency: Currency,
}

/// One settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settlement {
    /// Id.
    pub id: SettlementId,
    /// Row version.
    pub version: u32,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Currency of every amount.
    pub currency: Currency,
    /// `ST-` + 10 characters: what the transfer to the merchant should carry.
    pub reference: String,
    /// First moment of the period, UTC.
    pub from: Timestamp,
    /// First moment after the period, UTC.
    pub to: Timestamp,
    /// When it is to be paid out, UTC; once it was, when.
    pub payout_at: Timestamp,
    /// What its items add up to.
    pub sums: Sums,
    /// Items.
    pub items: u32,
    /// How far it is.
    pub state: State,
    /// Its payout, once it is closed; none when there is nothing to pay.
    pub payout: Option<PayoutId>,
    /// Opened, UTC.
    pub created_at: Timestamp,
    /// Closed, UTC.
    pub closed_at: Option<Timestamp>,
}

impl Settlement {
    /// Whose it is.
    pub const fn account(&self) -> Account {
        Account { mid: self.mid, environment: self.environment, currency: self.currency }
    }

    /// Whether an item belongs into it: it is open, and the item did not happen after its period. What happened before its
    /// period comes late and belongs into it, too.
    pub fn takes(&self, item: &Item) -> bool {
        self.state == State::Open && item.occurred_at < self.to
    }

    /// Books items.
    pub fn book<'a>(&mut self, items: impl IntoIterator<Item = &'a Item>) -> Result<(), Overflow> {
        for item in items {
            self.sums.add(item.kind, item.amount.minor)?;
            self.items = self.items.saturating_add(1);
        }
        Ok(())
    }
}

/// The period of a new settlement that begins with an item: that of the item, but not before the end of the last one.
pub fn next_period(terms: &Terms, last_end: Option<Timestamp>, occurred_at: Timestamp) -> (Timestamp, Timestamp) {
    let (start, end) = terms.period(occurred_at);
    match last_end {
        Some(last) if last > start => (last, terms.period(last).1),
        _ => (start, end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_follow_each_other_without_overlap() {
        let terms = Terms::default();
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let friday = at("2026-11-20T10:00:00Z");
        let (monday, next) = (at("2026-11-16T00:00:00Z"), at("2026-11-23T00:00:00Z"));
        assert_eq!(next_period(&terms, None, friday), (monday, next));
        assert_eq!(
            next_period(&terms, Some(at("2026-10-05T00:00:00Z")), friday),
            (monday, next),
            "weeks without items have none"
        );
        let early = at("2026-11-18T00:00:00Z");
        assert_eq!(next_period(&terms, Some(early), friday), (early, next), "closed early by hand");
        let late = next_period(&terms, Some(next), friday);
        assert_eq!(late, (next, at("2026-11-30T00:00:00Z")), "what comes late goes into the next one");
    }
}
