//! Learning from attempts and their results: the structure by expectation and maximisation, then trees for the rest.

mod count;
mod trees;

use domain::rules::Rules;

use super::{belief::Belief, params::Params};
use crate::{model::Model, trial::Trial, view::View};
use count::Counts;

/// Rounds of expectation and maximisation; the numbers hardly move after these.
const ROUNDS: usize = 6;
/// Trials that one learning looks at, the newest.
pub const TRIALS_MAX: usize = 60_000;
/// Below this nothing is learnt.
pub const TRIALS_MIN: usize = 200;

/// How to learn.
#[derive(Debug, Clone)]
pub struct Options {
    /// The new model's version.
    pub version: String,
    /// What chance is drawn from.
    pub seed: u64,
}

/// Why nothing was learnt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LearnError {
    /// Too little was seen.
    #[error("{seen} attempts are not enough to learn from; {needed} are needed")]
    TooFew {
        /// Attempts seen.
        seen: usize,
        /// Attempts needed.
        needed: usize,
    },
    /// The trees could not be grown.
    #[error("the trees could not be grown: {0}")]
    Trees(String),
}

/// Learns a model from trials, in order of time. Pure: the same trials, rules and options give the same model, bit for
/// bit. Takes seconds for tens of thousands of trials.
pub fn learn(trials: &[Trial], rules: &Rules, options: &Options) -> Result<Model, LearnError> {
    if trials.len() < TRIALS_MIN {
        return Err(LearnError::TooFew { seen: trials.len(), needed: TRIALS_MIN });
    }
    let trials = &trials[trials.len().saturating_sub(TRIALS_MAX)..];
    let ledgers: Vec<_> = trials.iter().map(|trial| trial.case.entries()).collect();
    let cases: Vec<_> = trials.iter().zip(&ledgers).map(|(trial, ledger)| trial.case.case(ledger)).collect();
    let views: Vec<View<'_>> = cases.iter().map(|case| View::new(case, rules)).collect();
    let priors = Params::priors();
    let mut params = priors.clone();
    for _ in 0..ROUNDS {
        let mut counts = Counts::new(&priors);
        for (view, trial) in views.iter().zip(trials) {
            counts.count(view, &Belief::of(view, &params), trial);
        }
        params = counts.params(&priors);
    }
    let correction = trees::grow(&views, trials, &params, options)?;
    Ok(Model { version: options.version.clone(), params, correction: Some(correction) })
}
