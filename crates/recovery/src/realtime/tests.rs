use domain::{
    card::{Funding, Network},
    decision::Arm,
    decline::Answer,
    ledger::{Initiator, Origin},
    money::{Currency, Money},
    time::{HOUR, MINUTE, Timestamp},
};

use super::*;
use crate::case::Observed;

const OFF: Challenge<'_> = Challenge { enabled: false, answered: &[] };
const ON: Challenge<'_> = Challenge { enabled: true, answered: &[] };

fn now() -> Timestamp {
    Timestamp::parse("2026-11-20T15:00:00Z").unwrap()
}

fn answer(code: &str, mac: Option<&str>, origin: Origin) -> Observed {
    Observed { at: now(), answer: Answer::iso(code, mac), origin, approved: false }
}

fn case(observed: &[Observed]) -> Case<'_> {
    Case {
        now: now(),
        placed_at: now(),
        expires_at: now() + MINUTE * 20,
        network: Network::Mastercard,
        funding: Funding::Credit,
        issuer_country: Some("US"),
        merchant_country: "US",
        bin: None,
        offset_minutes: Some(-300),
        amount: Money::new(1999, Currency::USD),
        initiator: Initiator::Cit,
        observed,
        ledger: &[],
        own_attempts: observed.iter().filter(|seen| seen.origin == Origin::Own).count() as u32,
        max_attempts: 3,
        credential_version: 1,
        credential_changed_at: None,
        updater: Updater::NotOffered,
        first_at: None,
        allowed: crate::Allowed::default(),
        arm: Arm::Policy,
        seed: 1,
    }
}

fn decide(case: &Case<'_>, challenge: Challenge<'_>) -> Realtime {
    realtime(case, Rules::builtin(), challenge).action
}

fn challenge(fields: &[ChallengeField]) -> Realtime {
    Realtime::Challenge { fields: fields.to_vec() }
}

#[test]
fn each_class_answers_as_the_contract_says() {
    use ChallengeField::{BillingAddress, CardExpiry, Cvv, ThreeDs};
    for (code, mac, network, expected) in [
        ("51", None, Network::Visa, decline(Reason::NotRescued)),
        ("61", None, Network::Visa, decline(Reason::NotRescued)),
        ("91", None, Network::Visa, decline(Reason::NotRescued)),
        ("96", None, Network::Visa, Realtime::Attempt),
        ("94", None, Network::Visa, decline(Reason::NotRescued)),
        ("59", None, Network::Visa, challenge(&[ThreeDs])),
        ("62", None, Network::Visa, decline(Reason::CustomerAction)),
        ("05", None, Network::Visa, Realtime::Attempt),
        ("05", Some("02"), Network::Mastercard, decline(Reason::NotRescued)),
        ("9G", None, Network::Visa, decline(Reason::NotRescued)),
        ("N7", None, Network::Visa, challenge(&[Cvv])),
        ("82", None, Network::Visa, challenge(&[Cvv])),
        ("6P", None, Network::Visa, challenge(&[BillingAddress])),
        ("55", None, Network::Visa, challenge(&[ThreeDs])),
        ("54", None, Network::Visa, challenge(&[CardExpiry, Cvv])),
        ("79", Some("01"), Network::Mastercard, challenge(&[CardExpiry, Cvv])),
        ("83", Some("01"), Network::Mastercard, challenge(&[ThreeDs])),
        ("1A", None, Network::Visa, challenge(&[ThreeDs])),
        ("03", None, Network::Visa, decline(Reason::Configuration)),
        ("05", Some("22"), Network::Mastercard, decline(Reason::Configuration)),
        ("41", None, Network::Visa, decline(Reason::HardDecline)),
        ("R1", None, Network::Visa, decline(Reason::HardDecline)),
        ("51", Some("03"), Network::Mastercard, decline(Reason::HardDecline)),
        ("51", Some("21"), Network::Mastercard, decline(Reason::HardDecline)),
        ("??", None, Network::Visa, Realtime::Attempt),
    ] {
        let observed = [answer(code, mac, Origin::Evaluated)];
        let case = Case { network, ..case(&observed) };
        assert_eq!(decide(&case, ON), expected, "{code} {mac:?}");
        if matches!(expected, Realtime::Challenge { .. }) {
            assert_eq!(decide(&case, OFF), decline(Reason::CustomerAction), "{code} without challenge");
        }
    }
}

