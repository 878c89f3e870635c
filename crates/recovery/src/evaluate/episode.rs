//! What was logged of an order.

use domain::{decision::Arm, money::Money, rules::Rules, time::Timestamp};

use crate::{
    plan::Action,
    policy::{Ladder, Policy},
    snapshot::Snapshot,
};

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No attempt was made: none was planned, or a later decision took its place.
    NotMade,
    /// The issuer declined.
    Declined,
    /// The issuer approved.
    Approved {
        /// How much, minor units of the order's currency.
        minor: i64,
    },
}

/// One decision with its result.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The case as it was decided on.
    pub case: Snapshot,
    /// The moment chosen, UTC; none: not to attempt.
    pub chosen: Option<Timestamp>,
    /// Probability with which the order's arm chose it, above 0, at most 1.
    pub propensity: f64,
    /// The arm *policy* would have chosen the same.
    pub by_policy: bool,
    /// The arm *holdout* would have chosen the same.
    pub by_holdout: bool,
    /// What became of it.
    pub outcome: Outcome,
}

/// An order whose rescue is over: its decisions, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// What was drawn into the arm: orders of one card share it. Errors are not taken to be independent within it.
    pub unit: u64,
    /// The arm.
    pub arm: Arm,
    /// What was due at first.
    pub due: Money,
    /// The decisions.
    pub steps: Vec<Step>,
}

/// A choice as the log has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// The case as it was decided on.
    pub case: Snapshot,
    /// The moment chosen, UTC; none: not to attempt.
    pub chosen: Option<Timestamp>,
    /// Probability with which the order's arm chose it.
    pub propensity: f64,
    /// What became of it.
    pub outcome: Outcome,
}

impl Step {
    /// A logged choice with what the other arms would have done: `live` is the policy of the arm *policy* at that time. Two
    /// moments within one `slot_secs` of the cardholder's clock are the same.
    pub fn of(logged: Logged, arm: Arm, live: &dyn Policy, rules: &Rules, slot_secs: i64) -> Self {
        let Logged { case, chosen, propensity, outcome } = logged;
        let same = |other: Option<Timestamp>| same_slot(&case, chosen, other, slot_secs);
        let by_policy = arm == Arm::Policy || same(choice(&case, live, rules));
        // Whoever is spoken for by the policy needs no second spokesman.
        let by_holdout = arm == Arm::Holdout || (arm == Arm::Explore && same(choice(&case, &Ladder, rules)));
        Self { case, chosen, propensity, by_policy, by_holdout, outcome }
    }
}

/// What a policy would choose, asked under the arm *policy*.
pub fn choice(case: &Snapshot, policy: &dyn Policy, rules: &Rules) -> Option<Timestamp> {
    moment(&asked(case, |case| policy.plan(case, rules)).action)
}

/// Asks about a case as if it were the policy's.
pub fn asked<T>(case: &Snapshot, ask: impl FnOnce(&crate::Case<'_>) -> T) -> T {
    let entries = case.entries();
    let mut case = case.case(&entries);
    case.arm = Arm::Policy;
    ask(&case)
}

/// The moment of an action.
pub const fn moment(action: &Action) -> Option<Timestamp> {
    match action {
        Action::Attempt { at } => Some(*at),
        _ => None,
    }
}

/// Whether two choices are one action.
pub fn same_slot(case: &Snapshot, one: Option<Timestamp>, other: Option<Timestamp>, slot_secs: i64) -> bool {
    let offset = i64::from(case.offset_minutes.unwrap_or(0)) * 60;
    let slot = |at: Timestamp| (at.secs() + offset).div_euclid(slot_secs.max(1));
    match (one, other) {
        (Some(one), Some(other)) => slot(one) == slot(other),
        (None, None) => true,
        _ => false,
    }
}
