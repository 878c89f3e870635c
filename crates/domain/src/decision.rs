//! The decision log: what was decided, by which policy, and everything needed to decide it again.
//!
//! A record keeps the *inputs* of a decision in full and its outcome in short. The brain is pure, so candidates,
//! probabilities and reasons are computed again from the inputs, the model and the rules, bit for bit; the stored
//! outcome shows that the replay is faithful.

use serde::{Deserialize, Serialize};

use crate::{
    decline::Class,
    environment::Environment,
    id::{DecisionId, Mid, OrderId},
    time::Timestamp,
};

crate::words! {
    /// The policy that an order was assigned to when it came, once and for all.
    pub enum Arm {
        /// The best known policy.
        Policy = "policy",
        /// Moments are drawn, so that others than the best known are learnt about.
        Explore = "explore",
        /// The permanent hold-out: the fixed ladder.
        Holdout = "holdout",
    }
}

/// One decision about an order (or an advice, which has no order of ours).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Its id.
    pub id: DecisionId,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// What it is about: the order, or the advice under the same kind of id.
    pub order: OrderId,
    /// When it was decided, UTC, by the merchant's clock.
    pub decided_at: Timestamp,
    /// Number of the attempt it plans: 1 is the first rescue attempt.
    pub attempt_number: u32,
    /// `attempt_now schedule wait_for_data challenge stop capture hold`.
    pub action: String,
    /// The planned moment, UTC.
    pub chosen_at: Option<Timestamp>,
    /// Class it was decided for.
    pub class: Class,
    /// Chance of approval at the chosen moment, 0–1.
    pub probability: f64,
    /// Probability with which this arm takes this action in this case, 0–1.
    pub propensity: f64,
    /// The policy of the order.
    pub arm: Arm,
    /// The model.
    pub model_version: String,
    /// The rules.
    pub rules_version: String,
    /// Seed of everything drawn.
    pub seed: u64,
    /// The case as it was decided on, JSON (`recovery::Snapshot`).
    pub case: String,
}
