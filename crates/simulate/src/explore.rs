//! Attempts at random lawful moments: what models learn from before they decide anything.

use domain::{
    rules::Rules,
    time::{HOUR, Timestamp},
};
use recovery::{Snapshot, Trial};

use crate::{draw::Draw, oracle, play::Course, population::Population, rebill::Rebill, share::in_parallel};

/// How moments are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Explorer {
    /// Attempts on one failed rebill.
    pub attempts_max: u32,
    /// Seed of the moments.
    pub seed: u64,
}

/// What draws are for.
const MOMENTS: u64 = 2;

/// At least so many attempts (unless the world declines next to nothing), on customers of the months before.
pub fn explore(population: &Population, count: usize, explorer: Explorer, rules: &Rules) -> Vec<Trial> {
    // One failed rebill in three is dead or forbidden; the others are tried several times.
    const TRIALS_EACH: usize = 3;
    let mut trials = Vec::with_capacity(count + 64);
    let rebills = if count == 0 { Vec::new() } else { population.before().failed(count.div_ceil(TRIALS_EACH) + 50) };
    for made in in_parallel(&rebills, |rebill| one(rebill, explorer, rules)) {
        trials.extend(made);
        if trials.len() >= count {
            break;
        }
    }
    trials.truncate(count);
    trials
}

/// Works one failed rebill at hours drawn evenly from a stretch of what is left of its period.
fn one(rebill: &Rebill, explorer: Explorer, rules: &Rules) -> Vec<Trial> {
    let mut draw = Draw::new(explorer.seed, MOMENTS, rebill.number);
    let mut course = Course::new(rebill, explorer.attempts_max);
    let mut trials = Vec::new();
    for left in (1..=explorer.attempts_max).rev() {
        let Some(lawful) = oracle::lawful_from(&course, rules) else { break };
        let (at, propensity) = moment(lawful, rebill.window_ends_at, left, &mut draw);
        let Some(at) = at else { break };
        let case = Snapshot::of(&course.case());
        let approved = course.attempt(at, 0.0);
        let Some(made) = course.played.attempts.last() else { break };
        trials.push(Trial { case, at, answer: made.answer.clone(), approved, propensity });
        if approved {
            break;
        }
    }
    trials
}

/// An hour of the stretch that two shares of the rest of the period make, so that attempts spread over all of it.
fn moment(lawful: Timestamp, until: Timestamp, left: u32, draw: &mut Draw) -> (Option<Timestamp>, f64) {
    let rest_hours = until.since(lawful).as_secs() / 3_600;
    let hours = (2 * rest_hours / u64::from(left)).clamp(1, rest_hours.max(1));
    let at = lawful + HOUR * draw.below(hours) as u32 + HOUR.mul_f64(draw.unit());
    ((at < until).then_some(Timestamp::from_secs(at.secs())), 1.0 / hours as f64)
}
