//! One policy against another on the same log. Where both would do the same, their episodes cancel out, so the
//! difference is known far better than either value.

use domain::rules::Rules;
use serde::Serialize;

use super::{
    bound::{NORMAL_95, NORMAL_95_ONE_SIDED, Part, standard_error},
    episode::Episode,
    estimator::{Options, Walks, dr_part, mean},
};
use crate::policy::Policy;

/// Fewer effective episodes bound nothing.
const EFFECTIVE_MIN: f64 = 50.0;

/// What a challenger recovers beyond the policy in use, doubly robust.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gain {
    /// Difference of the shares recovered, −1 to 1.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Normal interval of 95 %, its lower end.
    pub lower: f64,
    /// Its upper end.
    pub upper: f64,
    /// Above this with 95 % certainty (one-sided): the bound to go live by.
    pub certain: f64,
    /// Effective episodes behind the challenger.
    pub effective: f64,
    /// Episodes on which the two differ in what they say.
    pub differing: usize,
}

/// What `challenger` recovers beyond `incumbent`. None without episodes.
pub fn gain(
    episodes: &[Episode],
    challenger: &dyn Policy,
    incumbent: &dyn Policy,
    rules: &Rules,
    options: &Options,
) -> Option<Gain> {
    let one = Walks::of(episodes, challenger, rules, options)?;
    let other = Walks::of(episodes, incumbent, rules, options)?;
    let (ones, others) = (one.parts(dr_part), other.parts(dr_part));
    let parts: Vec<Part> = ones.iter().zip(&others).map(|(one, other)| Part { value: one.value - other.value, ..*one }).collect();
    let value = mean(&parts);
    let sizes = one.parts(|_| 1.0);
    let centred: Vec<Part> =
        parts.iter().zip(&sizes).map(|(part, size)| Part { value: part.value - value * size.value, ..*part }).collect();
    let standard_error = standard_error(&centred);
    let half = NORMAL_95 * standard_error;
    Some(Gain {
        value,
        standard_error,
        lower: value - half,
        upper: value + half,
        certain: value - NORMAL_95_ONE_SIDED * standard_error,
        effective: one.effective(),
        differing: parts.iter().filter(|part| part.value != 0.0).count(),
    })
}

/// The share that `challenger` gains on `incumbent` with 95 % certainty, doubly robust; none while too few episodes speak for it.
/// Above zero: it is better for certain.
pub fn lower_bound(
    episodes: &[Episode],
    challenger: &dyn Policy,
    incumbent: &dyn Policy,
    rules: &Rules,
    options: &Options,
) -> Option<f64> {
    let found = gain(episodes, challenger, incumbent, rules, options)?;
    (found.effective >= EFFECTIVE_MIN && found.standard_error.is_finite()).then_some(found.certain)
}
