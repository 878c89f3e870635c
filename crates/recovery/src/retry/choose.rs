//! The set of moments that most likely holds one that works.
//!
//! The chance that any of a set of moments succeeds, under a mixture of hypotheses, is a submodular function of the
//! set: taking the best next moment again and again comes near the optimum. A moment is worth a little less the later
//! it comes, and each must add more than it costs.

use domain::time::Timestamp;

use super::{
    belief::{Active, Belief},
    cause::Cause,
    hypothesis::Local,
};
use crate::slot::Slot;

/// What a day's delay costs, as a share: a subscription resumed early keeps its customer.
const DELAY_COST_PER_DAY: f64 = 0.004;
/// A further attempt must add at least this chance, or it is not worth its fee and the issuer's patience.
const GAIN_MIN: f64 = 0.006;
/// Attempts looked ahead.
const LOOKAHEAD_ATTEMPTS_MAX: usize = 8;
/// Hypotheses weighed; the lighter ones change nothing.
const ACTIVE_MAX: usize = 48;

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
    let most = LOOKAHEAD_ATTEMPTS_MAX.min(attempts as usize);
    let mut set: Vec<usize> = Vec::new();
    let mut value = 0.0;
    while set.len() < most {
        let free = (0..moments.len()).filter(|slot| !set.contains(slot));
        let tried = free.map(|slot| (slot, table.value(&with(&set, slot))));
        let Some((slot, better)) = tried.max_by(|a, b| a.1.total_cmp(&b.1)) else { break };
        if better - value < GAIN_MIN && !set.is_empty() {
            break;
        }
        set = with(&set, slot);
        value = better;
    }
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
    if correction == 0.0 {
        return chance;
    }
    let odds = chance / (1.0 - chance).max(1e-9) * correction.exp();
    (odds / (1.0 + odds)).clamp(0.0, 1.0)
}

/// The chances of every active hypothesis, worked out as far as no set changes them.
struct Table<'a> {
    belief: &'a Belief<'a>,
    active: Vec<Active>,
    local: Vec<Local>,
    correction: Vec<f64>,
    /// By moment, then by hypothesis: the chance when it is the first of the set.
    first: Vec<Vec<f64>>,
}

impl<'a> Table<'a> {
    fn new(belief: &'a Belief<'a>, moments: &[Weighed]) -> Self {
        let mut active = belief.active();
        active.truncate(ACTIVE_MAX);
        let local: Vec<Local> = moments.iter().map(|moment| belief.local(moment.at)).collect();
        let world = belief.world();
        let row = |(at, moment): (&Local, &Weighed)| {
            active.iter().map(|of| corrected(belief.chance(&world, of.hypothesis, *at), moment.correction)).collect()
        };
        let first = local.iter().zip(moments).map(row).collect();
        Self { belief, active, local, correction: moments.iter().map(|moment| moment.correction).collect(), first }
    }

    /// Chance of a moment as the first of a set.
    fn first(&self, slot: usize) -> f64 {
        let chances = self.first.get(slot).map(Vec::as_slice).unwrap_or_default();
        let sum: f64 = self.active.iter().map(|active| active.weight).sum();
        let chance: f64 = self.active.iter().zip(chances).map(|(active, chance)| active.weight * chance).sum();
        chance / sum.max(f64::MIN_POSITIVE)
    }

    /// Expected worth of a set of moments: the chance that one succeeds, less the delay.
    fn value(&self, set: &[usize]) -> f64 {
        let world = self.belief.world();
        let start = self.belief.since().days;
        let mut total = 0.0;
        for (n, active) in self.active.iter().enumerate() {
            let (mut failed, mut worth) = (1.0, 0.0);
            let mut since: Option<Local> = None;
            for slot in set {
                let at = self.local[*slot];
                let chance = match since {
                    // Memoryless causes depend on the last failure only through the gap; money on what came in between.
                    Some(since) => corrected(world.chance(active.hypothesis, at, since), self.correction[*slot]),
                    None => self.first[*slot][n],
                };
                worth += failed * chance * (1.0 - DELAY_COST_PER_DAY * (at.days - start)).max(0.0);
                failed *= 1.0 - chance;
                since = Some(at);
                if active.hypothesis.cause() == Cause::Dead {
                    break;
                }
            }
            total += active.weight * worth;
        }
        total
    }
}

fn with(set: &[usize], slot: usize) -> Vec<usize> {
    let mut grown = set.to_vec();
    grown.insert(grown.partition_point(|other| *other < slot), slot);
    grown
}
