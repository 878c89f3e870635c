//! The fixed ladder: one, three, five and seven days after the order. The baseline that every figure stands
//! beside, and the policy of the permanent hold-out; so it keeps the rules like any other.

use domain::{
    rules::Rules,
    time::{DAY, Timestamp},
};

use crate::{
    case::Case,
    model::Model,
    moments,
    plan::{LADDER_VERSION, Plan, decide},
    slot::Slot,
    view::View,
};

/// Days after the order at which the ladder retries.
pub const DAYS: [u32; 4] = [1, 3, 5, 7];

/// The next step by the ladder.
pub fn ladder(case: &Case<'_>, rules: &Rules) -> Plan {
    let view = View::new(case, rules);
    decide(&view, Model::builtin(), LADDER_VERSION, |view, earliest, _| rung(view, earliest).into_iter().collect())
}

fn rung(view: &View<'_>, earliest: Timestamp) -> Option<Slot> {
    let days = DAYS.get(view.case.own_attempts as usize)?;
    let at = (view.case.placed_at + DAY * *days).max(earliest);
    (at < view.case.expires_at).then(|| Slot::only(at, moments::probability(view, Model::builtin(), at)))
}
