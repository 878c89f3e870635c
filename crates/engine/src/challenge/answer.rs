//! `POST /v1/challenge/{orderSessionKey}`: the customer's answer, and the attempt that follows.

use std::{sync::Arc, time::Duration};

use domain::{
    address::Address,
    card::Cvv,
    decline::Reason,
    event::Kind,
    fault::Faults,
    id::OrderId,
    order::{Challenge, ChallengeField, ChallengeState, Order, State},
    payment::ThreeDSecure,
    time::Timestamp,
};
use recovery::Overruled;
use serde_json::json;

use super::challenge_of;
use crate::{
    Engine, Error, Result,
    commit::Change,
    rescue::{Send, Sent, Step, follow, kept},
    tenants::Tenant,
};

/// What the customer gave. Its CVV neither prints nor serialises.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Card verification value.
    pub cvv: Option<Cvv>,
    /// Billing address; parts that are not given stay.
    pub billing: Option<Address>,
    /// Month, 1–12, and four-digit year.
    pub expiry: Option<(u8, u16)>,
    /// 3-D Secure.
    pub step_up: Option<StepUp>,
}

/// What came of a 3-D Secure step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepUp {
    /// The button of the sandbox's page: confirmed, or not.
    Simulated(bool),
    /// Authentication data of the shop's own 3-D Secure server.
    Authenticated(Box<ThreeDSecure>),
}

