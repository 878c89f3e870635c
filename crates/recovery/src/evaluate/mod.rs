//! Off-policy evaluation: what would *another* policy have recovered, from the log of those that ran?
//!
//! # What was logged
//! Each order was assigned to an arm when it came: *policy* and *holdout* are deterministic, *explore* draws moments with
//! known propensities. An [`Episode`] is an order's decisions in turn, each with the case it was decided on, the chosen
//! moment, its propensity within the arm, and what became of it.
//!
//! # What is estimated
//! The share that the target policy would have recovered of the same orders. A target is deterministic (it is asked under
//! the arm *policy*), and its action is a moment: two moments are one action when they fall into the same hour of the
//! cardholder's clock ([`Options::slot`]), as candidates do; not to attempt at all is an action too.
//!
//! *Weights.* An episode speaks for the target as long as all its decisions are the target's: from the first divergence
//! on it is silent, and what it earned before counts (per-decision weighting: Precup, Sutton, Singh 2000). A beginning
//! that several arms could have made is spoken for by one of them alone, policy before holdout before explore (the maximum
//! heuristic of multiple importance sampling: Veach, Guibas 1995); its weight is one over share of the arm × product of
//! the propensities. That is unbiased for every target that the arms support, and needs nothing of the explore arm but
//! the propensities it logged. Against one over the marginal Σ share × Π propensity it loses what the explore arm knows
//! of moments that the policy would choose anyway: with a few percent of orders exploring, next to nothing.
//!
//! *Estimators.* [`ips`](Estimates::ips): the weighted mean. [`snips`](Estimates::snips): each step normalised by the sum
//! of its weights; a little biased, much steadier. [`dr`](Estimates::dr): doubly robust (Jiang, Li 2016) with the target's own
//! expectation as control variate; right when either the weights or the expectation is right. As the target is
//! deterministic it telescopes to `v₁ + Σ wₖ (rₖ + vₖ₊₁ − vₖ)`.
//!
//! *Errors.* Shares are those realised, so each arm's mean is taken out of the variance; orders of one card share an arm
//! and a ledger, so errors are summed by card first. Normal bounds trust the central limit theorem, which few effective
//! episodes do not earn; [`Estimates::conservative`] is an empirical Bernstein interval for the truth (Maurer, Pontil 2009) on weights truncated
//! at a threshold that depends on the number of cards alone: valid for any log, and wide. Truncation can only lower the estimate of something that is
//! not negative, so a lower bound stays one; the upper bound is that of what is *not* recovered.
//!
//! # What must hold
//! * Arms were drawn at random, and nothing but the arm decided who chose.
//! * A decision's result depends on the case, the moment and chance: one order's moments do not change another card's fate.
//! * Orders whose rescue is over only: the caller leaves open ones out.
//! * Support: where neither the deterministic arms nor the explore arm could have chosen as the target does, nothing can be
//!   known. [`Estimates::coverage`] is one when all of the target is covered; well below it, IPS is too low by what is missing,
//!   DR leans on the target's own expectation there, and SNIPS speaks of the covered part. [`Warning`]s say so.
//! * Weights above [`Options::weight_max`] are clipped, which lowers IPS; how many is stated.

mod bound;
mod compare;
mod episode;
mod estimator;
mod walk;

pub use bound::{Conservative, Estimate};
pub use compare::{Gain, gain, lower_bound};
pub use episode::{Episode, Logged, Outcome, Step};
pub use estimator::{Estimates, Options, Shares, Warning, Worth, estimate};
