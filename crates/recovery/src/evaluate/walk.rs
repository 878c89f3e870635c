//! An episode walked beside the target: how much each of its steps says about it.

use domain::{decision::Arm, rules::Rules};

use super::{
    episode::{Episode, Outcome, Step, asked, moment, same_slot},
    estimator::{Options, Shares},
};
use crate::{plan::Plan, policy::Policy};

/// What one episode says.
pub struct Walk {
    /// What was drawn into the arm.
    pub unit: u64,
    /// The arm.
    pub arm: Arm,
    /// The weight of each step up to the divergence, and what it earned as a part of what was due.
    pub steps: Vec<Weighed>,
    /// Expectation of the target at the first step.
    pub expected: f64,
    /// Did all that the target would have done.
    pub is_whole: bool,
    /// What was earned in all, as a part of what was due.
    pub earned: f64,
    /// What was due, minor units.
    pub due: f64,
    /// A weight was clipped.
    pub is_clipped: bool,
}

/// One step.
#[derive(Clone, Copy)]
pub struct Weighed {
    /// Its weight.
    pub weight: f64,
    /// What it earned, as a part of what was due.
    pub earned: f64,
    /// What the target expected before it.
    pub expected: f64,
    /// What the target expected after it.
    pub expected_after: f64,
}

impl Walk {
    /// The weight of the whole episode: zero once it diverged.
    pub fn last_weight(&self) -> f64 {
        self.steps.last().filter(|_| self.is_whole).map_or(0.0, |step| step.weight)
    }

    /// The weight at a step: after its end, an episode keeps the last.
    pub fn weight_at(&self, step: usize) -> f64 {
        self.steps.get(step).map_or_else(|| self.last_weight(), |step| step.weight)
    }
}

/// Walks an episode; none when it has no decision or nothing was due.
pub fn walk(episode: &Episode, target: &dyn Policy, rules: &Rules, shares: &Shares, options: &Options) -> Option<Walk> {
    let due = episode.due.minor as f64;
    let first = episode.steps.first().filter(|_| due > 0.0)?;
    let mut plan = ask(first, target, rules);
    let mut walked = Walk {
        unit: episode.unit,
        arm: episode.arm,
        steps: Vec::with_capacity(episode.steps.len()),
        expected: expected(first, &plan, due),
        is_whole: true,
        earned: episode.steps.iter().map(|step| earned(step, due)).sum(),
        due,
        is_clipped: false,
    };
    let mut prefix = Prefix { by_policy: true, by_holdout: true, propensity: 1.0 };
    for (n, step) in episode.steps.iter().enumerate() {
        if !same_slot(&step.case, step.chosen, moment(&plan.action), options.slot_secs()) {
            walked.is_whole = false;
            break;
        }
        prefix.add(step);
        let exact = prefix.weight(episode.arm, shares);
        let weight = exact.min(options.weight_max);
        walked.is_clipped |= weight < exact;
        let before = expected(step, &plan, due);
        let next = episode.steps.get(n + 1);
        if let Some(next) = next {
            plan = ask(next, target, rules);
        }
        let expected_after = next.map_or(0.0, |next| expected(next, &plan, due));
        walked.steps.push(Weighed { weight, earned: earned(step, due), expected: before, expected_after });
    }
    Some(walked)
}

fn ask(step: &Step, target: &dyn Policy, rules: &Rules) -> Plan {
    asked(&step.case, |case| target.plan(case, rules))
}

/// Who could have made the beginning of an episode.
struct Prefix {
    by_policy: bool,
    by_holdout: bool,
    propensity: f64,
}

impl Prefix {
    fn add(&mut self, step: &Step) {
        self.by_policy &= step.by_policy;
        self.by_holdout &= step.by_holdout;
        self.propensity *= step.propensity;
    }

    /// One over share × propensity, if it is this arm that speaks for the beginning.
    fn weight(&self, arm: Arm, shares: &Shares) -> f64 {
        let by_policy = self.by_policy && shares.policy > 0.0;
        let by_holdout = self.by_holdout && shares.holdout > 0.0;
        let chance = match arm {
            Arm::Policy => shares.policy * self.propensity,
            Arm::Holdout if !by_policy => shares.holdout * self.propensity,
            Arm::Explore if !by_policy && !by_holdout => shares.explore * self.propensity,
            _ => return 0.0,
        };
        if chance > 0.0 { 1.0 / chance } else { 0.0 }
    }
}

fn earned(step: &Step, due: f64) -> f64 {
    match step.outcome {
        Outcome::Approved { minor } => (minor as f64 / due).clamp(0.0, 1.0),
        Outcome::Declined | Outcome::NotMade => 0.0,
    }
}

/// What the target expects from a step on, as a part of what was due at first: the chance that any of the moments it
/// means to use succeeds, were they independent. It need not be right: it only steadies the estimate.
fn expected(step: &Step, plan: &Plan, due: f64) -> f64 {
    if moment(&plan.action).is_none() {
        return 0.0;
    }
    let attempts = plan.attempts_left.max(1) as usize;
    let wanted = plan.candidates.iter().filter(|candidate| candidate.wanted).take(attempts);
    let all_fail: f64 = wanted.map(|candidate| 1.0 - candidate.probability.clamp(0.0, 1.0)).product();
    let chance = (1.0 - all_fail).max(plan.probability.clamp(0.0, 1.0));
    chance * (step.case.amount.minor as f64 / due).clamp(0.0, 1.0)
}
