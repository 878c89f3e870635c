//! What amounts are usual: counts in steps of an eighth of an octave, frauds taken out.

use super::series::Series;

/// Steps of one octave.
const STEPS: u32 = 8;
/// Amounts above are counted as this.
const TOP: i64 = 1 << 46;

/// Amounts and how often they came. Whole numbers only, so that the order of events leaves no trace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Habit {
    pub(super) steps: Series<i32, { u32::MAX }>,
    pub(super) count: i64,
    pub(super) sum: i64,
    pub(super) squares: i128,
}

/// The step of an amount: its octave and the three bits below.
fn step(hundredths: i64) -> u32 {
    let value = hundredths.clamp(1, TOP) as u64;
    let octave = value.ilog2();
    let below = if octave >= 3 { value >> (octave - 3) } else { value << (3 - octave) };
    octave * STEPS + (below as u32 & (STEPS - 1))
}

/// Where a step begins.
fn floor(step: u32) -> f32 {
    let octave = (step / STEPS) as f32;
    octave.exp2() * (1.0 + (step % STEPS) as f32 / STEPS as f32)
}

impl Habit {
    /// Counts an amount.
    pub(super) fn add(&mut self, hundredths: i64) {
        self.change(hundredths, 1);
    }

    /// Takes back an amount that was no habit of the owner's.
    pub(super) fn remove(&mut self, hundredths: i64) {
        self.change(hundredths, -1);
    }

    fn change(&mut self, hundredths: i64, by: i32) {
        let hundredths = hundredths.clamp(0, TOP);
        if let Some(count) = self.steps.entry(step(hundredths)) {
            *count = count.saturating_add(by);
        }
        self.count = self.count.saturating_add(by.into());
        self.sum = self.sum.saturating_add(i64::from(by) * hundredths);
        self.squares = self.squares.saturating_add(i128::from(by) * i128::from(hundredths) * i128::from(hundredths));
    }

    /// Mean of the amounts.
    pub(super) fn mean(&self) -> Option<f32> {
        (self.count > 0 && self.sum > 0).then(|| (self.sum as f64 / self.count as f64) as f32)
    }

    /// Standard deviation.
    pub(super) fn deviation(&self) -> Option<f32> {
        let count = self.count as f64;
        let mean = self.sum as f64 / count;
        let variance = (self.squares as f64 / count - mean * mean) * count / (count - 1.0);
        (self.count > 1 && variance > 0.0).then(|| variance.sqrt() as f32)
    }

    /// The amount below which a share of the amounts lies.
    pub(super) fn quantile(&self, share: f32) -> Option<f32> {
        let wanted = share * self.count as f32;
        let mut seen = 0.0;
        for (step, count) in self.steps.entries() {
            let count = (*count).max(0) as f32;
            if count > 0.0 && seen + count >= wanted {
                let low = floor(*step);
                return Some(low + (floor(step + 1) - low) * ((wanted - seen) / count));
            }
            seen += count;
        }
        None
    }

    /// The share of amounts at least about as high, as if one more had been higher and one lower.
    pub(super) fn share_above(&self, hundredths: i64) -> f32 {
        let from = step(hundredths);
        let above: i64 = self.steps.since(from).map(|(_, count)| i64::from((*count).max(0))).sum();
        (above as f32 + 1.0) / (self.count.max(0) as f32 + 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Habit, floor, step};

    #[test]
    fn steps_rise_and_hold_their_amounts() {
        for hundredths in [1, 2, 3, 5, 7, 8, 9, 99, 100, 12_345, 1_000_000, 987_654_321] {
            let step = step(hundredths);
            assert!(floor(step) <= hundredths as f32 && (hundredths as f32) < floor(step + 1), "{hundredths}");
        }
        assert_eq!(step(-5), step(0));
        assert_eq!(step(i64::MAX), step(1 << 46));
    }

    #[test]
    fn says_what_is_usual() {
        let mut habit = Habit::default();
        (1..=100).for_each(|amount| habit.add(amount * 100));
        assert!((habit.mean().unwrap() - 5050.0).abs() < 0.5);
        assert!((habit.quantile(0.5).unwrap() - 5000.0).abs() < 300.0);
        assert!((habit.quantile(0.9).unwrap() - 9000.0).abs() < 500.0);
        assert!((habit.deviation().unwrap() - 2901.0).abs() < 5.0);
        assert!(habit.share_above(1_000_000) < 0.02 && habit.share_above(1) > 0.98);
    }

    #[test]
    fn what_is_taken_back_leaves_nothing() {
        let mut habit = Habit::default();
        habit.add(500);
        habit.add(90_000);
        habit.remove(90_000);
        assert_eq!((habit.count, habit.sum), (1, 500));
        assert!(habit.quantile(0.99).unwrap() < 600.0);
    }
}
