//! Builders shared by the tests of the plan.

use domain::{
    card::{CardKey, Funding, Network},
    decision::Arm,
    decline::Answer,
    environment::Environment,
    id::Mid,
    ledger::{Entry, Initiator, Origin, Outcome},
    money::{Currency, Money},
    time::{DAY, Timestamp},
};
use recoup_recovery::{Case, Observed, Updater};

/// Friday 20 November 2026, 10:00 in New York.
pub fn start() -> Timestamp {
    at("2026-11-20T15:00:00Z")
}

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub fn declined(when: Timestamp, code: &str, mac: Option<&str>, origin: Origin) -> Observed {
    Observed { at: when, answer: Answer::iso(code, mac), origin, approved: false }
}

/// A subscription rebill in the United States, 21 days to go.
pub fn case(observed: &[Observed]) -> Case<'_> {
    Case {
        now: start(),
        placed_at: start(),
        expires_at: start() + DAY * 21,
        network: Network::Visa,
        funding: Funding::Debit,
        issuer_country: Some("US"),
        merchant_country: "US",
        bin: None,
        offset_minutes: Some(-300),
        amount: Money::new(1999, Currency::USD),
        initiator: Initiator::Mit,
        observed,
        ledger: &[],
        own_attempts: observed.iter().filter(|seen| seen.origin == Origin::Own).count() as u32,
        max_attempts: 8,
        credential_version: 1,
        credential_changed_at: None,
        updater: Updater::NotOffered,
        first_at: None,
        allowed: recoup_recovery::Allowed::default(),
        arm: Arm::Policy,
        seed: 7,
    }
}

pub fn entry(when: Timestamp, network: Network) -> Entry {
    Entry {
        mid: Mid::from_bytes([0; 16]),
        environment: Environment::Sandbox,
        card: CardKey([0; 16]),
        at: when,
        id: domain::id::OrderId::from_bytes([0; 16]).0,
        origin: Origin::Transmitted,
        initiator: Initiator::Mit,
        amount: Money::new(1999, Currency::USD),
        network,
        outcome: Outcome::Declined,
        response_code: Some("05".to_owned()),
        advice_code: None,
        order: None,
    }
}
