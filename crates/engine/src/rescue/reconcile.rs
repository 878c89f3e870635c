//! Settling an unknown result: by asking the processor, never by sending again.

use std::{sync::Arc, time::Duration};

use domain::{
    attempt::{Attempt, Progress},
    change::Write,
    decline::{Answer, Reason},
    id::AttemptId,
    order::{Order, State},
    time::Timestamp,
};
use processor::{Failure, Inquiry};

use super::{attempt::Heard, record::release};
use crate::{
    Engine, Result,
    commit::{Change, Commit},
    processors::Chosen,
    tenants::Tenant,
};

/// Waits between look-ups, seconds; the last one repeats.
const WAITS_SECS: [u64; 8] = [10, 30, 60, 300, 900, 1_800, 3_600, 3_600];
/// Look-ups after which the operator must look; by then about two weeks have passed.
const INQUIRIES_MAX: u32 = 336;
/// Wait before a new attempt when the processor never saw the last one.
const NEVER_SEEN_WAIT: Duration = Duration::from_secs(60);

/// The wait before the look-up of this number, from 0.
pub(super) fn inquiry_wait(inquiries: u32) -> Duration {
    crate::waits::after(inquiries, &WAITS_SECS)
}

/// What a look-up brought.
enum Found {
    Heard(Heard),
    NeverSeen,
    Nothing(String),
    NotOffered,
}

impl Engine {
    /// Looks an attempt up and records what is found.
    pub(crate) async fn inquire(self: &Arc<Self>, order: Order, tenant: &Tenant, id: AttemptId, now: Timestamp) -> Result<Order> {
        if self.attempts.has(&id) {
            // Its task in this process records it.
            return Ok(order);
        }
        let Some(attempt) = self.store.attempt(id).await? else {
            return self.fault(order, tenant, now, "the attempt's row is missing").await;
        };
        let chosen = self.processor_of(attempt.processor).await?;
        match self.look_up(&attempt, &chosen, now).await {
            Found::Heard(heard) => self.record(order, attempt, tenant, heard, now).await,
            Found::NeverSeen if attempt_ambiguous(&attempt) => self.keep_answer(order, tenant, attempt, now).await,
            Found::NeverSeen => self.never_seen(order, tenant, attempt, now).await,
            Found::Nothing(detail) => self.look_again(order, tenant, attempt, now, &detail).await,
            Found::NotOffered => {
                self.fault(order, tenant, now, "the processor offers no look-up; its books must be read by hand").await
            }
        }
    }

    /// Settles an attempt with what its processor told of its own accord: as a look-up would, also where the operator was
    /// asked because there is no look-up.
    pub(crate) async fn settle_told(
        self: &Arc<Self>,
        order: Order,
        attempt: Attempt,
        tenant: &Tenant,
        answer: &processor::Authorization,
    ) -> Result<Order> {
        let now = self.now_for(order.mid, order.environment).max(attempt.at);
        self.record(order, attempt, tenant, Heard::Answer(Box::new(answer.clone()), None), now).await
    }

    async fn look_up(&self, attempt: &Attempt, chosen: &Chosen, now: Timestamp) -> Found {
        if !chosen.offers().inquire {
            return Found::NotOffered;
        }
        metrics::counter!("recoup_inquiries_total").increment(1);
        match chosen.client.inquire(attempt.id, now).await {
            Ok(Inquiry::Found(answer)) => Found::Heard(Heard::Answer(answer, None)),
            Ok(Inquiry::NeverSeen) if self.clock.now() >= attempt.reserved_at + chosen.settled_after => Found::NeverSeen,
            Ok(Inquiry::NeverSeen) => Found::Nothing("not seen, and still possibly on its way".into()),
            Err(Failure::NotOffered) => Found::NotOffered,
            Err(failure) => Found::Nothing(failure.to_string()),
        }
    }

    /// The processor never saw it: nothing was charged, and a new attempt may be planned.
    async fn never_seen(self: &Arc<Self>, order: Order, tenant: &Tenant, mut attempt: Attempt, now: Timestamp) -> Result<Order> {
        let mut change = Change::of(order, tenant, now);
        attempt.version += 1;
        change.open_for_settlement(attempt.id, now)?;
        release(&mut change, &mut attempt, "the processor never saw it");
        change.set.push(Write::UpdateAttempt(Box::new(attempt)));
        Self::again(&mut change, NEVER_SEEN_WAIT, Reason::NotRescued)?;
        self.commit_or_reread(change).await
    }

    /// The look-up found nothing beside the ambiguous answer: that answer counts.
    async fn keep_answer(self: &Arc<Self>, order: Order, tenant: &Tenant, mut attempt: Attempt, now: Timestamp) -> Result<Order> {
        let Progress::Unknown { answer: Some(answer), .. } = attempt.progress.clone() else { return Ok(order) };
        let mut change = Change::of(order, tenant, now);
        attempt.version += 1;
        let said = Answer::iso(&answer.response_code, answer.advice_code.as_deref());
        self.conclude(&mut change, attempt, *answer, said, None).await?;
        self.commit_or_reread(change).await
    }

    async fn look_again(
        self: &Arc<Self>,
        order: Order,
        tenant: &Tenant,
        attempt: Attempt,
        now: Timestamp,
        detail: &str,
    ) -> Result<Order> {
        let inquiries = if let State::Reconciling { inquiries, .. } = order.state { inquiries + 1 } else { 0 };
        if inquiries >= INQUIRIES_MAX {
            return self.fault(order, tenant, now, "the result of an attempt could not be found out").await;
        }
        tracing::info!(order = %order.id, attempt = %attempt.id, inquiries, detail, "look-up brought nothing yet");
        let mut change = Change::of(order, tenant, now);
        change.advance(State::Reconciling { attempt: attempt.id, next_inquiry: now + inquiry_wait(inquiries), inquiries })?;
        if matches!(attempt.progress, Progress::Reserved) {
            let mut attempt = attempt;
            attempt.version += 1;
            attempt.progress = Progress::Unknown { detail: detail.to_owned(), answer: None };
            change.set.push(Write::UpdateAttempt(Box::new(attempt)));
        }
        self.commit_or_reread(change).await
    }

    async fn fault(self: &Arc<Self>, order: Order, tenant: &Tenant, now: Timestamp, fault: &str) -> Result<Order> {
        tracing::error!(order = %order.id, fault, "an order needs the operator");
        metrics::counter!("recoup_orders_faulted_total").increment(1);
        let mut change = Change::of(order, tenant, now);
        change.advance(State::Faulted { fault: fault.to_owned() })?;
        self.commit_or_reread(change).await
    }

    /// Commits; when somebody else came first, theirs stands.
    pub(crate) async fn commit_or_reread(&self, change: Change<'_>) -> Result<Order> {
        match self.commit(change).await? {
            (Commit::Done, order) => Ok(order),
            (Commit::Stale, order) => self.store.order(order.id).await?.ok_or(crate::Error::NotFound),
        }
    }
}

impl Change<'_> {
    /// An attempt that was never looked up is settled from `RECONCILING`.
    fn open_for_settlement(&mut self, attempt: AttemptId, now: Timestamp) -> Result<()> {
        match self.order.state {
            State::Attempting { .. } => self.advance(State::Reconciling { attempt, next_inquiry: now, inquiries: 0 }),
            _ => Ok(()),
        }
    }
}

fn attempt_ambiguous(attempt: &Attempt) -> bool {
    matches!(attempt.progress, Progress::Unknown { answer: Some(_), .. })
}
