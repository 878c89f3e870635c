//! IPS, SNIPS and doubly robust, side by side.

use std::time::Duration;

use domain::{decision::Arm, rules::Rules};
use serde::Serialize;

use super::{
    bound::{Conservative, Estimate, Part, bernstein_lower, standard_error},
    episode::Episode,
    walk::{Walk, walk},
};
use crate::policy::Policy;

/// Below so many effective episodes, normal bounds are not to be trusted.
const EFFECTIVE_MIN: f64 = 50.0;
/// How far from one the coverage may be before it is told.
const COVERAGE_SLACK: f64 = 0.1;

domain::words! {
    /// What is averaged.
    pub enum Worth {
        /// Every order counts the same.
        Rate = "rate",
        /// Orders count by what was due; one currency only.
        Amount = "amount",
    }
}

domain::words! {
    /// Why estimates are to be read with care.
    pub enum Warning {
        /// No episode says anything about the target.
        NoMatch = "no_match",
        /// So few effective episodes that normal bounds are too narrow.
        FewEffective = "few_effective",
        /// Part of what the target does was never tried: nothing is known of it.
        Uncovered = "uncovered",
        /// Weights were clipped: IPS and DR lean to the low side.
        Clipped = "clipped",
    }
}

/// Shares of the arms, each 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "each is the arm of its name")]
pub struct Shares {
    pub policy: f64,
    pub explore: f64,
    pub holdout: f64,
}

impl Shares {
    /// As the episodes were drawn.
    pub fn of(episodes: &[Episode]) -> Self {
        let all = episodes.len().max(1) as f64;
        let of = |arm| episodes.iter().filter(|episode| episode.arm == arm).count() as f64 / all;
        Self { policy: of(Arm::Policy), explore: of(Arm::Explore), holdout: of(Arm::Holdout) }
    }
}

/// How to estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// What is averaged.
    pub worth: Worth,
    /// Largest weight of an episode.
    pub weight_max: f64,
    /// Moments within one slot of the cardholder's clock are one action.
    pub slot: Duration,
    /// Shares of the arms; none: as the episodes were drawn, which is the more precise.
    pub shares: Option<Shares>,
}

impl Default for Options {
    fn default() -> Self {
        Self { worth: Worth::Rate, weight_max: 1_000.0, slot: domain::time::HOUR, shares: None }
    }
}

impl Options {
    /// The slot in seconds.
    pub fn slot_secs(&self) -> i64 {
        i64::try_from(self.slot.as_secs()).unwrap_or(i64::MAX)
    }
}

/// What a target would have recovered of the episodes' orders.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimates {
    /// The target.
    pub target: String,
    /// Episodes looked at.
    pub episodes: usize,
    /// Cards they belong to.
    pub units: usize,
    /// Episodes that did all that the target would have done, and speak for it.
    pub matched: usize,
    /// How many episodes of equal weight would say as much: (Σw)² / Σw².
    pub effective: f64,
    /// Mean weight: one when all that the target does was tried.
    pub coverage: f64,
    /// Episodes whose weight was clipped.
    pub clipped: usize,
    /// What the logged policies recovered: the plain mean.
    pub logged: f64,
    /// Inverse propensity scoring.
    pub ips: Estimate,
    /// Self-normalised.
    pub snips: Estimate,
    /// Doubly robust.
    pub dr: Estimate,
    /// Where the truth lies, whatever the number of episodes: by truncated weights, wide.
    pub conservative: Conservative,
    /// What to mind.
    pub warnings: Vec<Warning>,
}

/// Estimates what `target` would have recovered. None without episodes that have a decision and an amount.
pub fn estimate(episodes: &[Episode], target: &dyn Policy, rules: &Rules, options: &Options) -> Option<Estimates> {
    let walks = Walks::of(episodes, target, rules, options)?;
    let mut found = Estimates {
        target: target.name().to_owned(),
        episodes: walks.all.len(),
        units: walks.units(),
        matched: walks.whole().count(),
        effective: walks.effective(),
        coverage: walks.whole().sum::<f64>() / walks.all.len() as f64,
        clipped: walks.all.iter().filter(|walk| walk.is_clipped).count(),
        logged: walks.mean(|walk| walk.earned),
        ips: walks.ips(),
        snips: walks.snips(),
        dr: walks.dr(),
        conservative: walks.conservative(),
        warnings: vec![],
    };
    found.warnings = warnings(&found);
    Some(found)
}

fn warnings(found: &Estimates) -> Vec<Warning> {
    let told = [
        (found.matched == 0, Warning::NoMatch),
        (found.matched > 0 && found.effective < EFFECTIVE_MIN, Warning::FewEffective),
        ((found.coverage - 1.0).abs() > COVERAGE_SLACK, Warning::Uncovered),
        (found.clipped > 0, Warning::Clipped),
    ];
    told.into_iter().filter(|(holds, _)| *holds).map(|(_, warning)| warning).collect()
}