#[test]
fn mastercard_65_asks_for_authentication_in_europe_only() {
    let observed = [answer("65", None, Origin::Evaluated)];
    for (country, expected) in [
        ("DE", challenge(&[ChallengeField::ThreeDs])),
        ("GB", challenge(&[ChallengeField::ThreeDs])),
        ("US", decline(Reason::NotRescued)),
    ] {
        assert_eq!(decide(&Case { issuer_country: Some(country), ..case(&observed) }, ON), expected, "{country}");
    }
}

#[test]
fn what_the_customer_gave_is_sent_not_asked_again() {
    let observed = [answer("N7", None, Origin::Evaluated)];
    let answered = Challenge { enabled: true, answered: &[ChallengeField::Cvv] };
    assert_eq!(decide(&case(&observed), answered), Realtime::Attempt);
}

#[test]
fn the_updater_comes_before_the_customer() {
    let observed = [answer("54", None, Origin::Evaluated)];
    let asked = |updater| decide(&Case { updater, ..case(&observed) }, ON);
    assert_eq!(asked(Updater::Untried), Realtime::AskUpdater);
    assert!(matches!(asked(Updater::Tried { found: false }), Realtime::Challenge { .. }));
    let renewed =
        Case { updater: Updater::Tried { found: true }, credential_changed_at: Some(now() + MINUTE), ..case(&observed) };
    assert_eq!(decide(&renewed, ON), Realtime::Attempt);
}

#[test]
fn attempts_end() {
    let generic = [answer("05", None, Origin::Evaluated), answer("05", None, Origin::Own)];
    assert_eq!(decide(&case(&generic), ON), decline(Reason::NotRescued));
    let once = [answer("96", None, Origin::Evaluated), answer("96", None, Origin::Own)];
    assert_eq!(decide(&case(&once), ON), Realtime::Attempt);
    let twice = [once[0].clone(), once[1].clone(), once[1].clone()];
    assert_eq!(decide(&case(&twice), ON), decline(Reason::NotRescued));
    let budget = Case { max_attempts: 1, ..case(&once) };
    assert_eq!(decide(&budget, ON), decline(Reason::NotRescued));
    let late = Case { now: now() + HOUR, ..case(&generic[..1]) };
    assert_eq!(decide(&late, ON), decline(Reason::NotRescued));
}

#[test]
fn an_attempt_that_breaks_a_limit_is_declined() {
    use domain::{card::CardKey, environment::Environment, id::Mid, ledger::Entry, ledger::Outcome};
    let observed = [answer("05", None, Origin::Evaluated)];
    let row = |n: u32| Entry {
        mid: Mid::from_bytes([0; 16]),
        environment: Environment::Sandbox,
        card: CardKey([0; 16]),
        at: now() - MINUTE * n,
        id: Mid::from_bytes([0; 16]).0,
        origin: Origin::Transmitted,
        initiator: Initiator::Mit,
        amount: Money::new(1, Currency::USD),
        network: Network::Mastercard,
        outcome: Outcome::Declined,
        response_code: Some("05".to_owned()),
        advice_code: None,
        order: None,
    };
    for (attempts, action) in [(9, Realtime::Attempt), (10, decline(Reason::LimitReached))] {
        let ledger: Vec<Entry> = (0..attempts).map(row).collect();
        let assessed = realtime(&Case { ledger: &ledger, ..case(&observed) }, Rules::builtin(), true);
        assert_eq!(assessed.action, action, "{attempts}");
        assert_eq!(assessed.probability > 0.0, action == Realtime::Attempt);
        assert_eq!(assessed.rules.iter().any(|rule| rule == "mc.h24"), action != Realtime::Attempt);
    }
    // Our own headroom is for plans: a customer who waits may use what the network allows.
    let ledger: Vec<Entry> = (0..1).map(row).map(|entry| Entry { network: Network::Amex, ..entry }).collect();
    let amex = Case { ledger: &ledger, network: Network::Amex, ..case(&observed) };
    assert_eq!(decide(&amex, ON), Realtime::Attempt);
}
