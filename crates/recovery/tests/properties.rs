//! What holds for every case, however odd.

mod support;

use std::time::Duration;

use domain::{
    card::Network,
    decline::Answer,
    ledger::{Entry, Initiator, Origin, Outcome},
    limits::{self, Permit, Planned},
    rules::{Floor, Region, Rules},
    time::{DAY, Timestamp},
};
use proptest::prelude::*;
use recoup_recovery::{Action, Case, Challenge, Ladder, Model, Observed, Plan, Policy, Updater, plan, realtime};
use support::{case, entry, start};

#[derive(Debug, Clone)]
struct World {
    observed: Vec<Observed>,
    ledger: Vec<Entry>,
    network: Network,
    country: &'static str,
    offset: Option<i32>,
    window: Duration,
    now: Timestamp,
    seed: u64,
    first: bool,
    changed: Option<Timestamp>,
    updater: Updater,
}

fn code() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["51", "05", "61", "65", "59", "62", "91", "96", "94", "9G", "5C", "72", "1A"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["41", "14", "54", "R1", "03", "N7", "10"]).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ]
}

fn mac() -> impl Strategy<Value = Option<String>> {
    prop_oneof![4 => Just(None), 1 => "[0-4][0-9]".prop_map(Some), 1 => "\\PC{0,3}".prop_map(Some)]
}

fn observed() -> impl Strategy<Value = Vec<Observed>> {
    let one = (0u64..400_000, code(), mac(), 0..Origin::ALL.len(), prop::bool::weighted(0.05));
    prop::collection::vec(one, 0..8).prop_map(|steps| {
        let mut at = start();
        let each = |(gap, code, mac, origin, approved): (u64, String, Option<String>, usize, bool)| {
            at = at + Duration::from_secs(gap);
            Observed { at, answer: Answer::iso(&code, mac.as_deref()), origin: Origin::ALL[origin], approved }
        };
        steps.into_iter().map(each).collect()
    })
}

fn ledger() -> impl Strategy<Value = Vec<Entry>> {
    let one = (
        0u64..3_000_000,
        0..Outcome::ALL.len(),
        prop::sample::select(vec!["05", "51", "04", "14", ""]),
        any::<bool>(),
        any::<bool>(),
    );
    prop::collection::vec(one, 0..40).prop_map(|rows| {
        let each = |(ago, outcome, code, mit, advised): (u64, usize, &str, bool, bool)| Entry {
            outcome: Outcome::ALL[outcome],
            response_code: Some(code.to_owned()),
            initiator: if mit { Initiator::Mit } else { Initiator::Cit },
            advice_code: (advised && ago % 11 == 0).then(|| "21".to_owned()),
            ..entry(start() - Duration::from_secs(ago), Network::Visa)
        };
        let mut entries: Vec<Entry> = rows.into_iter().map(each).collect();
        entries.sort_by_key(|entry| entry.at);
        entries
    })
}

fn world() -> impl Strategy<Value = World> {
    let place = (
        0..Network::ALL.len(),
        prop::sample::select(vec!["US", "GB", "DE", "BR", "AU", "", "zz", "é"]),
        prop::option::of(-900i32..900),
    );
    let time = (0u64..5_000_000, 0u64..2_000_000, any::<u64>(), any::<bool>(), prop::option::of(0u64..2_000_000), 0..4usize);
    (observed(), ledger(), place, time).prop_map(
        |(observed, ledger, (network, country, offset), (window, later, seed, first, changed, updater))| {
            let last = observed.last().map_or(start(), |last| last.at);
            World {
                ledger,
                network: Network::ALL[network],
                country,
                offset,
                window: Duration::from_secs(window),
                now: last + Duration::from_secs(if later % 3 == 0 { 0 } else { later }),
                seed,
                first,
                changed: changed.map(|after| start() + Duration::from_secs(after)),
                updater: [Updater::NotOffered, Updater::Untried, Updater::Tried { found: true }, Updater::Tried { found: false }]
                    [updater],
                observed,
            }
        },
    )
}

