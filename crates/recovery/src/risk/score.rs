//! A score: how likely, why, by which version, and what it means in money.

use serde::{Deserialize, Serialize};

use super::{features::Features, model::Model, reason::Reason, rules};
use crate::calibrate::sigmoid;

/// The version of a score by rules and priors.
pub const RULES_VERSION: &str = "risk-rules-1";

/// How likely a payment ends as a chargeback.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// Probability of a chargeback, 0–1. By rules it ranks, by a model it is calibrated.
    pub probability: f64,
    /// What moved it, strongest first.
    pub reasons: Vec<Reason>,
    /// What said so.
    pub model_version: String,
    /// Whether it was learnt from frauds of this deployment.
    pub learnt: bool,
}

impl Score {
    /// What is lost on average, in the unit of the amount: the amount and the fee of a chargeback, each time it happens.
    pub fn expected_loss(&self, amount: f64, fee: f64) -> f64 {
        self.probability * (amount.max(0.0) + fee.max(0.0))
    }

    /// Whether a payment is expected to lose more than it earns; `margin` is the share of the amount that is earned.
    pub fn outweighs(&self, amount: f64, margin: f64, fee: f64) -> bool {
        self.expected_loss(amount, fee) > (1.0 - self.probability) * amount.max(0.0) * margin
    }
}

/// What scores: rules and priors, or a learnt model.
#[derive(Debug, Clone, Copy, Default)]
pub enum Scorer<'a> {
    /// Rules and priors.
    #[default]
    Rules,
    /// A learnt model.
    Learnt(&'a Model),
}

impl Scorer<'_> {
    /// The probability and its reasons.
    pub fn score(&self, features: &Features) -> Score {
        match self {
            Self::Rules => {
                let (log_odds, reasons) = rules::judge(features);
                Score {
                    probability: sigmoid(log_odds),
                    reasons: Reason::strongest(reasons),
                    model_version: RULES_VERSION.to_owned(),
                    learnt: false,
                }
            }
            Self::Learnt(model) => model.score(features),
        }
    }

    /// The probability alone, without reasons.
    pub fn probability(&self, features: &Features) -> f64 {
        match self {
            Self::Rules => sigmoid(rules::judge(features).0),
            Self::Learnt(model) => model.probability(features),
        }
    }
}
