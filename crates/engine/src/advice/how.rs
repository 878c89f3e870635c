//! How to charge: which account data, which flags, which of the caller's routes (domain rules §3).

use domain::{
    advice::{Advice, Decision, How, MitReason, Use},
    channel::OrderSource,
    decline::Class,
    ledger::Initiator,
};

/// How the next attempt of an advice is to be made.
pub(super) fn of(advice: &Advice, decision: Decision, class: Class) -> How {
    let initiator = advice.initiator();
    How {
        amount: advice.due(),
        credential: credential(advice, decision, class),
        initiator,
        mit_reason: (initiator == Initiator::Mit).then(|| mit_reason(advice)),
        // A merchant-initiated attempt never carries a CVV.
        omit_cvv: initiator == Initiator::Mit,
        // Only a customer who is there, or is asked, can authenticate.
        step_up_3ds: class == Class::Sca && (initiator == Initiator::Cit || decision == Decision::AskCustomer),
        route: route(advice, class),
    }
}

fn credential(advice: &Advice, decision: Decision, class: Class) -> Use {
    let newest = advice.seen.iter().map(|seen| seen.at).max();
    let untried = advice.card_changed_at().zip(newest).is_some_and(|(changed, seen)| changed > seen);
    match decision {
        Decision::WaitForData => Use::Updated,
        // Wrong data and a missing authentication are mended on the same card.
        Decision::AskCustomer if matches!(class, Class::DataFix | Class::Sca) => Use::Same,
        Decision::AskCustomer => Use::Other,
        Decision::Retry if untried => Use::Updated,
        Decision::Retry | Decision::Stop | Decision::None => Use::Same,
    }
}

/// A retry keeps the flag of its series; what the customer initiated and the merchant now collects is a resubmission.
fn mit_reason(advice: &Advice) -> MitReason {
    let payment = &advice.payment;
    match OrderSource::read(payment.order_source.as_deref()).0 {
        OrderSource::Installment => MitReason::Installment,
        OrderSource::Subscription => MitReason::Recurring,
        _ if payment.is_recurring || payment.subscription.is_some() => MitReason::Recurring,
        _ if advice.seen.iter().any(|seen| seen.initiator == Initiator::Cit) => MitReason::Resubmission,
        _ => MitReason::Unscheduled,
    }
}

/// The route of the last attempt, else the preferred one. After an answer that another route may change, the next one.
fn route(advice: &Advice, class: Class) -> Option<String> {
    let routes = &advice.policy.routes;
    let last = advice.route.as_ref().and_then(|last| routes.iter().position(|route| route == last));
    let place = match last {
        Some(last) if matches!(class, Class::Tech | Class::Generic) => (last + 1) % routes.len(),
        Some(last) => last,
        None => 0,
    };
    routes.get(place).cloned()
}