/// All episodes beside one target.
pub struct Walks {
    /// One for each episode.
    pub all: Vec<Walk>,
    worth: Worth,
    mean_due: f64,
}

impl Walks {
    /// Walks them.
    pub fn of(episodes: &[Episode], target: &dyn Policy, rules: &Rules, options: &Options) -> Option<Self> {
        let shares = options.shares.unwrap_or_else(|| Shares::of(episodes));
        let all: Vec<Walk> = episodes.iter().filter_map(|episode| walk(episode, target, rules, &shares, options)).collect();
        let mean_due = all.iter().map(|walk| walk.due).sum::<f64>() / all.len() as f64;
        (!all.is_empty()).then_some(Self { all, worth: options.worth, mean_due })
    }

    /// What an order counts beside the mean one.
    fn size(&self, walk: &Walk) -> f64 {
        match self.worth {
            Worth::Rate => 1.0,
            Worth::Amount => walk.due / self.mean_due,
        }
    }

    /// Each order's part, sized.
    pub fn parts(&self, of: impl Fn(&Walk) -> f64) -> Vec<Part> {
        let part = |walk: &Walk| Part { unit: walk.unit, arm: walk.arm, value: of(walk) * self.size(walk) };
        self.all.iter().map(part).collect()
    }

    fn mean(&self, of: impl Fn(&Walk) -> f64) -> f64 {
        mean(&self.parts(of))
    }

    /// The error of a mean of parts, as a share of what was due: the sizes vary with the parts.
    fn error(&self, of: impl Fn(&Walk) -> f64, value: f64) -> f64 {
        standard_error(&self.parts(|walk| of(walk) - value))
    }

    fn units(&self) -> usize {
        let units: std::collections::BTreeSet<u64> = self.all.iter().map(|walk| walk.unit).collect();
        units.len()
    }

    fn ips(&self) -> Estimate {
        let value = self.mean(ips_part);
        Estimate::new(value, self.error(ips_part, value))
    }

    /// The lower bound is that of what is recovered, the upper one less that of what is not.
    fn conservative(&self) -> Conservative {
        let lost = bernstein_lower(&self.parts(|walk| walk.last_weight() * (1.0 - walk.earned).max(0.0)));
        Conservative { lower: bernstein_lower(&self.parts(ips_part)), upper: 1.0 - lost }
    }

    /// Each step by the sum of its weights, episodes that are over at their last weight.
    fn snips(&self) -> Estimate {
        let length = self.all.iter().map(|walk| walk.steps.len()).max().unwrap_or(0);
        let steps: Vec<(f64, f64)> = (0..length).map(|step| self.step(step)).collect();
        let value: f64 = steps.iter().map(|(_, earned)| earned).sum();
        let influence = |walk: &Walk| {
            let of = |(step, (weight, earned)): (usize, &(f64, f64))| {
                let own = walk.steps.get(step).map_or(0.0, |own| own.earned);
                if *weight > 0.0 { walk.weight_at(step) * (own - earned) / weight } else { 0.0 }
            };
            steps.iter().enumerate().map(of).sum()
        };
        Estimate::new(value, standard_error(&self.parts(influence)))
    }

    /// Mean weight of a step, and what it earned by weight.
    fn step(&self, step: usize) -> (f64, f64) {
        let weight = self.mean(|walk| walk.weight_at(step));
        let earned = self.mean(|walk| walk.steps.get(step).map_or(0.0, |own| own.weight * own.earned));
        (weight, if weight > 0.0 { earned / weight } else { 0.0 })
    }

    fn dr(&self) -> Estimate {
        let value = self.mean(dr_part);
        Estimate::new(value, self.error(dr_part, value))
    }

    /// Weights of the episodes that did all that the target would have done.
    fn whole(&self) -> impl Iterator<Item = f64> {
        self.all.iter().map(Walk::last_weight).filter(|weight| *weight > 0.0)
    }

    /// How many episodes of equal weight would say as much.
    pub fn effective(&self) -> f64 {
        let (sum, squares) = (self.whole().sum::<f64>(), self.whole().map(|weight| weight * weight).sum::<f64>());
        if squares > 0.0 { sum * sum / squares } else { 0.0 }
    }
}

/// What an episode earned, by weight.
pub fn ips_part(walk: &Walk) -> f64 {
    walk.steps.iter().map(|step| step.weight * step.earned).sum()
}

/// What the target expected, corrected by weight for how it turned out.
pub fn dr_part(walk: &Walk) -> f64 {
    let corrections = walk.steps.iter().map(|step| step.weight * (step.earned + step.expected_after - step.expected));
    walk.expected + corrections.sum::<f64>()
}

/// The mean of parts.
pub fn mean(parts: &[Part]) -> f64 {
    parts.iter().map(|part| part.value).sum::<f64>() / parts.len().max(1) as f64
}
