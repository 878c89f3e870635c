//! Off-policy estimates against a world whose truth is known: an order has a kind and two tries at four moments, and its
//! chance is a table. Three arms ran, and a fourth policy is estimated.

#[expect(dead_code, reason = "this test needs no ledger")]
mod support;

use std::sync::OnceLock;

use domain::{
    decision::Arm,
    money::{Currency, Money},
    rules::Rules,
    time::{HOUR, Timestamp},
};
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use recoup_recovery::{
    Action, Candidate, Case, Plan, Policy, Snapshot,
    evaluate::{Episode, Estimates, Logged, Options, Outcome, Shares, Step, Worth, estimate, gain, lower_bound},
    ladder,
};
use support::{case, declined, start};

const SLOTS: usize = 4;
const TRIES: u32 = 2;
/// Chance of approval: kind of the order, try, moment.
const CHANCE: [[[f64; SLOTS]; TRIES as usize]; 2] =
    [[[0.1, 0.3, 0.5, 0.2], [0.05, 0.4, 0.1, 0.3]], [[0.6, 0.2, 0.1, 0.1], [0.2, 0.1, 0.5, 0.1]]];

/// Chooses by kind and try; expects what a table says.
struct Table {
    name: &'static str,
    choice: [[usize; TRIES as usize]; 2],
    /// Scales what it expects: 1 is the truth.
    belief: f64,
}

const LIVE: Table = Table { name: "live", choice: [[1, 1], [0, 0]], belief: 1.0 };
const LADDER: Table = Table { name: "ladder", choice: [[0, 1], [0, 1]], belief: 1.0 };
const TARGET: Table = Table { name: "target", choice: [[2, 1], [0, 2]], belief: 1.0 };

impl Policy for Table {
    fn name(&self) -> &str {
        self.name
    }

    fn plan(&self, case: &Case<'_>, rules: &Rules) -> Plan {
        assert_eq!(case.arm, Arm::Policy, "a target is asked as the policy");
        let kind = kind(case);
        let mut plan = blank(rules);
        plan.attempts_left = TRIES - case.own_attempts;
        if plan.attempts_left == 0 {
            return plan;
        }
        let tried = case.own_attempts as usize;
        let slot = self.choice[kind][tried];
        plan.action = Action::Attempt { at: moment(case.now, slot) };
        plan.probability = CHANCE[kind][tried][slot];
        let later = (tried..TRIES as usize).map(|tried| CHANCE[kind][tried][self.choice[kind][tried]] * self.belief);
        let candidate =
            |probability| Candidate { at: case.now, probability, expected_value_minor: 0, wanted: true, propensity: 1.0 };
        plan.candidates = later.map(candidate).collect();
        plan.probability *= self.belief.min(1.0);
        plan
    }
}

impl Table {
    /// Its true value, by enumeration.
    fn truth(&self) -> f64 {
        let of = |kind: usize| {
            let fails: f64 = (0..TRIES as usize).map(|tried| 1.0 - CHANCE[kind][tried][self.choice[kind][tried]]).product();
            1.0 - fails
        };
        f64::midpoint(of(0), of(1))
    }
}

fn kind(case: &Case<'_>) -> usize {
    usize::from(case.amount.minor > 1_500)
}

fn moment(now: Timestamp, slot: usize) -> Timestamp {
    now + HOUR * (slot as u32 + 1)
}

/// A plan that attempts nothing.
fn blank(rules: &Rules) -> Plan {
    static BLANK: OnceLock<Plan> = OnceLock::new();
    let made = BLANK.get_or_init(|| {
        let observed = [declined(start(), "51", None, domain::ledger::Origin::Evaluated)];
        let plan = ladder(&case(&observed), rules);
        Plan { action: Action::LetExpire, probability: 0.0, candidates: vec![], ..plan }
    });
    made.clone()
}

/// Probabilities of the explore arm: moments that the live policy likes are likelier, none is impossible.
fn explored(slot: usize, live: usize) -> f64 {
    if slot == live { 0.4 } else { 0.2 }
}

struct World {
    rules: &'static Rules,
    case: Snapshot,
}

impl World {
    fn new() -> Self {
        let observed = [declined(start(), "51", None, domain::ledger::Origin::Evaluated)];
        Self { rules: Rules::builtin(), case: Snapshot::of(&case(&observed)) }
    }

