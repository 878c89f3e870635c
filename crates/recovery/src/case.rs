//! What is known about a payment when its next step is decided.

use domain::{
    card::{Funding, Network},
    decision::Arm,
    decline::Answer,
    ledger::{Entry, Initiator, Origin},
    money::Money,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::allowed::Allowed;

/// One answer that was seen for this payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Observed {
    /// When it was given, UTC.
    pub at: Timestamp,
    /// What it said.
    pub answer: Answer,
    /// Whose attempt it answered.
    pub origin: Origin,
    /// It was an approval (with code `10`: of a part).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approved: bool,
}

/// The account updater, as far as this payment has come with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Updater {
    /// No processor of this order offers one.
    NotOffered,
    /// Offered and not asked yet.
    Untried,
    /// Asked.
    Tried {
        /// It had new account data.
        found: bool,
    },
}

/// Everything a decision may look at. Nothing else is read: the same case gives the same plan.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// The decision's clock, UTC.
    pub now: Timestamp,
    /// When the order was taken in, UTC.
    pub placed_at: Timestamp,
    /// The end of the rescue period, UTC: nothing is attempted then or later.
    pub expires_at: Timestamp,
    /// The card's network.
    pub network: Network,
    /// The card's funding.
    pub funding: Funding,
    /// The issuer's country, ISO 3166-1 alpha-2, when it is known.
    pub issuer_country: Option<&'a str>,
    /// The merchant's country, ISO 3166-1 alpha-2.
    pub merchant_country: &'a str,
    /// The card's first six to eight digits: the issuer's own habits are learnt under them.
    pub bin: Option<&'a str>,
    /// The cardholder's local time, minutes east of UTC, when it is known.
    pub offset_minutes: Option<i32>,
    /// What is still due.
    pub amount: Money,
    /// Who initiates.
    pub initiator: Initiator,
    /// Answers to this payment, the original decline first.
    pub observed: &'a [Observed],
    /// All attempts seen on this card at this merchant, the newest last: at least those that limits count, and the
    /// longer history that tells when money comes.
    pub ledger: &'a [Entry],
    /// Attempts of ours for this order, pending ones included.
    pub own_attempts: u32,
    /// How many attempts of ours the order may have.
    pub max_attempts: u32,
    /// 1 as vaulted, higher after an account update.
    pub credential_version: u32,
    /// When the account data were last replaced, UTC.
    pub credential_changed_at: Option<Timestamp>,
    /// The account updater.
    pub updater: Updater,
    /// Make the first attempt at this moment, unless a code, an advice or a network limit forbids it so early:
    /// our own waits do not bind it (sandbox).
    pub first_at: Option<Timestamp>,
    /// Hours and gaps that the caller keeps beside the rules.
    pub allowed: Allowed,
    /// The policy that the order was assigned to.
    pub arm: Arm,
    /// Seed of everything that is drawn.
    pub seed: u64,
}
