//! Ending an order.

use domain::{
    decline::{NextAction, Reason},
    order::{Actor, Ending, Order, State},
};

use crate::{Result, commit::Change};

/// Ends an order for a reason: declined by us, cancelled by somebody, or expired.
pub(crate) fn finish(change: &mut Change<'_>, ending: Ending) -> Result<()> {
    change.order.reason = Some(ending.reason);
    change.order.ending = None;
    change.advance(end_state(&change.order, ending))
}

/// Recoup ends an order, and says what the merchant can do.
pub(crate) fn stop(change: &mut Change<'_>, reason: Reason) -> Result<()> {
    change.order.next_action = Some(next_action(reason));
    let at = change.now;
    finish(change, Ending { reason, by: Actor::System, at })
}

/// The state in which an order ends for a reason. Money that was captured in part stays: `PART_RECOVERED`.
fn end_state(order: &Order, ending: Ending) -> State {
    match ending.reason {
        _ if order.captured_minor > 0 => State::PartRecovered,
        Reason::Expired => State::Expired,
        Reason::Cancelled | Reason::PaidElsewhere | Reason::Disputed => State::Cancelled { reason: ending.reason, by: ending.by },
        Reason::Blocked if ending.by != Actor::System => State::Cancelled { reason: ending.reason, by: ending.by },
        reason => State::Rejected { reason },
    }
}

/// What the merchant can do about a reason.
pub(crate) const fn next_action(reason: Reason) -> NextAction {
    match reason {
        Reason::RetryLater | Reason::Timeout | Reason::NotRescued => NextAction::RetryLater,
        Reason::CustomerAction => NextAction::AskCustomer,
        Reason::HardDecline | Reason::DataMissing => NextAction::UpdateCard,
        Reason::Configuration | Reason::NoRoute | Reason::AuthCaptureDisabled => NextAction::FixConfiguration,
        _ => NextAction::None,
    }
}
