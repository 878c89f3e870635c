//! Platt's scaling: a line through the log-odds. Two numbers, so it holds with few positives.

use serde::{Deserialize, Serialize};

use super::sigmoid;

/// Newton steps at most.
const STEPS: usize = 100;
/// Steps smaller than this end the search.
const CLOSE: f64 = 1e-10;

/// `probability = sigmoid(slope × log-odds + shift)`, the slope never negative.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    /// Factor of the log-odds.
    pub slope: f64,
    /// What is added.
    pub shift: f64,
}

impl Platt {
    /// Fits scores (log-odds) and outcomes. `None` without both outcomes. Targets are Platt's: a little inside 0 and
    /// 1, so that a perfect separation stays finite.
    pub fn fit(scored: &[(f64, bool)]) -> Option<Self> {
        let positives = scored.iter().filter(|(_, outcome)| *outcome).count() as f64;
        let negatives = scored.len() as f64 - positives;
        if positives < 1.0 || negatives < 1.0 || scored.iter().any(|(score, _)| !score.is_finite()) {
            return None;
        }
        let target = |outcome| if outcome { (positives + 1.0) / (positives + 2.0) } else { 1.0 / (negatives + 2.0) };
        let loss = |line: &Self| -> f64 {
            let of = |(score, outcome): &(f64, bool)| {
                let odds = line.slope * score + line.shift;
                softplus(odds) - target(*outcome) * odds
            };
            scored.iter().map(of).sum()
        };
        let mut line = Self { slope: 1.0, shift: 0.0 };
        let mut before = loss(&line);
        for _ in 0..STEPS {
            let (slope, shift) = newton(scored, target, &line);
            let Some(next) = halved(&line, slope, shift, before, loss) else { break };
            (line, before) = next;
            if slope.abs() + shift.abs() < CLOSE {
                break;
            }
        }
        (line.slope >= 0.0).then_some(line)
    }

    /// The probability at these log-odds.
    pub fn probability(&self, log_odds: f64) -> f64 {
        sigmoid(self.slope * log_odds + self.shift)
    }
}

/// The full Newton step: what to subtract from slope and shift.
fn newton(scored: &[(f64, bool)], target: impl Fn(bool) -> f64, line: &Platt) -> (f64, f64) {
    let (mut by_slope, mut by_shift) = (0.0, 0.0);
    // A small ridge keeps the step finite where all scores are the same.
    let (mut slopes, mut both, mut shifts) = (1e-9, 0.0, 1e-9);
    for (score, outcome) in scored {
        let probability = line.probability(*score);
        let error = probability - target(*outcome);
        let weight = probability * (1.0 - probability);
        by_slope += error * score;
        by_shift += error;
        slopes += weight * score * score;
        both += weight * score;
        shifts += weight;
    }
    let determinant = slopes * shifts - both * both;
    ((shifts * by_slope - both * by_shift) / determinant, (slopes * by_shift - both * by_slope) / determinant)
}

/// The step, halved until it helps.
fn halved(line: &Platt, slope: f64, shift: f64, before: f64, loss: impl Fn(&Platt) -> f64) -> Option<(Platt, f64)> {
    let mut share = 1.0;
    while share > 1e-9 {
        let next = Platt { slope: line.slope - share * slope, shift: line.shift - share * shift };
        let after = loss(&next);
        if after <= before {
            return Some((next, after));
        }
        share /= 2.0;
    }
    None
}

/// `ln(1 + e^x)` without overflow.
fn softplus(value: f64) -> f64 {
    value.max(0.0) + (-value.abs()).exp().ln_1p()
}
