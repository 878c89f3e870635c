//! An advice as its caller sees it.

use domain::{
    advice::{Advice, Code, Decision, How},
    decline::{Class, Reason},
    fault::Faults,
    id::{AdviceId, DecisionId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Engine, Error, Principal, Result};

/// Chances are told to this many parts of one: more would only look exact.
const CHANCE_PARTS: f64 = 10_000.0;

/// The advice object of `wire-api` §8. What only an open advice has is absent from one that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Its id.
    pub advice: AdviceId,
    /// The merchant's order id.
    pub external_id: String,
    /// Where it stands.
    pub state: Code,
    /// What to do.
    pub decision: Decision,
    /// The newest decision's id.
    pub decision_id: Option<DecisionId>,
    /// The attempt that it is about.
    pub attempt_number: u32,
    /// How many may follow that one.
    pub attempts_remaining: u32,
    /// When to charge, UTC.
    pub retry_at: Option<Timestamp>,
    /// The earliest moment that the rules and the caller's own policy allow, UTC.
    pub not_before: Option<Timestamp>,
    /// Until when the moment stays good, UTC.
    pub not_after: Option<Timestamp>,
    /// Nothing is advised from then on, UTC.
    pub deadline: Timestamp,
    /// How to charge.
    pub how: Option<How>,
    /// The class of the newest decline.
    pub class: Class,
    /// Chance of approval, 0–1.
    pub probability: Option<f64>,
    /// Rules that bounded the decision.
    pub bound_by: Vec<String>,
    /// The model.
    pub model_version: Option<String>,
    /// Why it ended.
    pub reason: Option<Reason>,
    /// The attempt just reported was made before the earliest moment.
    #[serde(default)]
    pub too_early: bool,
    /// The attempt just reported was known.
    #[serde(default)]
    pub duplicate: bool,
}

impl View {
    /// The view of an advice as it stands.
    pub fn of(advice: &Advice) -> Self {
        let advised = advice.advised.as_ref();
        let open = advised.filter(|_| advice.state.is_open());
        Self {
            advice: advice.id,
            external_id: advice.payment.order_id.clone(),
            state: advice.state.code(),
            decision: advice.decision(),
            decision_id: advised.map(|advised| advised.id),
            attempt_number: advice.attempt_number(),
            attempts_remaining: advice.attempts_remaining(),
            retry_at: open.and_then(|advised| advised.retry_at),
            not_before: open.filter(|advised| advised.retry_at.is_some()).and_then(|advised| advised.not_before),
            not_after: open.and_then(|advised| advised.not_after),
            deadline: advice.policy.deadline,
            how: open.map(|advised| advised.how.clone()),
            class: advice.class,
            probability: open.map(|advised| (advised.probability * CHANCE_PARTS).round() / CHANCE_PARTS),
            bound_by: advised.map(|advised| advised.bound_by.clone()).unwrap_or_default(),
            model_version: advised.map(|advised| advised.model_version.clone()),
            reason: advice.state.reason(),
            too_early: false,
            duplicate: false,
        }
    }

    /// The form the idempotency record keeps.
    pub(super) fn stored(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Reads the form the idempotency record keeps.
    pub(super) fn from_stored(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|_| Error::Internal("a stored answer is unreadable".into()))
    }

    /// The `Advice` of an event: the members of the advice object in PascalCase.
    pub(super) fn told(&self) -> serde_json::Value {
        let iso = |at: Option<Timestamp>| at.map(Timestamp::iso6);
        json!({
            "AdviceId": self.advice,
            "OrderId": self.external_id,
            "State": self.state,
            "Decision": self.decision,
            "DecisionId": self.decision_id,
            "AttemptNumber": self.attempt_number,
            "AttemptsRemaining": self.attempts_remaining,
            "RetryAtUtc": iso(self.retry_at),
            "RetryNotBeforeUtc": iso(self.not_before),
            "RetryNotAfterUtc": iso(self.not_after),
            "DeadlineUtc": self.deadline.iso6(),
            "How": self.how.as_ref().map(told_how),
            "DeclineClass": self.class,
            "Probability": self.probability,
            "BoundBy": self.bound_by,
            "ModelVersion": self.model_version,
        })
    }
}

fn told_how(how: &How) -> serde_json::Value {
    json!({
        "Amount": how.amount.minor,
        "Currency": how.amount.currency,
        "Credential": how.credential,
        "Initiator": how.initiator,
        "MitReason": how.mit_reason,
        "OmitCvv": how.omit_cvv,
        "StepUp3ds": how.step_up_3ds,
        "Route": how.route,
    })
}

impl Engine {
    /// An advice of the caller's; another tenant's or environment's is not found.
    pub async fn advice(&self, principal: &Principal, id: AdviceId) -> Result<View> {
        self.own_advice(principal, id).await.map(|advice| View::of(&advice))
    }

    pub(super) async fn own_advice(&self, principal: &Principal, id: AdviceId) -> Result<Advice> {
        principal.require("advice")?;
        let advice = self.store.advice(id).await?.ok_or(Error::NotFound)?;
        if self.sees(principal, advice.mid, advice.environment).await { Ok(advice) } else { Err(Error::NotFound) }
    }

    /// Faults that name what is wrong, or nothing.
    pub(super) fn sound(faults: Faults) -> Result<()> {
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}
