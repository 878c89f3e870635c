//! `POST /v1/advice/{id}/attempts`: what became of an attempt, and what follows.

use domain::{
    advice::{Advice, Code, Decision, State},
    bounds::CONFLICT_RETRIES_MAX,
    decline::Reason,
    fault::Faults,
    id::AdviceId,
    ledger::Origin,
    order::Actor,
    time::Timestamp,
};

use super::{
    Advised, Attempt, View,
    booking::{Tried, tried_at},
    card::Bearer,
    change::Change,
};
use crate::{
    Engine, Error, Principal, Result,
    idempotency::{Held, Known},
};

impl Engine {
    /// Books an attempt that the caller made and decides anew.
    pub async fn report_attempt(
        &self,
        principal: &Principal,
        id: AdviceId,
        input: Option<Attempt>,
        faults: Faults,
    ) -> Result<Advised> {
        self.admit()?;
        let advice = self.own_advice(principal, id).await?;
        let Some(input) = input.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let endpoint = format!("advice/{id}/attempts");
        let held = match self.take_key(advice.mid, advice.environment, &endpoint, &input.key, input.payload_hash).await? {
            Known::New(held) => held,
            Known::Answered { body, .. } => return Ok(Advised { view: View::from_stored(&body)?, replayed: true }),
            Known::Unanswered { .. } => return Err(Error::InProgress),
        };
        let external = advice.payment.order_id.clone();
        let _one_at_a_time = self.order_locks.hold((advice.mid, advice.environment, &external)).await;
        for _ in 0..CONFLICT_RETRIES_MAX {
            let advice = self.store.advice(id).await?.ok_or(Error::NotFound)?;
            if let Some(view) = self.take_attempt(advice, &input, &held).await? {
                if input.approved {
                    let Advice { mid, environment, .. } = self.store.advice(id).await?.ok_or(Error::NotFound)?;
                    self.end_open_rescue(mid, environment, &external, Reason::PaidElsewhere, Actor::Merchant).await?;
                }
                return Ok(Advised { view, replayed: false });
            }
        }
        Err(Error::InProgress)
    }

    /// `None` when another commit came first.
    async fn take_attempt(&self, advice: Advice, input: &Attempt, held: &Held) -> Result<Option<View>> {
        let tenant = self.tenants.get(advice.mid).await?.ok_or(Error::NotFound)?;
        let now = self.now_for(advice.mid, advice.environment);
        check_currency(&advice, input)?;
        // Who transmits its payments, too, may have told of this approval already.
        let known = is_known(&advice, input) || (advice.state.code() == Code::Succeeded && input.approved);
        if !known && !advice.state.is_open() {
            let message = format!("The advice is {}; report the payment with /v1/transmit.", advice.state.code());
            return Err(Error::State { message, order: None });
        }
        let mut change = Change::of(advice, &tenant, now);
        if known {
            return self.answer_advice_with(change, held, |view| View { duplicate: true, ..view }).await;
        }
        let too_early = is_too_early(&change.advice, tried_at(&input.transaction, now));
        self.charge_card(&mut change, input).await?;
        self.count(&mut change, input).await?;
        if change.advice.state.is_open() {
            self.decide_advice(&mut change).await?;
        }
        metrics::counter!("recoup_advice_attempts_total").increment(1);
        self.answer_advice_with(change, held, |view| View { too_early, ..view }).await
    }

    /// The card that was charged, when it was not the one known.
    async fn charge_card(&self, change: &mut Change<'_>, input: &Attempt) -> Result<()> {
        let Some((method, credential)) = &input.card else { return Ok(()) };
        let advice = &change.advice;
        let bearer = Bearer {
            mid: advice.mid,
            environment: advice.environment,
            advice: advice.id,
            payment: &advice.payment,
            // It was in use before it answered.
            now: tried_at(&input.transaction, change.now),
        };
        let mut faults = Faults::new();
        let card = self.advised_card(&bearer, method, credential.as_ref(), true, &mut faults).await?;
        Self::sound(faults)?;
        if let Some(card) = card {
            change.advice.take_card(card);
        }
        Ok(())
    }

    async fn count(&self, change: &mut Change<'_>, input: &Attempt) -> Result<()> {
        let (minor, due) = (input.transaction.amount.minor, change.advice.due().minor);
        let is_part = input.approved && change.advice.policy.allow_partial && minor < due;
        let mut transaction = input.transaction.clone();
        let source = &change.advice.payment.transaction.response_code_source;
        transaction.response_code_source = transaction.response_code_source.or_else(|| source.clone());
        let tried = Tried { transaction: &transaction, approved: input.approved, origin: Origin::Own, is_part };
        self.book(change, &tried).await?;
        let advice = &mut change.advice;
        advice.attempts = advice.attempts.saturating_add(1);
        if input.route.is_some() {
            advice.route.clone_from(&input.route);
        }
        if input.approved {
            advice.paid_minor = advice.paid_minor.saturating_add(minor);
        }
        if input.approved && !is_part {
            let paid = State::Succeeded { reason: None, at: change.now };
            advice.end(paid).map_err(|closed| Error::Internal(closed.to_string()))?;
        }
        Ok(())
    }
}

fn check_currency(advice: &Advice, input: &Attempt) -> Result<()> {
    let mut faults = Faults::new();
    if input.transaction.amount.currency != advice.amount.currency {
        faults.invalid("Transaction.Currency");
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The same transaction of the same moment, told a second time. An id alone proves nothing: some clients use one again.
fn is_known(advice: &Advice, input: &Attempt) -> bool {
    let told_at = input.transaction.timestamp;
    told_at.is_some_and(|at| {
        advice.seen.iter().any(|seen| seen.at == at && seen.transaction_id == input.transaction.id && seen.origin == Origin::Own)
    })
}

/// Before the earliest moment that was advised for the card in use.
fn is_too_early(advice: &Advice, at: Timestamp) -> bool {
    let advised = advice.advised.as_ref().filter(|advised| matches!(advised.decision, Decision::Retry | Decision::None));
    advised.and_then(|advised| advised.not_before).is_some_and(|earliest| at < earliest)
}
