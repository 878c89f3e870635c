//! The set of moments that most likely holds one that works.
//!
//! The chance that any of a set of moments succeeds, under a mixture of hypotheses, is a submodular function of the
//! set: taking the best next moment again and again comes near the optimum, and what a moment adds only shrinks as the
//! set grows, so most moments need not be looked at again. A moment is worth a little less the later it comes, and
//! each must add more than it costs.

use domain::time::Timestamp;

use super::{
    belief::{Active, Belief},
    hypothesis::{Hypothesis, Local, World},
};
use crate::slot::Slot;

/// What a day's delay costs, as a share: a subscription resumed early keeps its customer.
const DELAY_COST_PER_DAY: f64 = 0.004;
/// A further attempt must add at least this chance, or it is not worth its fee and the issuer's patience.
const GAIN_MIN: f64 = 0.006;
/// Attempts looked ahead.
const LOOKAHEAD_ATTEMPTS_MAX: usize = 6;
/// Hypotheses weighed; the lighter ones change nothing.
const ACTIVE_MAX: usize = 24;

/// A moment with what the trees correct there, as an addition to the log-odds.
#[derive(Debug, Clone, Copy)]
pub struct Weighed {
    /// The moment.
    pub at: Timestamp,
    /// Added to the log-odds of every hypothesis.
    pub correction: f64,
}

/// Marks the best set of at most `attempts` moments (ascending in time); each gets its chance.
pub fn choose(belief: &Belief<'_>, moments: &[Weighed], attempts: u32) -> Vec<Slot> {
    let table = Table::new(belief, moments);
    let set = table.best(LOOKAHEAD_ATTEMPTS_MAX.min(attempts as usize));
    let slot = |(n, moment): (usize, &Weighed)| {
        let wanted = set.contains(&n);
        Slot { at: moment.at, probability: table.first(n), propensity: 0.0, wanted }
    };
    moments.iter().enumerate().map(slot).collect()
}

/// What an attempt at a moment is worth now, for comparing hours of the same plan.
pub fn worth(probability: f64, at: Timestamp, from: Timestamp) -> f64 {
    let days = at.since(from).as_secs_f64() / 86_400.0;
    probability * (1.0 - DELAY_COST_PER_DAY * days).max(0.0)
}

/// Adds to the log-odds of a chance.
pub fn corrected(chance: f64, correction: f64) -> f64 {
    if correction == 0.0 { chance } else { shifted(chance, correction.exp()) }
}

fn shifted(chance: f64, factor: f64) -> f64 {
    if (factor - 1.0).abs() < f64::EPSILON {
        return chance;
    }
    let odds = chance / (1.0 - chance).max(1e-9) * factor;
    (odds / (1.0 + odds)).clamp(0.0, 1.0)
}

/// The chances of every active hypothesis, worked out as far as no set changes them.
struct Table<'a> {
    world: World<'a>,
    active: Vec<Active>,
    local: Vec<Local>,
    /// By moment: what odds are multiplied by.
    factor: Vec<f64>,
    /// By moment: what is left of its worth after the delay.
    patience: Vec<f64>,
    /// By hypothesis, then by moment: the chance when it is the first of the set.
    first: Vec<Vec<f64>>,
    /// The same when money came since the last failure, with the day it came; of hypotheses with pay days.
    paid: Vec<Vec<(f64, f64)>>,
    /// By moment: the chance when no money came since a failure of the set, by the moment of that failure.
    top_up: Vec<Vec<f64>>,
}