impl Engine {
    /// Takes the customer's answer and attempts the payment with it; the attempt goes on when this returns. A closed
    /// challenge is not found; an answer while one is being tried is that one again.
    pub async fn answer_challenge(self: &Arc<Self>, id: OrderId, answer: Answer, mut faults: Faults) -> Result<()> {
        self.admit()?;
        let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
        let _one = self.order_locks.hold((order.mid, order.environment, &order.payment.order_id)).await;
        let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
        let now = self.now_for(order.mid, order.environment);
        let challenge = challenge_of(&order).filter(|challenge| !challenge.state.is_closed()).ok_or(Error::NotFound)?;
        if challenge.state == ChallengeState::Attempted {
            return Ok(());
        }
        if now >= challenge.expires_at || !matches!(order.state, State::Challenged { .. }) {
            return Err(Error::NotFound);
        }
        missing(&challenge, &answer, order.is_test(), &mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
        if !tenant.works(&order) {
            return Err(Error::NotFound);
        }
        if let Some(why) = self.forbidden(&tenant, &order, now).await? {
            self.end_forbidden(order, &tenant, now, why).await?;
            return Ok(());
        }
        self.try_answer(order, challenge, &tenant, &answer, now).await
    }

    async fn try_answer(
        self: &Arc<Self>,
        order: Order,
        mut challenge: Challenge,
        tenant: &Arc<Tenant>,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<()> {
        challenge.attempts_left = challenge.attempts_left.saturating_sub(1);
        let (id, fields, scripted) = (order.id, challenge.fields.clone(), challenge.scripted);
        let settings = tenant.settings_on(order.site);
        let mut change = Change::of(order, tenant, now);
        change.order.challenge = Some(challenge);
        if answer.step_up == Some(StepUp::Simulated(false)) {
            return self.refused_step_up(change).await;
        }
        self.put_answer(&mut change, answer).await?;
        let mut next = self.realtime_answered(&change, settings.challenge_enabled, &fields).await?;
        if scripted && !matches!(next.step, Step::Attempt(_)) {
            next.overrule(Step::Attempt(now), Overruled::Scenario, now);
        }
        let route = self.route(&change.order).await?;
        let (Step::Attempt(_), Some(chosen)) = (&next.step, route) else {
            // What was given is not sent: nothing of it is kept but that it was tried.
            return self.end_unsent(change, next).await;
        };
        change.decide(&mut next)?;
        let decision = kept(&change.order);
        let send = Send { change, ledger_rows: next.ledger_rows, decision };
        match self.send(send, tenant, chosen).await? {
            Sent::Away(task, _) => {
                self.follow_visit(id, task, Duration::from_millis(settings.realtime_budget_ms.into()));
                Ok(())
            }
            Sent::Stale => Err(Error::InProgress),
        }
    }

    /// The customer did not confirm: one try less, and nothing to send.
    async fn refused_step_up(&self, mut change: Change<'_>) -> Result<()> {
        let again = change.order.challenge.as_mut().filter(|challenge| challenge.attempts_left > 0);
        match again {
            Some(challenge) => {
                let (fields, attempts_left) = (challenge.fields.clone(), challenge.attempts_left);
                let expires_at = challenge.expires_at;
                // Tried and presented again, in one change.
                challenge.state = ChallengeState::Attempted;
                let data = json!({"Fields": fields, "AttemptsLeft": attempts_left, "ExpiresUtc": expires_at.iso6()});
                change.tell(Kind::ChallengeAttempted, data);
                change.advance(State::Challenged { fields, attempts_left, expires_at })?;
            }
            None => crate::rescue::stop(&mut change, Reason::CustomerAction)?,
        }
        self.commit_or_reread(change).await.map(|_| ())
    }

    async fn end_unsent(&self, change: Change<'_>, mut next: crate::rescue::Next) -> Result<()> {
        let (order, now, tenant) = (change.order, change.now, change.tenant);
        let before = self.store.order(order.id).await?.ok_or(Error::NotFound)?;
        let mut change = Change::of(before, tenant, now);
        change.order.challenge = order.challenge;
        if !matches!(next.step, Step::Stop(_)) {
            let why = if matches!(next.step, Step::Attempt(_)) { Overruled::NoRoute } else { Overruled::NotNow };
            let reason = if why == Overruled::NoRoute { Reason::NoRoute } else { Reason::NotRescued };
            next.overrule(Step::Stop(reason), why, now);
        }
        follow(&mut change, &mut next)?;
        self.commit_or_reread(change).await.map(|_| ())
    }
}

/// Adds a fault for every asked-for member that is not there.
fn missing(challenge: &Challenge, answer: &Answer, is_test: bool, faults: &mut Faults) {
    for field in &challenge.fields {
        match field {
            ChallengeField::Cvv if answer.cvv.is_none() && !faults.has("VerificationValue") => {
                faults.required("VerificationValue");
            }
            ChallengeField::BillingAddress if answer.billing.is_none() && !faults.has("BillingInformation") => {
                faults.required("BillingInformation");
            }
            ChallengeField::CardExpiry if answer.expiry.is_none() => {
                for name in ["ExpirationMonth", "ExpirationYear"].into_iter().filter(|name| !faults.has(name)).collect::<Vec<_>>()
                {
                    faults.required(name);
                }
            }
            ChallengeField::ThreeDs => match &answer.step_up {
                None if !faults.has("StepUp") => faults.required("StepUp"),
                // The sandbox's button authenticates nobody.
                Some(StepUp::Simulated(_)) if !is_test => faults.invalid("StepUp"),
                _ => {}
            },
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(fields: &[ChallengeField], answer: &Answer, is_test: bool) -> Vec<String> {
        let challenge = Challenge::new(fields.to_vec(), Timestamp::FAR_FUTURE, false);
        let mut faults = Faults::new();
        missing(&challenge, answer, is_test, &mut faults);
        faults.iter().map(|(path, _)| path.to_owned()).collect()
    }

    #[test]
    fn everything_that_was_asked_must_be_there() {
        use ChallengeField::{BillingAddress, CardExpiry, Cvv as Code, ThreeDs};
        let none = Answer::default();
        let simulated = Answer { step_up: Some(StepUp::Simulated(true)), ..Answer::default() };
        let cvv = Answer { cvv: Cvv::parse("123"), ..Answer::default() };
        for (fields, answer, is_test, expected) in [
            (&[Code][..], &none, true, &["VerificationValue"][..]),
            (&[Code], &cvv, true, &[]),
            (&[CardExpiry, Code], &cvv, true, &["ExpirationMonth", "ExpirationYear"]),
            (&[BillingAddress], &cvv, true, &["BillingInformation"]),
            (&[ThreeDs], &none, true, &["StepUp"]),
            (&[ThreeDs], &simulated, true, &[]),
            (&[ThreeDs], &simulated, false, &["StepUp"]),
        ] {
            assert_eq!(faults(fields, answer, is_test), expected, "{fields:?}");
        }
    }
}
