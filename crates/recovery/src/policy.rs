//! What all policies have in common, so that they can stand beside each other on the same cases.

use domain::rules::Rules;

use crate::{
    case::Case,
    ladder,
    model::Model,
    plan::{self, Plan},
};

/// A way of choosing the next step of a rescue. Policies keep the rules by themselves: whoever carries a plan out need
/// not look again.
pub trait Policy: Send + Sync {
    /// Its name, as tables and options have it: lower case, hyphens.
    fn name(&self) -> &str;

    /// The next step.
    fn plan(&self, case: &Case<'_>, rules: &Rules) -> Plan;
}

/// The policy of this engine with a model.
impl Policy for Model {
    fn name(&self) -> &'static str {
        "recoup"
    }

    fn plan(&self, case: &Case<'_>, rules: &Rules) -> Plan {
        plan::plan(case, rules, self)
    }
}

/// The fixed ladder: 1, 3, 5 and 7 days.
#[derive(Debug, Clone, Copy)]
pub struct Ladder;

impl Policy for Ladder {
    fn name(&self) -> &'static str {
        "ladder"
    }

    fn plan(&self, case: &Case<'_>, rules: &Rules) -> Plan {
        ladder::ladder(case, rules)
    }
}
