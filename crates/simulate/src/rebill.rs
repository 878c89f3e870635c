//! A failed rebill: what the merchant knows of it, and the account that nobody but its issuer knows.

use domain::{
    card::{CardKey, Funding, Network},
    decline::Answer,
    environment::Environment,
    id::Mid,
    ledger::{Entry, Initiator, Origin, Outcome},
    money::Money,
    time::Timestamp,
};
use processor::simulator::issuer::{Account, Cause, Seen};
use uuid::Uuid;

/// A rebill that was declined.
#[derive(Debug, Clone)]
pub struct Rebill {
    /// Its number in its population.
    pub number: u64,
    /// The card's first eight digits.
    pub bin: String,
    /// The card's network.
    pub network: Network,
    /// How the card is funded.
    pub funding: Funding,
    /// The issuer's country, ISO 3166-1 alpha-2.
    pub issuer_country: &'static str,
    /// The merchant's.
    pub merchant_country: &'static str,
    /// The cardholder's local time, minutes east of UTC.
    pub offset_minutes: i32,
    /// What is due.
    pub amount: Money,
    /// The same in US dollars.
    pub amount_usd: f64,
    /// When it was declined, UTC.
    pub failed_at: Timestamp,
    /// The end of the rescue period, UTC: nothing is attempted then or later.
    pub window_ends_at: Timestamp,
    /// What the issuer said.
    pub decline: Answer,
    /// What was seen of this card before, oldest first.
    pub past: Vec<Past>,
    /// Seed of everything that a policy draws for it.
    pub seed: u64,
    /// The hidden cause of the decline: for statistics, not for policies.
    pub cause: Cause,
    /// The account: for the issuer and oracles, not for policies.
    pub account: Account,
}

/// An earlier attempt on the card at this merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// When, UTC.
    pub at: Timestamp,
    /// For how much.
    pub amount: Money,
    /// Who initiated it.
    pub initiator: Initiator,
    /// What was answered.
    pub answer: Answer,
    /// Whether it was approved.
    pub approved: bool,
}

impl Rebill {
    /// The ledger as it stands at the decline: the past, transmitted, and the decline itself.
    pub fn ledger(&self) -> Vec<Entry> {
        let past = self
            .past
            .iter()
            .map(|past| self.entry(past.at, Origin::Transmitted, past.initiator, past.amount, &past.answer, past.approved));
        past.chain([self.entry(self.failed_at, Origin::Evaluated, Initiator::Mit, self.amount, &self.decline, false)]).collect()
    }

    /// A ledger entry of this card.
    pub fn entry(
        &self,
        at: Timestamp,
        origin: Origin,
        initiator: Initiator,
        amount: Money,
        answer: &Answer,
        approved: bool,
    ) -> Entry {
        Entry {
            mid: Mid(Uuid::nil()),
            environment: Environment::Sandbox,
            card: CardKey([0; 16]),
            at,
            id: Uuid::nil(),
            origin,
            initiator,
            amount,
            network: self.network,
            outcome: if approved { Outcome::Approved } else { Outcome::Declined },
            response_code: Some(answer.response_code.clone()),
            advice_code: answer.advice_code.clone(),
            order: None,
        }
    }

    /// Everything the issuer has seen of this card, up to and with the decline.
    pub fn seen(&self) -> Vec<Seen> {
        let past = self.past.iter().map(|past| Seen { at: past.at, approved: past.approved });
        past.chain([Seen { at: self.failed_at, approved: false }]).collect()
    }
}
