//! From a raw score to a probability that can be trusted: of a hundred payments said to be 3 %, three are.

mod isotonic;
mod platt;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use isotonic::Isotonic;
pub use platt::Platt;

/// What turns log-odds into a probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Calibration {
    /// The log-odds are right as they are.
    None,
    /// A line through the log-odds.
    Platt(Platt),
    /// Steps that never fall.
    Isotonic(Isotonic),
}

impl Calibration {
    /// The probability of a row with these log-odds; always in 0 to 1.
    pub fn probability(&self, log_odds: f64) -> f64 {
        match self {
            Self::None => sigmoid(log_odds),
            Self::Platt(line) => line.probability(log_odds),
            Self::Isotonic(steps) => steps.probability(log_odds),
        }
    }
}

/// Log-odds as a probability.
pub fn sigmoid(log_odds: f64) -> f64 {
    if log_odds >= 0.0 {
        1.0 / (1.0 + (-log_odds).exp())
    } else {
        let odds = log_odds.exp();
        odds / (1.0 + odds)
    }
}
