//! The frame that all baselines share: what forbids a retry, the earliest lawful moment, the number of attempts.

use domain::{decline::Reason, rules::Rules, time::Timestamp};

use crate::{
    bounds,
    case::Case,
    plan::{Action, Plan},
    verdict,
    view::View,
};

/// The next step of a baseline: its moment, moved to where the rules allow it, unless they allow none.
pub(super) fn step(
    case: &Case<'_>,
    rules: &Rules,
    name: &str,
    choose: impl FnOnce(&View<'_>, Timestamp) -> Option<Timestamp>,
) -> Plan {
    let view = View::new(case, rules);
    let bounds = bounds::of(&view);
    let used_up = case.own_attempts >= case.max_attempts || of_code_used_up(&view);
    let action = if let Some(action) = verdict::of(&view) {
        action
    } else if let Some((reason, _)) = bounds.never.as_ref().or(bounds.exhausted.as_ref()) {
        Action::Stop { reason: *reason }
    } else if used_up {
        Action::Stop { reason: Reason::NotRescued }
    } else {
        let at = choose(&view, bounds.planned).map(|at| at.max(bounds.planned));
        at.filter(|at| *at < case.expires_at).map_or(Action::LetExpire, |at| Action::Attempt { at })
    };
    Plan {
        action,
        class: view.class(),
        probability: 0.0,
        candidates: Vec::new(),
        not_before: bounds.lawful,
        bound_by: bounds.bound_by.clone(),
        classified_by: view.last().map(|last| last.classified.rules.clone()).unwrap_or_default(),
        limits: bounds.usages.clone(),
        attempts_left: case.max_attempts.saturating_sub(case.own_attempts),
        lookup_first: view.last().is_some_and(|last| last.classified.lookup_first),
        model_version: name.to_owned(),
        rules_version: rules.version().to_owned(),
        propensity: 1.0,
        arm: case.arm,
        seed: case.seed,
    }
}

/// Some codes bear only so many retries.
fn of_code_used_up(view: &View<'_>) -> bool {
    view.last().and_then(|last| last.classified.retries_max).is_some_and(|most| view.own_of_code() >= most)
}
