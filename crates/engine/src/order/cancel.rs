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
}

impl Engine {
    /// Cancels an order by Recoup's id.
    pub async fn cancel(self: &Arc<Self>, principal: &Principal, id: OrderId) -> Result<Cancelled> {
        principal.require("evaluate")?;
        self.admit()?;
        let order = self.visible_order(principal, id).await?;
        let _one = self.order_locks.hold((order.mid, order.environment, &order.payment.order_id)).await;
        self.end_order(id, Reason::Cancelled, Actor::Merchant).await
    }

    /// Cancels the newest order of a merchant's order id that is not final; else tells how the newest ended.
    pub async fn cancel_external(
        self: &Arc<Self>,
        principal: &Principal,
        mid: Option<Mid>,
        external_id: &str,
    ) -> Result<Cancelled> {
        principal.require("evaluate")?;
        self.admit()?;
        let known = mid.or(principal.mid);
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
        self.end_order(order.id, Reason::Cancelled, Actor::Merchant).await
    }

    /// Ends the open order of a merchant's order id, if there is one.
    pub(crate) async fn end_open_order(
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
    async fn end_order(&self, id: OrderId, reason: Reason, by: Actor) -> Result<Cancelled> {
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
