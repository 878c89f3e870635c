use domain::{
    card::{Funding, Network},
    decision::Arm,
    decline::Answer,
    ledger::{Initiator, Origin},
    money::{Currency, Money},
    time::{DAY, HOUR},
};

use super::*;
use crate::{
    case::{Case, Observed, Updater},
    plan::Action,
    snapshot::Snapshot,
};
use domain::time::Timestamp;

/// Friday 20 November 2026, 10:00 in New York.
fn start() -> Timestamp {
    Timestamp::parse("2026-11-20T15:00:00Z").unwrap()
}

fn declined(after_hours: u32, code: &str, origin: Origin) -> Observed {
    Observed { at: start() + HOUR * after_hours, answer: Answer::iso(code, None), origin, approved: false }
}

fn case(observed: &[Observed]) -> Case<'_> {
    Case {
        now: observed.last().map_or_else(start, |last| last.at),
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
        arm: Arm::Policy,
        seed: 7,
        allowed: crate::Allowed::default(),
    }
}

/// Hours after the start of every attempt that a policy makes while all fail with a code.
fn attempts(policy: &dyn Policy, code: &str) -> Vec<u64> {
    let mut observed = vec![declined(0, code, Origin::Evaluated)];
    let mut made = Vec::new();
    while let Action::Attempt { at } = policy.plan(&case(&observed), Rules::builtin()).action {
        made.push(at.since(start()).as_secs() / 3_600);
        observed.push(Observed { at, answer: Answer::iso(code, None), origin: Origin::Own, approved: false });
        assert!(made.len() < 30, "{made:?}");
    }
    made
}

#[test]
fn fixed_schedules_are_what_their_names_say() {
    let policy = |name| named(name, &[], Rules::builtin()).expect("a baseline");
    assert_eq!(attempts(&*policy("kill-bill"), "51"), [192, 384]);
    assert_eq!(attempts(&*policy("two-weeks"), "51"), [42, 84, 126, 168, 210, 252, 294, 336]);
    assert_eq!(attempts(&*policy("daily"), "51"), [24, 48, 72, 96, 120, 144, 168, 192]);
    // Friday 27 November, Tuesday 1 December, Fridays 4 and 11 December, at 08:00 in New York.
    assert_eq!(attempts(&*policy("payday"), "51"), [166, 262, 334, 502]);
    assert_eq!(attempts(&*policy("payday-4"), "05").len(), 4);
}

#[test]
fn none_retries_what_must_not_be_retried() {
    for name in NAMES {
        let policy = named(name, &[], Rules::builtin()).expect("a baseline");
        assert_eq!(policy.name(), name);
        for code in ["41", "R1", "14"] {
            assert_eq!(attempts(&*policy, code), Vec::<u64>::new(), "{name} {code}");
        }
        assert!(!attempts(&*policy, "51").is_empty() && attempts(&*policy, "51").len() <= 8, "{name}");
    }
    assert!(named("guess", &[], Rules::builtin()).is_none());
}

/// Mornings at six in New York always succeed, all else fails.
fn trials() -> Vec<Trial> {
    let observed = [declined(0, "51", Origin::Evaluated)];
    (0..2_000u32)
        .map(|n| {
            let at = start() + HOUR * (1 + n % 500);
            let approved = at.civil_at(-300).hour() == 6;
            let answer = Answer::iso(if approved { "00" } else { "51" }, None);
            Trial { case: Snapshot::of(&case(&observed)), at, answer, approved, propensity: 1.0 }
        })
        .collect()
}

#[test]
fn learners_find_the_hour_that_pays() {
    let trials = trials();
    for name in ["counters", "trees"] {
        let policy = named(name, &trials, Rules::builtin()).expect("a baseline");
        let hours: Vec<i8> =
            attempts(&*policy, "51").iter().map(|hours| (start() + HOUR * *hours as u32).civil_at(-300).hour()).collect();
        let right = hours.iter().filter(|hour| (5..=7).contains(*hour)).count();
        assert!(right * 2 > hours.len(), "{name}: {hours:?}");
    }
}