    /// A log of `orders` orders, three to a card where `per_card` says so.
    fn log(&self, seed: u64, orders: usize, shares: [f64; 3], per_card: u64) -> Vec<Episode> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut arm = Arm::Policy;
        (0..orders as u64)
            .map(|order| {
                if order % per_card == 0 {
                    let draw: f64 = rng.random();
                    arm = match draw {
                        draw if draw < shares[0] => Arm::Policy,
                        draw if draw < shares[0] + shares[1] => Arm::Explore,
                        _ => Arm::Holdout,
                    };
                }
                self.episode(&mut rng, order / per_card, arm)
            })
            .collect()
    }

    fn episode(&self, rng: &mut ChaCha8Rng, unit: u64, arm: Arm) -> Episode {
        let kind = usize::from(rng.random::<f64>() < 0.5);
        let due = Money::new(if kind == 1 { 2_000 } else { 1_000 }, Currency::USD);
        let mut steps = vec![];
        let mut open = true;
        for (tried, chances) in CHANCE[kind].iter().enumerate() {
            if !open {
                break;
            }
            let (slot, propensity) = draw(rng, arm, kind, tried);
            open = rng.random::<f64>() >= chances[slot];
            let mut case = self.case.clone();
            case.amount = due;
            case.own_attempts = tried as u32;
            case.now = case.now + HOUR * 24 * tried as u32;
            let outcome = if open { Outcome::Declined } else { Outcome::Approved { minor: due.minor } };
            steps.push(Step {
                chosen: Some(moment(case.now, slot)),
                propensity,
                by_policy: slot == LIVE.choice[kind][tried],
                by_holdout: slot == LADDER.choice[kind][tried],
                outcome,
                case,
            });
        }
        Episode { unit, arm, due, steps }
    }

    fn estimate(&self, log: &[Episode], target: &dyn Policy) -> Estimates {
        estimate(log, target, self.rules, &Options::default()).unwrap()
    }
}

const SEEDS: u64 = 200;
const SHARES: [f64; 3] = [0.5, 0.4, 0.1];

/// How often the intervals of all seeds hold the truth, and the mean of the values: IPS, SNIPS, DR, conservative.
fn coverage(target: &Table, per_card: u64, orders: usize) -> ([usize; 4], [f64; 3]) {
    let world = World::new();
    let truth = target.truth();
    let (mut hit, mut sums) = ([0; 4], [0.0; 3]);
    for seed in 0..SEEDS {
        let found = world.estimate(&world.log(seed, orders, SHARES, per_card), target);
        for (n, estimate) in [found.ips, found.snips, found.dr].into_iter().enumerate() {
            hit[n] += usize::from(estimate.lower <= truth && truth <= estimate.upper);
            sums[n] += estimate.value / SEEDS as f64;
        }
        hit[3] += usize::from(found.conservative.lower <= truth && truth <= found.conservative.upper);
    }
    (hit, sums)
}

#[test]
fn intervals_hold_the_truth_of_a_policy_that_never_ran() {
    for per_card in [1, 3] {
        let (hit, means) = coverage(&TARGET, per_card, 2_400);
        let truth = TARGET.truth();
        // 95 % of 200, give or take two and a half standard deviations of a binomial.
        for (n, hit) in hit[..3].iter().enumerate() {
            assert!((182..=198).contains(hit), "estimator {n}: {hit} of {SEEDS}, {per_card} orders a card");
        }
        assert!(hit[3] >= 195, "the conservative interval: {} of {SEEDS}", hit[3]);
        for (n, mean) in means.iter().enumerate() {
            assert!((mean - truth).abs() < 0.012, "estimator {n}: {mean} for {truth}");
        }
    }
}

#[test]
fn the_ladder_is_known_from_its_own_arm_and_from_those_that_agree() {
    let (hit, means) = coverage(&LADDER, 1, 600);
    assert!(hit[..3].iter().all(|hit| (182..=198).contains(hit)), "{hit:?}");
    assert!(means.iter().all(|mean| (mean - LADDER.truth()).abs() < 0.012), "{means:?} {}", LADDER.truth());
}

