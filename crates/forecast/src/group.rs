//! Sums and what is expected of them.

use serde::Serialize;

/// Payments and their amount.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// In minor units.
    pub amount_minor: i64,
}

impl Sum {
    pub(crate) const fn add(&mut self, amount_minor: i64) {
        self.count += 1;
        self.amount_minor = self.amount_minor.saturating_add(amount_minor);
    }
}

/// An expectation with the interval that holds it with a probability of 90 %.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Range {
    /// The lower end: one in twenty draws lies below.
    pub low: f64,
    /// The mean of all draws.
    pub mid: f64,
    /// The upper end: one in twenty draws lies above.
    pub high: f64,
}

impl Range {
    pub(crate) fn of(draws: &mut [f64]) -> Self {
        if draws.is_empty() {
            return Self::default();
        }
        let mid = draws.iter().sum::<f64>() / draws.len() as f64;
        draws.sort_by(f64::total_cmp);
        let at = |share: f64| draws[((draws.len() - 1) as f64 * share).round() as usize];
        Self { low: at(0.05).min(mid), mid, high: at(0.95).max(mid) }
    }

    /// Divided; all zero when the divisor is.
    #[must_use]
    pub fn per(self, whole: f64) -> Self {
        let part = |value: f64| if whole > 0.0 { value / whole } else { 0.0 };
        Self { low: part(self.low), mid: part(self.mid), high: part(self.high) }
    }

    /// Rounded to whole minor units or payments.
    #[must_use]
    pub const fn rounded(self) -> Self {
        Self { low: self.low.round(), mid: self.mid.round(), high: self.high.round() }
    }
}

/// Declined payments of one kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// All of them.
    pub declined: Sum,
    /// Collected by the merchant alone: not ours, subtracted.
    pub collected: Sum,
    /// Those that must not be tried again.
    pub never: Sum,
    /// Those that only the customer or new card data can help; nothing of them is counted.
    pub customer: Sum,
    /// What is left to work.
    pub open: Sum,
    /// What would have been recovered of it, minor units.
    pub recovered_minor: Range,
    /// The same, payments.
    pub recovered_count: Range,
}

impl Group {
    /// The share of what is left to work that would have been recovered, by amount.
    pub fn share_of_open(&self) -> Range {
        self.recovered_minor.per(self.open.amount_minor as f64)
    }
}
