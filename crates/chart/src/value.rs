//! A value with its uncertainty.

use crate::number::{Unit, finite};

/// A value, and the interval it lies in where that is known. A value that is not finite is a gap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// The value.
    pub value: f64,
    /// Lower and upper end.
    pub interval: Option<(f64, f64)>,
}

impl Value {
    /// Nothing is known.
    pub const GAP: Self = Self { value: f64::NAN, interval: None };

    /// A value without uncertainty.
    pub const fn exact(value: f64) -> Self {
        Self { value, interval: None }
    }

    /// A value between two ends.
    pub const fn between(low: f64, value: f64, high: f64) -> Self {
        Self { value, interval: Some((low, high)) }
    }

    pub(crate) fn known(self) -> Option<f64> {
        finite(self.value)
    }

    pub(crate) fn ends(self) -> Option<(f64, f64)> {
        let (low, high) = self.interval?;
        Some((finite(low)?, finite(high)?))
    }

    /// Everything that must lie on the axis.
    pub(crate) fn extent(self) -> impl Iterator<Item = f64> {
        let ends = self.ends().map(|(low, high)| [low, high]);
        self.known().into_iter().chain(ends.into_iter().flatten())
    }

    /// In words: `12.3% (10.1% to 14.0%)`.
    pub(crate) fn told(self, unit: &Unit) -> String {
        let value = unit.full(self.value);
        match self.ends() {
            Some((low, high)) if self.known().is_some() => format!("{value} ({} to {})", unit.full(low), unit.full(high)),
            _ => value,
        }
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::exact(value)
    }
}
