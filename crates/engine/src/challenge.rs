//! Going on after a challenge: the data were corrected or confirmed, and the payment is attempted again.

mod answer;
mod apply;
mod look;

use std::{sync::Arc, time::Duration};

use domain::{
    decline::Reason,
    order::{Actor, Challenge, Ending, Order, State},
    time::Timestamp,
};

pub use answer::{Answer, StepUp};
pub use look::{Look, Seen};

use crate::{
    Engine, Error, Result,
    commit::{Change, Commit},
    order::{CaptureReply, confirmed},
    rescue::{Send, Sent, counted_rows},
};

/// Long-polls that wait at once; more are answered at once.
pub(crate) const POLLS_MAX: usize = 1_024;

impl Engine {
    /// The agent has confirmed the data of a call-centre order on the phone: attempt now and tell the result.
    pub(crate) async fn confirm_by_agent(self: &Arc<Self>, order: Order, now: Timestamp) -> Result<CaptureReply> {
        let order = self.attempt_challenged(order, now).await?;
        Ok(confirmed(&order))
    }

    /// Attempts a challenged order; the result is awaited. What was switched off or blocked since is not attempted.
    async fn attempt_challenged(self: &Arc<Self>, order: Order, now: Timestamp) -> Result<Order> {
        if !matches!(order.state, State::Challenged { .. }) {
            return Ok(order);
        }
        let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
        if !tenant.works(&order) {
            return Ok(order);
        }
        if let Some(why) = self.forbidden(&tenant, &order, now).await? {
            return self.end_forbidden(order, &tenant, now, why).await;
        }
        let Some(chosen) = self.route(&order).await? else { return Ok(order) };
        let ledger_rows = counted_rows(&self.card_ledger(&order, now).await?, now);
        let send = Send { change: Change::of(order, &tenant, now), ledger_rows, decision: None };
        match self.send(send, &tenant, chosen).await? {
            Sent::Away(task, _) => task.await.map_err(|error| Error::Internal(error.to_string()))?,
            Sent::Stale => Err(Error::InProgress),
        }
    }

    /// Follows an attempt that a customer waits for: what is not known within the budget is over for this visit, and an
    /// approval that comes later is given back.
    fn follow_visit(self: &Arc<Self>, id: domain::id::OrderId, task: tokio::task::JoinHandle<Result<Order>>, budget: Duration) {
        let engine = self.clone();
        tokio::spawn(async move {
            let known = match tokio::time::timeout(budget, task).await {
                Ok(Ok(Ok(order))) => !matches!(order.state, State::Reconciling { .. }),
                _ => false,
            };
            if !known && let Err(error) = engine.end_visit(id).await {
                tracing::error!(order = %id, %error, "a challenge whose attempt has no answer could not be ended");
            }
        });
    }

    async fn end_visit(self: &Arc<Self>, id: domain::id::OrderId) -> Result<()> {
        for _ in 0..domain::bounds::CONFLICT_RETRIES_MAX {
            let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
            if !matches!(order.state, State::Attempting { .. } | State::Reconciling { .. }) {
                return Ok(());
            }
            let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
            let now = self.now_for(order.mid, order.environment);
            let mut change = Change::of(order, &tenant, now);
            change.order.ending = Some(Ending { reason: Reason::Timeout, by: Actor::System, at: now });
            change.order.reason = Some(Reason::Timeout);
            if let (Commit::Done, _) = self.commit(change).await? {
                return Ok(());
            }
        }
        Err(Error::InProgress)
    }
}

/// The challenge of an order; of orders that are older than the record of it, what their state says.
fn challenge_of(order: &Order) -> Option<Challenge> {
    if let Some(challenge) = &order.challenge {
        return Some(challenge.clone());
    }
    let State::Challenged { fields, attempts_left, expires_at } = &order.state else { return None };
    let state = domain::order::ChallengeState::Presented;
    Some(Challenge { state, fields: fields.clone(), attempts_left: *attempts_left, expires_at: *expires_at, scripted: false })
}
