//! How far to trust the model for this merchant: its chances, held against the merchant's own retries.
//!
//! For each class the model's log-odds are shifted by an unknown amount. Before any data the shift is normal with mean
//! [`SHIFT`] and deviation [`SPREAD`]: published recovery rates are mostly vendors' own figures about other merchants,
//! so odds are taken a fifth lower, give or take a good half. Every own retry of the merchant (when it was made, what the
//! model would have said, what came of it) moves the shift: the maximum a posteriori with its curvature (Laplace).

use std::collections::BTreeMap;

use domain::decline::Class;

use crate::{
    episode::{Episode, Fate},
    gauss::{logistic, logit},
    outlook::Brain,
};

/// Mean of the shift before any data, log-odds.
pub const SHIFT: f64 = -0.25;
/// Its deviation.
pub const SPREAD: f64 = 0.45;
/// For an answer while the customer waits, of which no rate is published: odds a third of the model's.
pub const SHIFT_REALTIME: f64 = -1.1;
/// Its deviation.
pub const SPREAD_REALTIME: f64 = 0.7;
/// What is taken of a plan's chance, at last: a plan of several attempts that learns from each failure looks better on
/// paper than live, and nobody else's published total is above seven in ten.
pub const CARRY: f64 = 0.75;
/// Its deviation between worlds.
pub const CARRY_SPREAD: f64 = 0.10;
/// Own retries that are looked at.
pub const RETRIES_MAX: usize = 4_000;

/// The shift of a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    pub mean: f64,
    pub spread: f64,
    /// Own retries it was held against.
    pub retries: u32,
    /// How many the model expected to succeed.
    pub expected: f64,
    /// How many succeeded.
    pub succeeded: u32,
}

impl Shift {
    /// Before any data.
    pub const PRIOR: Self = Self { mean: SHIFT, spread: SPREAD, retries: 0, expected: 0.0, succeeded: 0 };
    /// Before any data, while the customer waits.
    pub const REALTIME: Self = Self { mean: SHIFT_REALTIME, spread: SPREAD_REALTIME, retries: 0, expected: 0.0, succeeded: 0 };
}

/// Holds the model against the merchant's own retries of merchant-initiated payments.
pub fn calibrate(brain: &Brain<'_>) -> BTreeMap<Class, Shift> {
    let retried: Vec<&Episode> = brain.episodes.list.iter().filter(|episode| was_retried(brain, episode)).collect();
    let step = retried.len().div_ceil(RETRIES_MAX).max(1);
    let mut trials: BTreeMap<Class, Vec<(f64, bool)>> = BTreeMap::new();
    for episode in retried.into_iter().step_by(step) {
        for (class, chance, succeeded) in of(brain, episode) {
            trials.entry(class).or_default().push((chance, succeeded));
        }
    }
    trials.into_iter().map(|(class, trials)| (class, fit(&trials))).collect()
}

fn was_retried(brain: &Brain<'_>, episode: &Episode) -> bool {
    let declines = brain.episodes.declines(episode);
    let mit = brain.history.rows[declines[0] as usize].mit;
    mit && (declines.len() > 1 || (episode.fate == Fate::Collected && episode.approval.is_some()))
}

/// The first retries of a payment: what the model would have said, and what came.
fn of(brain: &Brain<'_>, episode: &Episode) -> Vec<(Class, f64, bool)> {
    const RETRIES_OF_ONE_MAX: usize = 4;
    let declines = brain.episodes.declines(episode);
    let all: Vec<u32> = declines.iter().copied().chain(episode.approval).collect();
    let retries = (1..all.len()).take(RETRIES_OF_ONE_MAX).filter_map(|n| {
        let row = &brain.history.rows[all[n] as usize];
        let (class, chance) = brain.chance_at(&all[..n], row.at)?;
        Some((class, chance, row.approved))
    });
    retries.collect()
}

fn fit(trials: &[(f64, bool)]) -> Shift {
    const ROUNDS: usize = 25;
    let precision = 1.0 / (SPREAD * SPREAD);
    let odds: Vec<(f64, f64)> = trials.iter().map(|(chance, ok)| (logit(*chance), f64::from(u8::from(*ok)))).collect();
    let (mut mean, mut curvature) = (SHIFT, precision);
    for _ in 0..ROUNDS {
        let chances = odds.iter().map(|(odds, ok)| (logistic(odds + mean), ok));
        let (slope, sum) = chances.fold((0.0, 0.0), |(slope, sum), (p, ok)| (slope + ok - p, sum + p * (1.0 - p)));
        curvature = precision + sum;
        // A full Newton step can leave the region where it is sound; one unit at a time cannot.
        mean += ((slope - precision * (mean - SHIFT)) / curvature).clamp(-1.0, 1.0);
    }
    Shift {
        mean,
        spread: (1.0 / curvature).sqrt(),
        retries: trials.len() as u32,
        expected: trials.iter().map(|(chance, _)| chance).sum(),
        succeeded: trials.iter().filter(|(_, ok)| *ok).count() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_move_the_shift_and_narrow_it() {
        let nothing = fit(&[]);
        assert!((nothing.mean - SHIFT).abs() < 1e-9 && (nothing.spread - SPREAD).abs() < 1e-9);
        let trials = |share: usize| (0..1_000).map(|n| (0.3, n % 100 < share)).collect::<Vec<_>>();
        let (low, high) = (fit(&trials(15)), fit(&trials(45)));
        assert!(low.mean < SHIFT && high.mean > 0.3, "{low:?} {high:?}");
        assert!(high.spread < 0.1 && high.succeeded == 450);
        assert!((logistic(logit(0.3) + high.mean) - 0.45).abs() < 0.02, "{high:?}");
    }

    #[test]
    fn certain_chances_do_no_harm() {
        let shift = fit(&[(0.0, true), (1.0, false), (f64::NAN, true)]);
        assert!(shift.mean.is_finite() && shift.spread > 0.0);
    }
}
