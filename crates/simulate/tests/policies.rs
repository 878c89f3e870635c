//! Policies in simulated worlds: small enough for every run of the tests, with fixed seeds.

use std::sync::OnceLock;

use domain::{
    decline::Answer,
    rules::Rules,
    time::{DAY, HOUR, MINUTE, Timestamp},
};
use recoup_simulate::{
    Bench, BreachKind, Explorer, Population, Rebill, Setting, Tally, World, Worth, compare, explore, play, policies,
};
use recovery::{Action, Case, Ladder, Plan, Policy};

const RULES: fn() -> &'static Rules = Rules::builtin;

fn setting(world: &str, seed: u64, cases: usize, trials: usize) -> Setting {
    let world = World::named(world).expect("a world");
    Setting { world, seed, cases, days: 21, attempts_max: 8, trials }
}

fn recovered_usd(tally: &Tally) -> f64 {
    tally.outcomes.iter().filter(|outcome| outcome.recovered).map(|outcome| outcome.due_usd).sum()
}

fn recovered(tally: &Tally) -> usize {
    tally.outcomes.iter().filter(|outcome| outcome.recovered).count()
}

fn breaches(tally: &Tally) -> u32 {
    tally.outcomes.iter().map(|outcome| outcome.breaches).sum()
}

fn attempts(tally: &Tally) -> u32 {
    tally.outcomes.iter().map(|outcome| outcome.attempts).sum()
}

/// The guard of `make test`: whoever makes the policy worse than the fixed ladder hears of it here.
#[test]
fn the_policy_is_better_than_the_fixed_ladder_everywhere_and_breaks_no_rule() {
    for (world, seed) in [("default", 1), ("harsh", 2), ("evasive", 3)] {
        let bench = Bench::new(setting(world, seed, 200, 0), RULES());
        let tally = |name| bench.tally(name, RULES()).expect("a policy");
        let (ours, ladder, oracle) = (tally("recoup"), tally("ladder"), tally("oracle"));
        assert!(
            recovered_usd(&ours) > 1.05 * recovered_usd(&ladder),
            "{world}: {} {}",
            recovered_usd(&ours),
            recovered_usd(&ladder)
        );
        assert!(recovered(&ours) > recovered(&ladder), "{world}: {} {}", recovered(&ours), recovered(&ladder));
        let each = |tally: &Tally| f64::from(attempts(tally)) / recovered(tally) as f64;
        assert!(each(&ours) < each(&ladder), "{world}: {:.2} {:.2} attempts for a recovery", each(&ours), each(&ladder));
        assert!(recovered(&ours) <= recovered(&oracle), "{world}: nobody beats the oracle");
        assert_eq!((breaches(&ours), breaches(&ladder), breaches(&oracle)), (0, 0, 0), "{world}");
    }
}

#[test]
fn baselines_keep_the_rules() {
    let bench = Bench::new(setting("default", 4, 120, 600), RULES());
    for name in recovery::baseline::NAMES {
        let tally = bench.tally(name, RULES()).expect("a baseline");
        assert_eq!(breaches(&tally), 0, "{name}");
        assert!(recovered(&tally) > 20, "{name}: {}", recovered(&tally));
        assert!(tally.outcomes.iter().all(|outcome| outcome.attempts <= 8), "{name}");
    }
    assert!(bench.tally("guess", RULES()).is_none());
}

#[test]
fn the_same_seed_gives_the_same_world_and_another_seed_another() {
    let played = |seed| {
        let bench = Bench::new(setting("default", seed, 60, 60), RULES());
        let policy = policies::named("recoup", &bench.trials, RULES()).expect("a policy");
        (bench.play(&*policy, RULES()), bench.trials)
    };
    let (first, again, other) = (played(7), played(7), played(8));
    assert_eq!(first, again);
    assert_ne!(first.0, other.0);
    let declines = |world| -> Vec<String> {
        let population = Population::new(World::named(world).expect("a world"), 7, 21);
        population.failed(60).into_iter().map(|rebill| rebill.decline.response_code).collect()
    };
    assert_ne!(declines("default"), declines("evasive"));
}

#[test]
fn exploration_is_lawful_and_says_how_likely_its_moments_were() {
    let population = Population::new(World::builtin(), 5, 21);
    let trials = explore(&population, 300, Explorer { attempts_max: 8, seed: 5 }, RULES());
    assert_eq!(trials.len(), 300);
    for trial in &trials {
        assert!(trial.case.now <= trial.at && trial.at < trial.case.expires_at);
        assert!(trial.propensity > 0.0 && trial.propensity <= 1.0);
        assert_eq!(trial.case.own_attempts as usize + 1, trial.case.observed.len());
    }
    let approved = trials.iter().filter(|trial| trial.approved).count();
    assert!((15..200).contains(&approved), "{approved}");
    let tested: Vec<u64> = population.failed(300).iter().map(|rebill| rebill.number).collect();
    assert!(
        population.before().failed(50).iter().all(|rebill| !tested.contains(&rebill.number)),
        "nobody is tested on who was explored"
    );
}

