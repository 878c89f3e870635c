//! The advice object (`wire-api` §8).

use domain::{
    advice::{Code, Decision, How, MitReason, Use},
    decline::{Class, Reason},
    id::{AdviceId, DecisionId},
    ledger::Initiator,
    money::Currency,
};
use engine::advice::View;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Iso, Properties, Tuple};

/// The whole reply. What only an open advice has is null in one that has ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AdviceReply")]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    advice_id: AdviceId,
    /// The merchant's order id.
    order_id: &'a str,
    state: Code,
    /// What to do.
    decision: Decision,
    decision_id: Option<DecisionId>,
    /// The attempt that it is about: the next one while it is open, the last one reported afterwards.
    attempt_number: u32,
    /// Attempts that may follow that one.
    attempts_remaining: u32,
    /// When to charge.
    retry_at_utc: Option<Iso>,
    /// The earliest moment that the networks' rules and the policy allow.
    retry_not_before_utc: Option<Iso>,
    /// Until when `retryAtUtc` stays good; then another moment is advised.
    retry_not_after_utc: Option<Iso>,
    /// Nothing is advised from then on.
    deadline_utc: Iso,
    how: Option<Manner<'a>>,
    decline_class: Class,
    /// Chance of approval at `retryAtUtc`.
    probability: Option<f64>,
    /// Rules that bounded the decision.
    bound_by: &'a [String],
    model_version: Option<&'a str>,
    success: bool,
    result: &'static str,
    /// The decision.
    status: Decision,
    /// Why it ended: a word of a declined `/evaluate`.
    status_code: Option<Reason>,
    errors: [Tuple<'a>; 0],
    /// `tooEarly`: the attempt was made before `retryNotBeforeUtc`; `duplicate`: it was known.
    custom_properties: Properties<'a>,
}

/// How to charge.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AdvisedManner")]
#[serde(rename_all = "camelCase")]
struct Manner<'a> {
    /// Cents.
    amount: i64,
    currency: Currency,
    /// Which account data.
    credential: Use,
    initiator: Initiator,
    /// The flag of a merchant-initiated attempt.
    mit_reason: Option<MitReason>,
    /// Send no CVV.
    omit_cvv: bool,
    /// Authenticate the customer first.
    #[serde(rename = "stepUp3ds")]
    step_up_3ds: bool,
    /// One of `policy.routes`.
    route: Option<&'a str>,
}

/// The reply for an advice.
pub fn body(view: &View) -> Body<'_> {
    let mut properties = Properties::new();
    if view.too_early {
        properties = properties.flag("tooEarly", true);
    }
    if view.duplicate {
        properties = properties.flag("duplicate", true);
    }
    Body {
        advice_id: view.advice,
        order_id: &view.external_id,
        state: view.state,
        decision: view.decision,
        decision_id: view.decision_id,
        attempt_number: view.attempt_number,
        attempts_remaining: view.attempts_remaining,
        retry_at_utc: view.retry_at.map(Iso),
        retry_not_before_utc: view.not_before.map(Iso),
        retry_not_after_utc: view.not_after.map(Iso),
        deadline_utc: Iso(view.deadline),
        how: view.how.as_ref().map(manner),
        decline_class: view.class,
        probability: view.probability,
        bound_by: &view.bound_by,
        model_version: view.model_version.as_deref(),
        success: true,
        result: "Success",
        status: view.decision,
        status_code: view.reason,
        errors: [],
        custom_properties: properties,
    }
}

fn manner(how: &How) -> Manner<'_> {
    Manner {
        amount: how.amount.minor,
        currency: how.amount.currency,
        credential: how.credential,
        initiator: how.initiator,
        mit_reason: how.mit_reason,
        omit_cvv: how.omit_cvv,
        step_up_3ds: how.step_up_3ds,
        route: how.route.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{money::Money, time::Timestamp};

    use super::*;

    /// The sample of the contract, byte for byte but for its ids.
    #[test]
    fn the_contracts_sample() {
        let at = |text: &str| Timestamp::parse(text);
        let mut view = View {
            advice: AdviceId::from_bytes([0x11; 16]),
            external_id: "INV-1001".into(),
            state: Code::Open,
            decision: Decision::Retry,
            decision_id: Some(DecisionId::from_bytes([0x22; 16])),
            attempt_number: 2,
            attempts_remaining: 6,
            retry_at: at("2026-12-01T06:00:00Z"),
            not_before: at("2026-11-28T00:00:00Z"),
            not_after: at("2026-12-01T12:00:00Z"),
            deadline: at("2026-12-11T00:00:00Z").unwrap(),
            how: Some(How {
                amount: Money::new(1999, Currency::USD),
                credential: Use::Same,
                initiator: Initiator::Mit,
                mit_reason: Some(MitReason::Recurring),
                omit_cvv: true,
                step_up_3ds: false,
                route: None,
            }),
            class: Class::Nsf,
            probability: Some(0.41),
            bound_by: vec!["visa.m30".into()],
            model_version: Some("2026.11.2".into()),
            reason: None,
            too_early: false,
            duplicate: false,
        };
        assert_eq!(
            serde_json::to_string(&body(&view)).unwrap(),
            "{\"adviceId\":\"11111111-1111-1111-1111-111111111111\",\"orderId\":\"INV-1001\",\"state\":\"OPEN\",\"decision\":\"RETRY\",\
             \"decisionId\":\"22222222-2222-2222-2222-222222222222\",\"attemptNumber\":2,\"attemptsRemaining\":6,\
             \"retryAtUtc\":\"2026-12-01T06:00:00.000000Z\",\"retryNotBeforeUtc\":\"2026-11-28T00:00:00.000000Z\",\
             \"retryNotAfterUtc\":\"2026-12-01T12:00:00.000000Z\",\"deadlineUtc\":\"2026-12-11T00:00:00.000000Z\",\
             \"how\":{\"amount\":1999,\"currency\":\"USD\",\"credential\":\"same\",\"initiator\":\"MIT\",\"mitReason\":\"recurring\",\
             \"omitCvv\":true,\"stepUp3ds\":false,\"route\":null},\
             \"declineClass\":\"NSF\",\"probability\":0.41,\"boundBy\":[\"visa.m30\"],\"modelVersion\":\"2026.11.2\",\"success\":true,\
             \"result\":\"Success\",\"status\":\"RETRY\",\"statusCode\":null,\"errors\":[],\"customProperties\":{}}"
        );
        view.state = Code::Stopped;
        view.decision = Decision::Stop;
        view.reason = Some(Reason::HardDecline);
        view.how = None;
        view.too_early = true;
        let text = serde_json::to_string(&body(&view)).unwrap();
        assert!(text.contains("\"how\":null") && text.contains("\"status\":\"STOP\",\"statusCode\":\"HARD_DECLINE\""), "{text}");
        assert!(text.ends_with("\"customProperties\":{\"tooEarly\":\"true\"}}"), "{text}");
    }
}
