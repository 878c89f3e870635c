//! Cancelling: by the merchant, or because the order was paid elsewhere or disputed.

use std::{sync::Arc, time::Duration};

use domain::{
    bounds::CONFLICT_RETRIES_MAX,
    decline::Reason,
    environment::Environment,
    id::{Mid, OrderId},
    order::{Actor, Ending, Order, State},
};

use crate::{
    Engine, Error, Principal, Result,
    commit::{Change, Commit},
    idempotency::{Held, Known},
    rescue::finish,
};

/// How long `external-cancel` waits for an evaluate of the same order id that is still running, seconds.
const EVALUATE_WAIT_SECS: u64 = 5;

/// What a cancel did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// The order ended, or ends as soon as the attempt in flight is known.
    Done,
    /// It had ended before.
    Already,
    /// Answered before under the same idempotency key.
    Replayed,
}

/// Nothing in the body of a cancel but its key means anything.
const PAYLOAD: [u8; 32] = [0; 32];

impl Engine {
    /// Cancels an order by Recoup's id.
    pub async fn cancel(self: &Arc<Self>, principal: &Principal, id: OrderId, key: Option<&str>) -> Result<Cancelled> {
        principal.require("evaluate")?;
        self.admit()?;
        let order = self.visible_order(principal, id).await?;
        let external_id = &order.payment.order_id;
        let held = match self.take_cancel_key(order.mid, order.environment, external_id, key).await? {
            Key::Free(held) => held,
            // The key cancelled another order of the same merchant's id.
            Key::Spent(cancelled) if cancelled != Some(id) => return Err(Error::KeyReused),
            Key::Spent(_) => return Ok(Cancelled::Replayed),
        };
        let _one = self.order_locks.hold((order.mid, order.environment, external_id)).await;
        let done = self.end_order(id, Reason::Cancelled, Actor::Merchant).await?;
        self.keep_cancel(held, &order).await?;
        Ok(done)
    }

    /// Cancels the newest order of a merchant's order id that is not final; else tells how the newest ended.
    pub async fn cancel_external(
        self: &Arc<Self>,
        principal: &Principal,
        mid: Option<Mid>,
        external_id: &str,
        key: Option<&str>,
    ) -> Result<Cancelled> {
        principal.require("evaluate")?;
        self.admit()?;
        let known = match mid.or(principal.mid) {
            Some(mid) => self.may_act_for(principal, mid).await.map(|()| Some(mid))?,
            // A key belongs to a merchant: that of the order, when the caller names none.
            None if key.is_some() => Some(self.newest(principal, None, external_id, |_| true).await?.mid),
            None => None,
        };
        let held = match known {
            Some(mid) => match self.take_cancel_key(mid, principal.environment, external_id, key).await? {
                Key::Free(held) => held,
                Key::Spent(_) => return Ok(Cancelled::Replayed),
            },
            None => None,
        };
        let wait = Duration::from_secs(EVALUATE_WAIT_SECS);
        let _one = match known {
            Some(mid) => tokio::time::timeout(wait, self.order_locks.hold((mid, principal.environment, &external_id.to_owned())))
                .await
                .ok(),
            None => None,
        };
        let open = self.newest(principal, mid, external_id, |order| order.state.code().is_open()).await;
        let order = match open {
            Err(Error::NotFound) => self.newest(principal, mid, external_id, |_| true).await?,
            other => other?,
        };
        let done = self.end_order(order.id, Reason::Cancelled, Actor::Merchant).await?;
        self.keep_cancel(held, &order).await?;
        Ok(done)
    }

    /// Takes the key of a cancel. Both calls share it, by the order id that both know: the merchant's.
    async fn take_cancel_key(&self, mid: Mid, environment: Environment, external_id: &str, key: Option<&str>) -> Result<Key> {
        let Some(key) = key else { return Ok(Key::Free(None)) };
        let known = self.take_key(mid, environment, &format!("cancel/{external_id}"), key, PAYLOAD).await?;
        Ok(match known {
            Known::New(held) => Key::Free(Some(held)),
            Known::Answered { order, .. } | Known::Unanswered { order, .. } => Key::Spent(order),
        })
    }

    async fn keep_cancel(&self, held: Option<Held>, order: &Order) -> Result<()> {
        let Some(held) = held else { return Ok(()) };
        self.keep_answer_under(&held, order, &()).await
    }

    /// Ends the open order and the open advice of a merchant's order id, if there are any.
    pub(crate) async fn end_open_order(
        &self,
        mid: Mid,
        environment: Environment,
        external_id: &str,
        reason: Reason,
        by: Actor,
    ) -> Result<()> {
        self.end_open_advice(mid, environment, external_id, reason).await?;
        self.end_open_rescue(mid, environment, external_id, reason, by).await
    }

    /// Ends the open order of a merchant's order id, if there is one.
    pub(crate) async fn end_open_rescue(
        &self,
        mid: Mid,
        environment: Environment,
        external_id: &str,
        reason: Reason,
        by: Actor,
    ) -> Result<()> {
        let Some(order) = self.store.open_order(mid, environment, external_id).await? else { return Ok(()) };
        match self.end_order(order.id, reason, by).await {
            Ok(_) | Err(Error::State { .. }) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Ends an order. One whose attempt is in flight ends when the result is known, and an approval is given back.
    pub(crate) async fn end_order(&self, id: OrderId, reason: Reason, by: Actor) -> Result<Cancelled> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
            if let Some(done) = cancellable(&order)? {
                return Ok(done);
            }
            let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
            let now = self.now_for(order.mid, order.environment);
            let mut change = Change::of(order, &tenant, now);
            let ending = Ending { reason, by, at: now };
            match change.order.state {
                State::Attempting { .. } | State::Reconciling { .. } => change.order.ending = Some(ending),
                State::Authorized { .. } => {
                    self.give_back(&mut change).await?;
                    finish(&mut change, ending)?;
                }
                _ => finish(&mut change, ending)?,
            }
            if matches!(self.commit(change).await?, (Commit::Done, _)) {
                return Ok(Cancelled::Done);
            }
        }
        Err(Error::InProgress)
    }
}

/// A cancel's key: free (and held, when there is one), or spent on an order.
enum Key {
    Free(Option<Held>),
    Spent(Option<OrderId>),
}

/// `None`: may be cancelled. Already ended without payment is no change; paid is refused: refund instead.
fn cancellable(order: &Order) -> Result<Option<Cancelled>> {
    let refuse = |message: &str| Err(Error::State { message: message.into(), order: Some(order.id) });
    match &order.state {
        State::Rejected { .. } | State::Cancelled { .. } | State::Expired => Ok(Some(Cancelled::Already)),
        State::Recovered | State::PartRecovered | State::Refunded { .. } => refuse("The order is completed; refund it instead."),
        State::Authorized { capturing: true, .. } => refuse("The order is being captured; refund it instead."),
        State::Attempting { .. } | State::Reconciling { .. } if order.ending.is_some() => Ok(Some(Cancelled::Done)),
        _ => Ok(None),
    }
}
