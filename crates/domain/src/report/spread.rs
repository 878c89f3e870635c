//! How often each value occurred: exact medians and percentiles without keeping every value.

use std::collections::BTreeMap;

/// Counts by value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spread(BTreeMap<i64, i64>);

impl Spread {
    /// Counts a value; true when it is the first of its kind.
    pub fn add(&mut self, value: i64, times: i64) -> bool {
        let count = self.0.entry(value).or_insert(0);
        let fresh = *count == 0;
        *count += times;
        fresh
    }

    /// The smallest value that at least so many percent of all values do not pass (nearest rank).
    pub fn percentile(&self, percent: u8) -> Option<i64> {
        let total: i64 = self.0.values().sum();
        self.nth((total * i64::from(percent) + 99) / 100)
    }

    /// The value in the middle; of two, their mean.
    pub fn median(&self) -> Option<f64> {
        let total: i64 = self.0.values().sum();
        let (low, high) = (self.nth((total + 1) / 2)?, self.nth(total / 2 + 1)?);
        #[expect(clippy::cast_precision_loss, reason = "minutes of a rescue, far below 2^52")]
        let mean = (low + high) as f64 / 2.0;
        Some(mean)
    }

    /// The value at a place, from 1.
    fn nth(&self, place: i64) -> Option<i64> {
        let mut seen = 0;
        self.0
            .iter()
            .find(|(_, count)| {
                seen += **count;
                seen >= place
            })
            .map(|(value, _)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[i64]) -> Spread {
        let mut spread = Spread::default();
        for value in values {
            spread.add(*value, 1);
        }
        spread
    }

    #[test]
    fn middles_and_percentiles() {
        for (values, median, p50, p95) in [
            (vec![], None, None, None),
            (vec![7], Some(7.0), Some(7), Some(7)),
            (vec![1, 2], Some(1.5), Some(1), Some(2)),
            (vec![3, 1, 2], Some(2.0), Some(2), Some(3)),
            ((1..=100).collect(), Some(50.5), Some(50), Some(95)),
            (vec![5, 5, 5, 9], Some(5.0), Some(5), Some(9)),
        ] {
            let spread = of(&values);
            assert_eq!((spread.median(), spread.percentile(50), spread.percentile(95)), (median, p50, p95), "{values:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn percentiles_are_those_of_the_sorted_values(mut values in proptest::collection::vec(0i64..50, 1..60), percent in 1u8..=100) {
            let found = of(&values).percentile(percent).unwrap();
            values.sort_unstable();
            let rank = (values.len() * usize::from(percent)).div_ceil(100);
            proptest::prop_assert_eq!(found, values[rank - 1]);
        }
    }
}
