//! Errors and bounds of a mean over orders that come in groups.

use std::collections::BTreeMap;

use domain::decision::Arm;

/// Normal quantile of a two-sided interval of 95 %.
pub const NORMAL_95: f64 = 1.959_963_984_540_054;
/// Normal quantile of a one-sided bound of 95 %.
pub const NORMAL_95_ONE_SIDED: f64 = 1.644_853_626_951_472_7;
/// Chance that a conservative bound is missed on its side: 2.5 %, so 95 % for both together.
const MISSED: f64 = 0.025;

/// An estimate with its error.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// The share recovered (IPS and DR may be carried outside 0–1 by chance).
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Normal interval of 95 %, its lower end.
    pub lower: f64,
    /// Its upper end.
    pub upper: f64,
}

/// An interval of 95 % for the truth that holds for any number of episodes.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Conservative {
    /// Its lower end.
    pub lower: f64,
    /// Its upper end.
    pub upper: f64,
}

impl Estimate {
    /// An estimate with its normal interval, kept to what is possible.
    pub fn new(value: f64, standard_error: f64) -> Self {
        let half = NORMAL_95 * standard_error;
        Self { value, standard_error, lower: (value - half).clamp(0.0, 1.0), upper: (value + half).clamp(0.0, 1.0) }
    }
}

/// One order's part of a mean.
#[derive(Clone, Copy)]
pub struct Part {
    /// What was drawn into the arm.
    pub unit: u64,
    /// The arm.
    pub arm: Arm,
    /// The part.
    pub value: f64,
}

/// The standard error of the mean of `parts`: each arm's own mean taken out, then summed by unit.
pub fn standard_error(parts: &[Part]) -> f64 {
    let mut arms = [(0.0, 0u32); 3];
    for part in parts {
        let (sum, count) = &mut arms[place(part.arm)];
        *sum += part.value;
        *count += 1;
    }
    let mut units: BTreeMap<u64, f64> = BTreeMap::new();
    for part in parts {
        let (sum, count) = arms[place(part.arm)];
        *units.entry(part.unit).or_default() += part.value - sum / f64::from(count);
    }
    let groups = units.len() as f64;
    if groups < 2.0 {
        return f64::INFINITY;
    }
    let squares: f64 = units.values().map(|sum| sum * sum).sum();
    (squares * groups / (groups - 1.0)).sqrt() / parts.len() as f64
}

const fn place(arm: Arm) -> usize {
    match arm {
        Arm::Policy => 0,
        Arm::Explore => 1,
        Arm::Holdout => 2,
    }
}

/// Truncation of a unit's part: a function of their number alone, so that the bound holds.
fn truncation(units: usize) -> f64 {
    ((units as f64).sqrt() / 2.0).max(2.0)
}

/// The empirical Bernstein lower bound of the mean of `parts`, none negative: they are summed by unit and truncated.
pub fn bernstein_lower(parts: &[Part]) -> f64 {
    let mut units: BTreeMap<u64, f64> = BTreeMap::new();
    for part in parts {
        *units.entry(part.unit).or_default() += part.value;
    }
    let groups = units.len() as f64;
    if groups < 2.0 {
        return 0.0;
    }
    let scale = groups / parts.len() as f64;
    let most = truncation(units.len());
    let values: Vec<f64> = units.values().map(|sum| (sum * scale).min(most)).collect();
    let mean = values.iter().sum::<f64>() / groups;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (groups - 1.0);
    let log = (2.0 / MISSED).ln();
    let slack = (2.0 * variance * log / groups).sqrt() + 7.0 * most * log / (3.0 * (groups - 1.0));
    (mean - slack).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(values: &[(u64, f64)]) -> Vec<Part> {
        values.iter().map(|(unit, value)| Part { unit: *unit, arm: Arm::Policy, value: *value }).collect()
    }

    #[test]
    fn the_error_of_independent_orders_is_the_textbook_one() {
        // Mean 3, sample variance 2.5, five orders.
        let error = standard_error(&parts(&[(1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0), (5, 5.0)]));
        assert!((error - (2.5f64 / 5.0).sqrt()).abs() < 1e-12, "{error}");
    }

    #[test]
    fn orders_of_one_card_count_as_one() {
        let alone = standard_error(&parts(&[(1, 0.0), (2, 1.0), (3, 0.0), (4, 1.0)]));
        let twice = standard_error(&parts(&[(1, 0.0), (1, 0.0), (2, 1.0), (2, 1.0), (3, 0.0), (3, 0.0), (4, 1.0), (4, 1.0)]));
        assert!((alone - twice).abs() < 1e-12, "{alone} {twice}");
    }

    #[test]
    fn nothing_is_certain_of_one_card() {
        assert!(standard_error(&parts(&[(1, 1.0), (1, 1.0)])).is_infinite());
        assert!((bernstein_lower(&parts(&[(1, 1.0)]))).abs() < f64::EPSILON);
    }

    #[test]
    fn the_conservative_bound_is_below_the_normal_one_and_comes_nearer() {
        let bound = |n: u64| {
            let values: Vec<_> = (0..n).map(|unit| (unit, (unit % 2) as f64)).collect();
            let parts = parts(&values);
            (bernstein_lower(&parts), 0.5 - NORMAL_95 * standard_error(&parts))
        };
        let (few, many) = (bound(1_000), bound(100_000));
        assert!(few.0 < few.1 && many.0 < many.1 && many.0 > few.0 && many.0 > 0.45, "{few:?} {many:?}");
    }
}
