//! Simulated issuers for test cards outside the tables.
//!
//! Every issuer (first eight digits), account (first fourteen) and card has a hidden state that is a pure function of
//! the seed, the key and the time: a pay calendar and spending, holds, limits, outages, the card's life. Answers are
//! noisy observations of it, as `recovery.md` §6 describes; what was attempted before (the book) adds velocity blocks
//! and fatigue.

mod account;
pub(crate) mod breach;
mod calendar;
mod country;
mod funds;
mod habits;
pub(crate) mod judge;
pub(crate) mod life;
mod obstacle;
mod population;
pub(crate) mod presented;
mod world;

use domain::{
    card::{Expiry, Funding, Pan},
    money::Money,
    time::Timestamp,
};

use super::history::History;
use presented::Presented;

pub use account::{Account, Answer, Cause, Seen};
pub use country::usd_per_unit;
pub use population::card;
pub(crate) use world::DOMESTIC;
pub use world::{History as PastPayments, WORLDS, World};

/// A decline at the merchant's own processor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decline {
    /// ISO 8583 field 39.
    pub response_code: String,
    /// Mastercard advice code.
    pub advice_code: Option<String>,
}

/// What the issuer answers a merchant-initiated rebill at a merchant's own processor: `None` when it approves.
/// The same hidden state then meets the rescue.
pub fn first_decline(seed: u64, number: &Pan, expiry: Option<Expiry>, amount: Money, at: Timestamp) -> Option<Decline> {
    let presented = Presented::rebill(&DOMESTIC, seed, number.reveal(), expiry, amount, at);
    let judgement = judge::judge(&presented, &History::default());
    (!judgement.approved).then_some(Decline { response_code: judgement.code, advice_code: judgement.advice })
}

/// Minutes east of UTC of the customers of the card's issuer: what a shop would send as their time zone.
pub fn offset_minutes(seed: u64, number: &Pan) -> i32 {
    habits::Habits::of(&DOMESTIC, seed, number.reveal()).offset_minutes
}

/// Credit or debit, as the test BINs have it.
pub fn funding(number: &Pan) -> Funding {
    presented::funding_of_test_bin(number.reveal())
}

#[cfg(test)]
mod tests;