/// The past of a card reaches as far as its world says, and no attempt in it lies after the decline.
#[test]
fn histories_are_as_deep_as_their_world_says() {
    let depth = |world| {
        let rebills = Population::new(World::named(world).expect("a world"), 6, 21).failed(200);
        assert!(rebills.iter().all(|rebill| rebill.past.iter().all(|past| past.at < rebill.failed_at)));
        assert!(rebills.iter().all(|rebill| rebill.past.is_sorted_by_key(|past| past.at)));
        rebills.iter().map(|rebill| rebill.past.len()).sum::<usize>() as f64 / 200.0
    };
    let (usual, thin) = (depth("default"), depth("thin"));
    assert!(usual > 3.0 && thin < 1.5, "{usual} {thin}");
}

/// Attempts as it is told, whatever the rules say.
struct Reckless(fn(&Case<'_>) -> Option<Timestamp>);

impl Policy for Reckless {
    fn name(&self) -> &'static str {
        "reckless"
    }

    fn plan(&self, case: &Case<'_>, rules: &Rules) -> Plan {
        let action = (self.0)(case).map_or(Action::LetExpire, |at| Action::Attempt { at });
        Plan { action, ..Ladder.plan(case, rules) }
    }
}

/// Kinds of rules that a policy broke on rebills that are chosen, made so by `change`.
fn broken(
    policy: &Reckless,
    chosen: impl Fn(&Rebill) -> bool,
    change: impl Fn(&mut Rebill),
    attempts_max: u32,
) -> Vec<BreachKind> {
    static REBILLS: OnceLock<Vec<Rebill>> = OnceLock::new();
    let rebills = REBILLS.get_or_init(|| Population::new(World::named("domestic").expect("a world"), 9, 21).failed(400));
    let mut kinds: Vec<BreachKind> = Vec::new();
    for mut rebill in rebills.iter().filter(|rebill| chosen(rebill)).take(12).cloned() {
        change(&mut rebill);
        kinds.extend(play(&rebill, policy, RULES(), attempts_max).breaches.iter().map(|breach| breach.kind));
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[test]
fn the_witness_sees_every_rule_that_is_broken() {
    use BreachKind::{Advice, Attempts, Clock, MastercardDay, MastercardMonth, OtherMonth, Period, Stop, VisaMonth};
    use domain::card::Network;

    let hourly = Reckless(|case| Some(case.now + HOUR));
    let by_minutes = Reckless(|case| Some(case.now + MINUTE * 10));
    let is = |network: Network, code: &'static str| {
        move |rebill: &Rebill| {
            rebill.network == network && rebill.decline.response_code == code && rebill.decline.advice_code.is_none()
        }
    };
    let nothing = |_: &mut Rebill| ();
    let seen = |kinds: Vec<BreachKind>, kind: BreachKind| assert!(kinds.contains(&kind), "{kind}: {kinds:?}");

    seen(broken(&hourly, is(Network::Visa, "51"), nothing, 3), Attempts);
    seen(broken(&hourly, is(Network::Visa, "41"), nothing, 8), Stop);
    seen(broken(&hourly, is(Network::Visa, "51"), nothing, 60), VisaMonth);
    seen(broken(&by_minutes, is(Network::Mastercard, "51"), nothing, 60), MastercardDay);
    seen(broken(&hourly, is(Network::Mastercard, "51"), nothing, 60), MastercardMonth);
    seen(broken(&hourly, is(Network::Discover, "51"), nothing, 60), OtherMonth);
    seen(broken(&Reckless(|case| Some(case.expires_at)), is(Network::Visa, "51"), nothing, 8), Period);
    seen(broken(&Reckless(|case| Some(case.now - HOUR)), is(Network::Visa, "51"), nothing, 8), Clock);
    let advised = |advice: &'static str| move |rebill: &mut Rebill| rebill.decline = Answer::iso("51", Some(advice));
    seen(broken(&hourly, is(Network::Mastercard, "51"), advised("30"), 2), Advice);
    seen(broken(&hourly, is(Network::Mastercard, "51"), advised("21"), 2), Stop);
    // The same moments are no breach where nothing forbids them.
    let patient = Reckless(|case| Some(case.now + DAY * 3));
    assert_eq!(broken(&patient, is(Network::Visa, "51"), nothing, 8), [Period]);
    let waits = Reckless(|case| (case.own_attempts == 0).then(|| case.now + HOUR * 240));
    assert_eq!(broken(&waits, is(Network::Mastercard, "51"), advised("30"), 8), []);
}

#[test]
fn figures_are_paired_and_their_intervals_hold_the_estimate() {
    let bench = Bench::new(setting("default", 11, 200, 0), RULES());
    let tallies: Vec<Tally> = ["ladder", "payday", "oracle"].iter().filter_map(|name| bench.tally(name, RULES())).collect();
    let figures = compare(&tallies, "payday", &Worth::default(), 1);
    assert_eq!(figures, compare(&tallies, "payday", &Worth::default(), 1), "the same seed, the same draws");
    for of in &figures {
        for figure in
            [of.recovered_share, of.recovered_amount_share, of.attempts_per_recovery, of.net_value_usd, of.amount_over_reference]
        {
            assert!(figure.low <= figure.value && figure.value <= figure.high, "{}: {figure:?}", of.policy);
        }
    }
    let [ladder, payday, oracle] = &figures[..] else { panic!("three policies") };
    assert_eq!((payday.amount_over_reference.low, payday.amount_over_reference.high), (0.0, 0.0), "nothing differs from itself");
    assert!(ladder.amount_over_reference.high < oracle.amount_over_reference.low);
    assert!((oracle.attempts_per_recovery.value - 1.0).abs() < 1e-12, "the oracle never fails");
}
