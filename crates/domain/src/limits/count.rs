//! One rule over the ledger.

use super::{Permit, Planned};
use crate::{
    decline::Reason,
    ledger::{Entry, Outcome},
    rules::{Limit, Rules, Scope, Window},
    time::Timestamp,
};

/// What one rule found.
pub struct Found {
    /// Attempts counted, or stops in force.
    pub used: u32,
    /// When the oldest leaves the window; for a stop, when it ends.
    pub resets_at: Option<Timestamp>,
    /// By the network's limit.
    pub lawful: Permit,
    /// By our headroom.
    pub planned: Permit,
}

/// Counts the attempts inside the window of a limit.
pub fn attempts(limit: &Limit, entries: &[Entry], planned: &Planned<'_>) -> Found {
    let reset = last_approval(limit, entries, planned);
    let mut times: Vec<Timestamp> = entries
        .iter()
        .filter(|entry| counts(entry) && belongs(limit, entry, planned) && reset.is_none_or(|reset| entry.at > reset))
        .map(|entry| entry.at)
        .filter(|at| leaves(limit.window, *at) > planned.at)
        .collect();
    times.sort_unstable();
    let permit = |most: Option<u32>| most.map_or(Permit::Allowed, |most| below(limit, &times, most));
    Found {
        used: u32::try_from(times.len()).unwrap_or(u32::MAX),
        resets_at: times.first().map(|oldest| leaves(limit.window, *oldest)),
        lawful: permit(limit.limit),
        planned: permit(limit.headroom),
    }
}

/// Looks for the declines that forbid a further attempt.
pub fn stops(rules: &Rules, limit: &Limit, entries: &[Entry], planned: &Planned<'_>) -> Found {
    let reset = last_approval(limit, entries, planned);
    let ends = entries
        .iter()
        .filter(|entry| entry.outcome == Outcome::Declined && belongs(limit, entry, planned))
        .filter(|entry| reset.is_none_or(|reset| entry.at > reset))
        .filter(|entry| trigger_code(rules, limit, entry).is_some_and(|code| !lifted(limit, entry, code, planned)))
        .map(|entry| leaves(limit.window, entry.at))
        .filter(|end| *end > planned.at);
    let (used, end) = ends.fold((0u32, None), |(used, last), end| (used.saturating_add(1), last.max(Some(end))));
    let permit = match end {
        None => Permit::Allowed,
        Some(_) if limit.window == Window::Forever => Permit::Never { rule: limit.id.clone(), reason: Reason::HardDecline },
        Some(at) => Permit::NotBefore { at, rule: limit.id.clone() },
    };
    let resets_at = end.filter(|_| limit.window != Window::Forever);
    Found { used, resets_at, lawful: permit.clone(), planned: permit }
}

/// The earliest moment at which fewer than `most` of these times (sorted) are still inside the window.
fn below(limit: &Limit, times: &[Timestamp], most: u32) -> Permit {
    match times.len().checked_sub(most as usize).and_then(|leaving| times.get(leaving)) {
        None => Permit::Allowed,
        Some(leaving) => Permit::NotBefore { at: leaves(limit.window, *leaving), rule: limit.id.clone() },
    }
}

/// When an attempt stops counting.
fn leaves(window: Window, at: Timestamp) -> Timestamp {
    match window {
        Window::Rolling(span) => at + span,
        Window::Forever => Timestamp::FAR_FUTURE,
        Window::Month { offset_minutes } => next_month(at, offset_minutes),
    }
}

fn next_month(at: Timestamp, offset_minutes: i32) -> Timestamp {
    let date = at.civil_at(offset_minutes).date().last_of_month();
    date.tomorrow().map_or(Timestamp::FAR_FUTURE, |first| Timestamp::from_civil(first.at(0, 0, 0, 0), offset_minutes))
}

fn counts(entry: &Entry) -> bool {
    matches!(entry.outcome, Outcome::Pending | Outcome::Declined)
}

fn belongs(limit: &Limit, entry: &Entry, planned: &Planned<'_>) -> bool {
    (limit.scope == Scope::Card || entry.amount == planned.amount)
        && (!limit.initiators_apart || entry.initiator == planned.initiator)
}

fn last_approval(limit: &Limit, entries: &[Entry], planned: &Planned<'_>) -> Option<Timestamp> {
    let approvals = entries.iter().filter(|entry| entry.outcome == Outcome::Approved && belongs(limit, entry, planned));
    if limit.approval_resets { approvals.map(|entry| entry.at).max() } else { None }
}

/// The code of an entry that sets off a stop.
fn trigger_code<'a>(rules: &'a Rules, limit: &'a Limit, entry: &'a Entry) -> Option<&'a str> {
    limit.trigger.as_ref()?.set_off_by(rules, entry.response_code.as_deref(), entry.advice_code.as_deref(), entry.at)
}

/// Whether replaced account data end the stop: a new number for a lost card, but never for a revoked mandate.
fn lifted(limit: &Limit, entry: &Entry, code: &str, planned: &Planned<'_>) -> bool {
    planned.credential_changed_at.is_some_and(|changed| changed > entry.at)
        && limit.new_credential_lifts.iter().any(|lifts| lifts == code)
}