fn of(world: &World) -> Case<'_> {
    Case {
        now: world.now,
        expires_at: start() + world.window,
        network: world.network,
        issuer_country: Some(world.country),
        merchant_country: world.country,
        offset_minutes: world.offset,
        ledger: &world.ledger,
        credential_changed_at: world.changed,
        updater: world.updater,
        first_at: world.first.then(|| start() + Duration::from_secs(5)),
        allowed: recoup_recovery::Allowed::default(),
        seed: world.seed,
        ..case(&world.observed)
    }
}

/// An attempt is inside the period, not in the past, after every floor and within every limit.
fn is_lawful(case: &Case<'_>, plan: &Plan) -> Result<(), TestCaseError> {
    let Action::Attempt { at } = plan.action else { return Ok(()) };
    prop_assert!(at >= case.now && at < case.expires_at, "{at} outside {}..{}", case.now, case.expires_at);
    prop_assert!(at >= plan.not_before);
    prop_assert!(case.own_attempts < case.max_attempts);
    let rules = Rules::builtin();
    for seen in
        case.observed.iter().filter(|seen| case.credential_changed_at.is_none_or(|changed| seen.at >= changed) && !seen.approved)
    {
        let region = Region::of_country(case.issuer_country.unwrap_or(case.merchant_country));
        for (floor, rule) in rules.classify(&seen.answer, case.network, region, seen.at).floors() {
            match floor {
                Floor::After(wait) => prop_assert!(at >= seen.at + wait, "{rule}"),
                Floor::NextLocalDay => {
                    let offset = case.offset_minutes.unwrap_or_default();
                    let known = case.offset_minutes.is_some_and(|known| known.abs() <= 840);
                    prop_assert!(!known || at.civil_at(offset).date() > seen.at.civil_at(offset).date(), "{rule}");
                }
            }
        }
    }
    let planned = Planned {
        at,
        network: case.network,
        initiator: case.initiator,
        amount: case.amount,
        merchant_country: case.merchant_country,
        credential_changed_at: case.credential_changed_at,
    };
    let verdict = limits::check(rules, case.ledger, &planned);
    prop_assert_eq!(&verdict.lawful, &Permit::Allowed);
    if case.first_at.is_none() {
        prop_assert_eq!(&verdict.planned, &Permit::Allowed);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_plan_breaks_a_rule_and_the_same_case_gives_the_same_plan(world in world()) {
        let case = of(&world);
        for policy in [Model::builtin() as &dyn Policy, &Ladder] {
            let first = policy.plan(&case, Rules::builtin());
            is_lawful(&case, &first)?;
            prop_assert_eq!(&first, &policy.plan(&case, Rules::builtin()));
            prop_assert!((0.0..=1.0).contains(&first.probability));
        }
    }

    #[test]
    fn real_time_never_panics_and_attempts_only_what_is_lawful_now(world in world(), enabled in any::<bool>()) {
        let case = Case { initiator: Initiator::Cit, ..of(&world) };
        let decision = realtime(&case, Rules::builtin(), Challenge { enabled, answered: &[] });
        if decision.action == recoup_recovery::Realtime::Attempt {
            let planned = Planned {
                at: case.now, network: case.network, initiator: Initiator::Cit, amount: case.amount,
                merchant_country: case.merchant_country, credential_changed_at: case.credential_changed_at,
            };
            prop_assert_eq!(limits::check(Rules::builtin(), case.ledger, &planned).lawful, Permit::Allowed);
        }
    }

    #[test]
    fn seeds_move_the_minute_not_the_bounds(seed in any::<u64>()) {
        let observed = [support::declined(start(), "51", None, Origin::Evaluated)];
        let planned = plan(&Case { seed, ..case(&observed) }, Rules::builtin(), Model::builtin());
        let waits = matches!(planned.action, Action::Attempt { at } if at >= start() + DAY);
        prop_assert!(waits);
    }
}
