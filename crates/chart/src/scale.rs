//! From values to places, with ticks at round values.

use crate::number::{Unit, finite};

/// A linear scale.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale {
    min: f64,
    max: f64,
    step: f64,
    from: f64,
    to: f64,
}

/// More ticks than this help nobody.
const TICKS_MAX: usize = 24;

impl Scale {
    /// Covers the values with about `wanted` ticks, its ends at ticks.
    pub fn nice(values: impl IntoIterator<Item = f64>, unit: &Unit, wanted: usize) -> Self {
        let (low, high) = span(values);
        let step = step(high - low, unit, wanted.max(1));
        let (min, max) = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
        // Values that are tiny beside the step round to one point.
        Self { min, max: if max > min { max } else { min + step }, step, from: 0.0, to: 1.0 }
    }

    /// Covers exactly this range; its ticks are round, its ends need not be.
    pub fn exact(low: f64, high: f64, unit: &Unit, wanted: usize) -> Self {
        let (low, high) = span([low, high]);
        Self { min: low, max: high, step: step(high - low, unit, wanted.max(1)), from: 0.0, to: 1.0 }
    }

    /// Between these places, in pixels.
    pub fn across(mut self, from: f64, to: f64) -> Self {
        (self.from, self.to) = (from, to);
        self
    }

    /// The place of a value; values outside lie at the ends.
    pub fn at(&self, value: f64) -> f64 {
        let share = ((value - self.min) / (self.max - self.min)).clamp(0.0, 1.0);
        self.from + share * (self.to - self.from)
    }

    /// The place where bars begin: zero, or the end next to it.
    pub fn base(&self) -> f64 {
        self.at(0.0)
    }

    /// Whether a value is covered.
    pub fn covers(&self, value: f64) -> bool {
        (self.min..=self.max).contains(&value)
    }

    /// The ticks, ascending.
    pub fn ticks(&self) -> Vec<f64> {
        let first = (self.min / self.step - 1e-9).ceil();
        let ticks = (0..TICKS_MAX).map(|n| (first + n as f64) * self.step);
        ticks.take_while(|tick| *tick <= self.max + self.step * 1e-9).collect()
    }

    /// Ticks with their text.
    pub fn labels(&self, unit: &Unit) -> Vec<(f64, String)> {
        self.ticks().into_iter().map(|tick| (tick, unit.tick(tick, self.step))).collect()
    }
}

/// The least and the greatest; 0 to 1 when there are none, and never a single point.
fn span(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let found = values.into_iter().filter_map(finite).fold(None, |span: Option<(f64, f64)>, value| match span {
        Some((low, high)) => Some((low.min(value), high.max(value))),
        None => Some((value, value)),
    });
    match found {
        Some((low, high)) if high - low > (high.abs().max(low.abs()) * 1e-9).max(1e-12) => (low, high),
        None | Some((0.0, _)) => (0.0, 1.0),
        Some((low, _)) if low > 0.0 => (0.0, low),
        Some((low, _)) => (low, 0.0),
    }
}

fn step(range: f64, unit: &Unit, wanted: usize) -> f64 {
    let rough = range / wanted as f64;
    let (least, multiples) = unit.steps();
    let tens = multiples.last().is_some_and(|last| *last > 10.0);
    // Days and hours have round numbers of their own, but only from 1 upwards.
    if tens && rough > 0.5 {
        return multiples.iter().copied().find(|step| *step >= rough).unwrap_or_else(|| round(rough, &[1.0, 2.0, 5.0]));
    }
    let multiples = if tens { &[1.0, 2.0, 5.0] } else { multiples };
    round(rough, multiples).max(least)
}

/// The least of the multiples times a power of ten that is not below.
fn round(rough: f64, multiples: &[f64]) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    multiples.iter().map(|multiple| multiple * power).find(|step| *step >= rough * (1.0 - 1e-9)).unwrap_or(power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        for (values, unit, wanted, ticks) in [
            (vec![0.0, 0.83], Unit::Percent, 5, vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
            (vec![0.0, 3.0], Unit::Count, 5, vec![0.0, 1.0, 2.0, 3.0]),
            (vec![0.0, 21.0], Unit::Days, 5, vec![0.0, 7.0, 14.0, 21.0]),
            (vec![0.0, 24.0], Unit::Hours, 6, vec![0.0, 6.0, 12.0, 18.0, 24.0]),
            (vec![-3.0, 12.0], Unit::Number, 4, vec![-5.0, 0.0, 5.0, 10.0, 15.0]),
            (vec![], Unit::Number, 2, vec![0.0, 0.5, 1.0]),
            (vec![5.0], Unit::Count, 5, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        ] {
            let scale = Scale::nice(values.clone(), &unit, wanted);
            let found = scale.ticks();
            assert_eq!(found.len(), ticks.len(), "{values:?} {found:?}");
            assert!(found.iter().zip(&ticks).all(|(a, b)| (a - b).abs() < 1e-9), "{values:?} {found:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_value_has_a_place(values in proptest::collection::vec(proptest::num::f64::ANY, 0..6), wanted in 1usize..12) {
            for unit in [Unit::Count, Unit::Percent, Unit::Days, Unit::Money("$".into())] {
                let scale = Scale::nice(values.iter().copied(), &unit, wanted).across(300.0, 20.0);
                let ticks = scale.ticks();
                proptest::prop_assert!(!ticks.is_empty() && ticks.len() <= TICKS_MAX, "{ticks:?}");
                for value in values.iter().copied().filter_map(finite) {
                    proptest::prop_assert!((20.0..=300.0).contains(&scale.at(value)));
                }
            }
        }
    }
}
