//! Going on after a challenge: the data were corrected or confirmed, and the payment is attempted again.

use std::sync::Arc;

use domain::{
    order::{Order, State},
    time::Timestamp,
};

use crate::{
    Engine, Error, Result,
    commit::Change,
    order::{CaptureReply, confirmed},
    rescue::{Send, Sent, counted_rows},
};

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
}