#[test]
fn what_ran_is_estimated_as_its_plain_mean() {
    let world = World::new();
    let log = world.log(3, 500, [1.0, 0.0, 0.0], 1);
    let found = world.estimate(&log, &LIVE);
    let plain =
        log.iter().filter(|episode| episode.steps.iter().any(|step| step.outcome != Outcome::Declined)).count() as f64 / 500.0;
    for value in [found.logged, found.ips.value, found.snips.value, found.dr.value] {
        assert!((value - plain).abs() < 1e-12, "{value} {plain}");
    }
    assert_eq!((found.matched, found.clipped), (500, 0));
    assert!((found.effective - 500.0).abs() < 1e-9 && (found.coverage - 1.0).abs() < 1e-12 && found.warnings.is_empty());
    let error = (plain * (1.0 - plain) / 499.0).sqrt();
    assert!((found.ips.standard_error - error).abs() < 1e-9, "the binomial error");
}

#[test]
fn self_normalising_undoes_any_scale_of_the_weights() {
    let world = World::new();
    let log = world.log(5, 800, SHARES, 1);
    let scaled = |scale: f64| {
        let shares = Shares { policy: 0.5 * scale, explore: 0.4 * scale, holdout: 0.1 * scale };
        estimate(&log, &TARGET, world.rules, &Options { shares: Some(shares), ..Options::default() }).unwrap()
    };
    let (one, half) = (scaled(1.0), scaled(0.5));
    assert!((one.snips.value - half.snips.value).abs() < 1e-12);
    assert!((one.snips.standard_error - half.snips.standard_error).abs() < 1e-12);
    assert!((one.ips.value * 2.0 - half.ips.value).abs() < 1e-12, "IPS is not");
    assert!((one.effective - half.effective).abs() < 1e-6);
}

#[test]
fn doubly_robust_is_right_when_either_part_is() {
    let world = World::new();
    let mean = |target: &Table, scale: f64| {
        let of = |seed| {
            let log = world.log(seed, 600, SHARES, 1);
            let real = Shares::of(&log);
            let shares = Shares { policy: real.policy * scale, explore: real.explore * scale, holdout: real.holdout * scale };
            let options = Options { shares: Some(shares), ..Options::default() };
            let found = estimate(&log, target, world.rules, &options).unwrap();
            (found.dr.value / SEEDS as f64, found.ips.value / SEEDS as f64)
        };
        (0..SEEDS).map(of).fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    };
    let truth = TARGET.truth();
    let misled = Table { belief: 0.3, ..TARGET };
    assert!((mean(&misled, 1.0).0 - truth).abs() < 0.01, "right weights, wrong expectation");
    let (dr, ips) = mean(&TARGET, 2.0);
    assert!((dr - truth).abs() < 0.01, "wrong weights, right expectation: {dr} for {truth}");
    assert!((ips - truth).abs() > 0.2, "which IPS does not forgive: {ips}");
}

#[test]
fn a_good_expectation_makes_the_estimate_steadier() {
    let world = World::new();
    let found = world.estimate(&world.log(11, 2_000, SHARES, 1), &TARGET);
    assert!(found.dr.standard_error < found.ips.standard_error, "{found:?}");
}

#[test]
fn amounts_weigh_orders_by_what_was_due() {
    let world = World::new();
    // By kind: 1 − (1 − 0.5)(1 − 0.4) of 10.00 and 1 − (1 − 0.6)(1 − 0.5) of 20.00, equally often.
    let truth = (0.7 * 1_000.0 + 0.8 * 2_000.0) / 3_000.0;
    let options = Options { worth: Worth::Amount, ..Options::default() };
    let (mut hit, mut sum) = (0, 0.0);
    for seed in 0..SEEDS {
        let found = estimate(&world.log(seed, 600, SHARES, 1), &TARGET, world.rules, &options).unwrap();
        hit += usize::from(found.dr.lower <= truth && truth <= found.dr.upper);
        sum += found.dr.value / SEEDS as f64;
    }
    assert!((182..=198).contains(&hit) && (sum - truth).abs() < 0.01, "{hit} {sum} {truth}");
}

