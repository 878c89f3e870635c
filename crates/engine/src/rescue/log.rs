//! The decision log: each decision is kept in the change that carries it out.

use domain::{
    change::Write,
    decision::Record,
    decline::Reason,
    order::{Decision, Order},
    time::Timestamp,
};
use recovery::{Inputs, Overruled};

use super::next::{Next, Step};
use crate::{Error, Result, commit::Change, processors::Chosen};

/// What the log keeps of a decision beside what the order says of it.
pub(crate) struct Logged {
    /// Everything that went in.
    pub inputs: Inputs,
    /// Probability with which this action was taken.
    pub propensity: f64,
    /// The rules.
    pub rules_version: String,
}

impl Next {
    /// An attempt goes to this account.
    pub(crate) fn meant_for(&mut self, chosen: &Chosen) {
        if let Some(logged) = &mut self.logged {
            logged.inputs.route = Some(chosen.name.clone());
        }
    }

    /// How likely the payment is fraud; above the operator's line it is not charged.
    pub(crate) fn weighed(&mut self, risk: recovery::risk::Weighed, now: Timestamp) {
        if risk.is_refused() && matches!(self.step, Step::Attempt(_)) {
            self.overrule(Step::Stop(Reason::NotEligible), Overruled::Risk, now);
        }
        if let Some(logged) = &mut self.logged {
            logged.inputs.risk = Some(risk);
        }
    }

    /// Whether the sandbox's tables said what is done.
    pub(crate) fn is_scripted(&self) -> bool {
        self.logged.as_ref().is_some_and(|logged| logged.inputs.overruled == Some(Overruled::Scenario))
    }

    /// Something else is done than what was decided.
    pub(crate) fn overrule(&mut self, step: Step, why: Overruled, now: Timestamp) {
        self.decision.action = step.word(now).into();
        self.decision.next_attempt = None;
        self.step = step;
        if let Some(logged) = &mut self.logged {
            logged.inputs.overruled = Some(why);
        }
    }
}

impl Change<'_> {
    /// Takes a decision: the order says it, the log keeps it. What was decided before on the same answers, and is no
    /// attempt, is the same decision.
    pub(crate) fn decide(&mut self, next: &mut Next) -> Result<()> {
        let Some(logged) = next.logged.take() else { return Ok(()) };
        if let Some(known) = known(&self.order, next) {
            next.decision = known;
        } else {
            let record = record(&self.order, next, &logged, self.now)?;
            self.set.push(Write::InsertDecision(Box::new(record)));
        }
        self.order.decision = Some(next.decision.clone());
        Ok(())
    }
}

/// What an attempt keeps of the decision that led to it.
pub(crate) fn kept(order: &Order) -> Option<serde_json::Value> {
    order.decision.as_ref().and_then(|decision| serde_json::to_value(decision).ok())
}

/// The order's last decision when this one says nothing else.
fn known(order: &Order, next: &Next) -> Option<Decision> {
    let known = order.decision.as_ref()?;
    let is_attempt = matches!(next.step, Step::Attempt(_));
    let same = Decision { id: known.id, ..next.decision.clone() } == *known;
    (same && !is_attempt).then(|| known.clone())
}

fn record(order: &Order, next: &Next, logged: &Logged, now: Timestamp) -> Result<Record> {
    let decision = &next.decision;
    let chosen_at = if let Step::Attempt(at) = next.step { Some(at) } else { None };
    Ok(Record {
        id: decision.id,
        mid: order.mid,
        environment: order.environment,
        order: order.id,
        decided_at: now,
        attempt_number: order.attempts_reserved + 1,
        action: decision.action.clone(),
        chosen_at,
        class: decision.class,
        probability: decision.probability,
        propensity: logged.propensity,
        arm: order.arm,
        model_version: decision.model_version.clone(),
        rules_version: logged.rules_version.clone(),
        seed: logged.inputs.case.seed,
        case: logged.inputs.to_text().map_err(|error| Error::Internal(format!("a case has no form in JSON: {error}")))?,
    })
}