impl<'a> Table<'a> {
    fn new(belief: &'a Belief<'_>, moments: &[Weighed]) -> Self {
        let world = belief.world();
        let mut active = belief.active();
        active.truncate(ACTIVE_MAX);
        let local: Vec<Local> = moments.iter().map(|moment| belief.local(moment.at)).collect();
        let factor: Vec<f64> = moments.iter().map(|moment| moment.correction.exp()).collect();
        let start = belief.since().days;
        let first = |of: &Active| {
            let chance = |(at, factor): (&Local, &f64)| shifted(belief.chance(&world, of.hypothesis, *at), *factor);
            local.iter().zip(&factor).map(chance).collect()
        };
        let paid = |of: &Active| match of.hypothesis {
            Hypothesis::Paid { calendar, .. } => {
                let credit =
                    |at: &Local| world.calendars.last_credit(calendar, at.day).map_or(f64::NEG_INFINITY, |day| day as f64);
                let chance = |(at, factor): (&Local, &f64)| (credit(at), shifted(world.fresh(of.hypothesis, *at), *factor));
                local.iter().zip(&factor).map(chance).collect()
            }
            _ => Vec::new(),
        };
        let top_up = |(at, factor): (&Local, &f64)| {
            let earlier = local.iter().take_while(|since| since.days < at.days);
            earlier.map(|since| shifted(world.top_up(*at, *since), *factor)).collect()
        };
        Self {
            patience: local.iter().map(|at| (1.0 - DELAY_COST_PER_DAY * (at.days - start)).max(0.0)).collect(),
            first: active.iter().map(first).collect(),
            paid: active.iter().map(paid).collect(),
            top_up: local.iter().zip(&factor).map(top_up).collect(),
            world,
            active,
            local,
            factor,
        }
    }

    /// Chance of a moment as the first of a set.
    fn first(&self, slot: usize) -> f64 {
        let chances = self.first.iter().map(|of| of.get(slot).copied().unwrap_or(0.0));
        self.active.iter().zip(chances).map(|(active, chance)| active.weight * chance).sum::<f64>() / self.sum()
    }

    fn sum(&self) -> f64 {
        self.active.iter().map(|active| active.weight).sum::<f64>().max(f64::MIN_POSITIVE)
    }

    /// The best set of at most `most` moments, by greed; what a moment added last bounds what it can add now.
    fn best(&self, most: usize) -> Vec<usize> {
        let mut set: Vec<usize> = Vec::new();
        let mut value = 0.0;
        let mut bounds: Vec<(usize, f64)> = (0..self.local.len()).map(|slot| (slot, f64::INFINITY)).collect();
        while set.len() < most {
            let mut best: Option<(usize, f64)> = None;
            bounds.sort_by(|a, b| b.1.total_cmp(&a.1));
            for (slot, bound) in &mut bounds {
                if best.is_some_and(|(_, gain)| gain >= *bound) {
                    break;
                }
                *bound = self.value(&with(&set, *slot)) - value;
                if best.is_none_or(|(_, gain)| *bound > gain) {
                    best = Some((*slot, *bound));
                }
            }
            let Some((slot, gain)) = best else { break };
            if gain < GAIN_MIN && !set.is_empty() {
                break;
            }
            set = with(&set, slot);
            value += gain;
            bounds.retain(|(other, _)| *other != slot);
        }
        set
    }

    /// Expected worth of a set of moments: the chance that one succeeds, less the delay.
    fn value(&self, set: &[usize]) -> f64 {
        self.active.iter().enumerate().map(|(n, active)| active.weight * self.value_of(n, active.hypothesis, set)).sum()
    }

    fn value_of(&self, n: usize, hypothesis: Hypothesis, set: &[usize]) -> f64 {
        let (mut failed, mut worth) = (1.0, 0.0);
        let mut since: Option<usize> = None;
        for slot in set {
            let chance = match since {
                None => self.first[n][*slot],
                Some(since) => self.again(n, hypothesis, *slot, since),
            };
            worth += failed * chance * self.patience[*slot];
            failed *= 1.0 - chance;
            since = Some(*slot);
        }
        worth
    }

    /// Chance of a moment after the failure of an earlier one of the set.
    fn again(&self, n: usize, hypothesis: Hypothesis, slot: usize, since: usize) -> f64 {
        let failed_at = self.local[since];
        match self.paid[n].get(slot) {
            Some((credit, chance)) if failed_at.days < *credit => *chance,
            Some(_) => self.top_up[slot].get(since).copied().unwrap_or(0.0),
            None => shifted(self.world.chance(hypothesis, self.local[slot], failed_at), self.factor[slot]),
        }
    }
}

fn with(set: &[usize], slot: usize) -> Vec<usize> {
    let mut grown = Vec::with_capacity(set.len() + 1);
    let place = set.partition_point(|other| *other < slot);
    grown.extend_from_slice(&set[..place]);
    grown.push(slot);
    grown.extend_from_slice(&set[place..]);
    grown
}
