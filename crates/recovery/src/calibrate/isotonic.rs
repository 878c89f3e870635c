//! Isotonic regression: the closest steps that never fall, by pooling neighbours that contradict each other.

use serde::{Deserialize, Serialize};

/// Steps, straight lines between their middles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Isotonic {
    /// Log-odds and probability at the middle of each step, both rising.
    points: Vec<(f64, f64)>,
}

/// Neighbours that were pooled.
struct Pool {
    scores: f64,
    outcomes: f64,
    count: f64,
}

impl Pool {
    fn rate(&self) -> f64 {
        self.outcomes / self.count
    }
}

impl Isotonic {
    /// Fits scores (log-odds) and outcomes. `None` without rows or with a score that is no number.
    pub fn fit(scored: &[(f64, bool)]) -> Option<Self> {
        if scored.is_empty() || scored.iter().any(|(score, _)| !score.is_finite()) {
            return None;
        }
        let mut sorted = scored.to_vec();
        sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut pools: Vec<Pool> = Vec::new();
        for tied in sorted.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
            let count = tied.len() as f64;
            let outcomes = tied.iter().filter(|(_, outcome)| *outcome).count() as f64;
            pools.push(Pool { scores: tied[0].0 * count, outcomes, count });
            pool_back(&mut pools);
        }
        Some(Self { points: pools.iter().map(|pool| (pool.scores / pool.count, pool.rate())).collect() })
    }

    /// The probability at these log-odds: between two steps on the line between them, beyond the ends as at the ends.
    pub fn probability(&self, log_odds: f64) -> f64 {
        let after = self.points.partition_point(|(score, _)| *score <= log_odds);
        let point = |place: usize| self.points.get(place).copied();
        let value = match (after.checked_sub(1).and_then(point), point(after)) {
            (Some((left, low)), Some((right, high))) => low + (high - low) * (log_odds - left) / (right - left),
            (Some((_, only)), None) | (None, Some((_, only))) => only,
            (None, None) => 0.0,
        };
        if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) }
    }
}

/// Pools the last two while they fall.
fn pool_back(pools: &mut Vec<Pool>) {
    while let [.., before, last] = &pools[..] {
        if before.rate() < last.rate() {
            return;
        }
        let merged = Pool {
            scores: before.scores + last.scores,
            outcomes: before.outcomes + last.outcomes,
            count: before.count + last.count,
        };
        pools.truncate(pools.len() - 2);
        pools.push(merged);
    }
}