#[test]
fn what_no_arm_ever_did_is_told_not_guessed() {
    use recoup_recovery::evaluate::Warning;
    let world = World::new();
    let found = world.estimate(&world.log(1, 400, [0.9, 0.0, 0.1], 1), &TARGET);
    assert!(found.warnings.contains(&Warning::Uncovered), "{found:?}");
    assert!(found.coverage < 0.8 && found.ips.value < TARGET.truth());
    let never = Table { choice: [[3, 3], [3, 3]], ..TARGET };
    let found = world.estimate(&world.log(1, 400, [0.9, 0.0, 0.1], 1), &never);
    assert_eq!((found.matched, found.ips.value), (0, 0.0));
    assert!(found.warnings.contains(&Warning::NoMatch));
    assert!((found.conservative.lower - 0.0).abs() < f64::EPSILON && (found.conservative.upper - 1.0).abs() < f64::EPSILON);
}

#[test]
fn clipping_is_counted_and_lowers() {
    let world = World::new();
    let log = world.log(2, 800, SHARES, 1);
    let clipped = estimate(&log, &TARGET, world.rules, &Options { weight_max: 3.0, ..Options::default() }).unwrap();
    let whole = world.estimate(&log, &TARGET);
    assert!(clipped.clipped > 0 && clipped.ips.value < whole.ips.value);
    assert_eq!(whole.clipped, 0);
}

#[test]
fn a_difference_is_known_better_than_its_sides() {
    let world = World::new();
    let options = Options::default();
    let near = Table { name: "near", choice: [[1, 1], [0, 2]], belief: 1.0 };
    let truth = near.truth() - LIVE.truth();
    let (mut hit, mut narrower) = (0, 0);
    for seed in 0..SEEDS {
        let log = world.log(seed, 600, SHARES, 1);
        let found = gain(&log, &near, &LIVE, world.rules, &options).unwrap();
        hit += usize::from(found.lower <= truth && truth <= found.upper);
        narrower += usize::from(found.standard_error < world.estimate(&log, &near).dr.standard_error);
        assert_eq!(lower_bound(&log, &near, &LIVE, world.rules, &options), Some(found.certain));
    }
    assert!((182..=198).contains(&hit) && narrower > 190, "{hit} {narrower}");
    let few = world.log(1, 20, SHARES, 1);
    assert_eq!(lower_bound(&few, &near, &LIVE, world.rules, &options), None, "twenty orders bound nothing");
    let same = gain(&few, &LIVE, &LIVE, world.rules, &options).unwrap();
    assert_eq!((same.value, same.differing), (0.0, 0));
}

#[test]
fn nothing_is_said_of_nothing() {
    let world = World::new();
    assert_eq!(estimate(&[], &TARGET, world.rules, &Options::default()), None);
    let empty = Episode { unit: 1, arm: Arm::Policy, due: Money::new(100, Currency::USD), steps: vec![] };
    assert_eq!(estimate(&[empty], &TARGET, world.rules, &Options::default()), None);
}

#[test]
fn a_logged_choice_is_asked_of_the_other_arms() {
    let world = World::new();
    let step = |slot, arm| {
        let chosen = Some(moment(world.case.now, slot));
        let logged = Logged { case: world.case.clone(), chosen, propensity: 1.0, outcome: Outcome::Declined };
        Step::of(logged, arm, &LIVE, world.rules, 3_600)
    };
    // The case is of the dearer kind, where the live policy takes the first moment; the fixed ladder comes a day later.
    assert!(step(0, Arm::Explore).by_policy && !step(1, Arm::Explore).by_policy);
    assert!(step(1, Arm::Policy).by_policy && !step(1, Arm::Explore).by_holdout);
    let ladder = Some(world.case.placed_at + HOUR * 24);
    let logged = Logged { case: world.case.clone(), chosen: ladder, propensity: 0.1, outcome: Outcome::NotMade };
    assert!(Step::of(logged, Arm::Explore, &LIVE, world.rules, 3_600).by_holdout);
}

fn draw(rng: &mut ChaCha8Rng, arm: Arm, kind: usize, tried: usize) -> (usize, f64) {
    let live = LIVE.choice[kind][tried];
    match arm {
        Arm::Policy => (live, 1.0),
        Arm::Holdout => (LADDER.choice[kind][tried], 1.0),
        Arm::Explore => {
            let mut draw: f64 = rng.random();
            for slot in 0..SLOTS {
                let chance = explored(slot, live);
                if draw < chance || slot == SLOTS - 1 {
                    return (slot, chance);
                }
                draw -= chance;
            }
            unreachable!("the last moment takes what is left")
        }
    }
}
