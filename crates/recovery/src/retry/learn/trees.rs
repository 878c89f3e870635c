//! Growing the trees that correct the structure.

use super::{LearnError, Options};
use crate::{
    retry::{
        belief::Belief,
        correct::Correction,
        features::{COLUMNS, Known, Rates},
        params::Params,
    },
    trees::{self, train},
    trial::Trial,
    view::View,
};

/// Trees grown: more fit better and make every decision slower.
const TREES: usize = 160;
/// How far the trees are followed at most. The plan seeks out the moments that they praise, and with them their errors:
/// on worlds that neither had seen, a third did better than all of it.
const TRUST_MAX: f64 = 0.35;
/// So many trials make half of that.
const HALF_TRUST_TRIALS: f64 = 1_200.0;

/// Parts that rates are counted without.
const FOLDS: usize = 5;

fn fold(trial: &Trial) -> usize {
    (trial.case.placed_at.micros() / 1_000_000).unsigned_abs() as usize % FOLDS
}

fn rates(views: &[View<'_>], trials: &[Trial], counts: impl Fn(&Trial) -> bool) -> Rates {
    let mut rates = Rates::default();
    let of = views.iter().zip(trials).filter(|(_, trial)| counts(trial));
    of.for_each(|(view, trial)| rates.count(view, trial.at, trial.approved));
    rates
}

/// Grows them over what every trial looked like before its result was known.
pub fn grow(views: &[View<'_>], trials: &[Trial], params: &Params, options: &Options) -> Result<Correction, LearnError> {
    let rates = rates(views, trials, |_| true);
    // The rates that a row is read with must not know its own result, nor that of its order's other attempts.
    let others: Vec<Rates> = (0..FOLDS).map(|fold| self::rates(views, trials, |trial| self::fold(trial) != fold)).collect();
    let mut rows: Vec<f32> = Vec::with_capacity(trials.len() * COLUMNS);
    for (view, trial) in views.iter().zip(trials) {
        let belief = Belief::of(view, params);
        rows.extend(Known::new(view, &belief, &others[fold(trial)]).at(trial.at));
    }
    let labels: Vec<f32> = trials.iter().map(|trial| f32::from(u8::from(trial.approved))).collect();
    let how = trees::Options {
        trees: TREES,
        depth: 5,
        rate: 0.06,
        min_child: 4.0,
        l2: 8.0,
        subsample: 0.8,
        columns: 0.7,
        seed: options.seed,
        ..trees::Options::default()
    };
    let forest = train(&rows, COLUMNS, &labels, None, &how).map_err(|error| LearnError::Trees(error.to_string()))?;
    let seen = trials.len() as f64;
    Ok(Correction { forest, rates, trust: TRUST_MAX * seen / (seen + HALF_TRUST_TRIALS) })
}
