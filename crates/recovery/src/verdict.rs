//! Whether a retry makes sense at all: the classes that end an order, ask the updater, or ask the customer.
//!
//! | class | merchant-initiated |
//! |---|---|
//! | STOP_MANDATE, R3 | ends at once, whatever the card |
//! | STOP_CARD | ends; lost, stolen and closed cards (41 43 46) ask the updater first |
//! | CONFIG | ends: the merchant's set-up must change |
//! | LIFECYCLE, DATA_FIX | new data only: updater, then the customer |
//! | SCA | once more with sound flags, then only the customer can help |
//! | NSF with advice 40 or 41 | the card will not be refilled: ask for another |
//!
//! Sources: domain rules §2.2 (advice), §2.4 (waits per class), §4 (updater), §6 (authentication).

use domain::{
    decline::{Class, Reason},
    rules,
};

use crate::{
    case::Updater,
    plan::Action,
    view::{Read, View},
};

/// What to do when no retry of the present account data makes sense; `None` when one may be planned.
pub fn of(view: &View<'_>) -> Option<Action> {
    if view.paid {
        return Some(stop(Reason::NotDeclined));
    }
    // A declined customer-initiated payment has no mandate for a silent later charge (domain rules §3).
    if !view.is_mit() {
        return Some(stop(Reason::NotRescued));
    }
    if view.answers.iter().any(Read::revokes) {
        return Some(stop(Reason::HardDecline));
    }
    if let Some(read) = view.answers.iter().rev().find(|read| stops_card(view, read)) {
        return Some(stopped(view, read));
    }
    if view.has_new_credential() {
        return None;
    }
    by_class(view)
}

fn by_class(view: &View<'_>) -> Option<Action> {
    let last = view.last()?;
    match last.classified.class {
        Class::Config => Some(stop(Reason::Configuration)),
        Class::Lifecycle | Class::DataFix => Some(new_data(view)),
        Class::Sca if view.own_of_class() >= retries_of_class(view) => Some(stop(Reason::CustomerAction)),
        _ if last.classified.advises(rules::Action::SingleUse) => Some(Action::AskCustomer),
        Class::Nsf if last.classified.advises(rules::Action::OtherCard) => Some(Action::AskCustomer),
        _ => None,
    }
}

/// A decline that forbids this card, unless newer account data have lifted it.
fn stops_card(view: &View<'_>, read: &Read<'_>) -> bool {
    let newer = view.case.credential_changed_at.is_some_and(|changed| changed > read.at);
    read.classified.class == Class::StopCard && !(newer && read.is_lifted_by_new_credential())
}

fn stopped(view: &View<'_>, read: &Read<'_>) -> Action {
    let may_ask = read.is_lifted_by_new_credential() && read.classified.advice.is_none();
    if may_ask && view.case.updater == Updater::Untried { Action::AskUpdater } else { stop(Reason::HardDecline) }
}

fn new_data(view: &View<'_>) -> Action {
    if view.case.updater == Updater::Untried { Action::AskUpdater } else { Action::AskCustomer }
}

/// How many attempts are left to plan with.
pub fn attempts_left(view: &View<'_>) -> u32 {
    let by_budget = view.case.max_attempts.saturating_sub(view.case.own_attempts);
    if view.has_new_credential() {
        return by_budget.min(1);
    }
    let by_code = view.last().and_then(|last| last.classified.retries_max).map(|most| most.saturating_sub(view.own_of_code()));
    let by_class = retries_of_class(view).saturating_sub(view.own_of_class());
    by_budget.min(by_class).min(by_code.unwrap_or(u32::MAX))
}

/// How many attempts the merchant's budget and the newest code bear, whatever a class is worth by our own waits.
pub fn attempts_borne(view: &View<'_>) -> u32 {
    let by_budget = view.case.max_attempts.saturating_sub(view.case.own_attempts);
    let by_code = view.last().and_then(|last| last.classified.retries_max).map(|most| most.saturating_sub(view.own_of_code()));
    if view.has_new_credential() { by_budget } else { by_budget.min(by_code.unwrap_or(u32::MAX)) }
}

fn retries_of_class(view: &View<'_>) -> u32 {
    view.rules.wait(view.class(), view.case.now).map_or(0, |wait| wait.retries_max)
}

fn stop(reason: Reason) -> Action {
    Action::Stop { reason }
}
