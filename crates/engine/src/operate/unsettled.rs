//! Orders whose result is unknown: listed, and asked about again by hand. Asking sends nothing: the processor is looked up
//! under the attempt's own id, as the timers do.

use std::sync::Arc;

use domain::{
    attempt::{Attempt, Verdict},
    audit::What,
    change::ChangeSet,
    id::{AttemptId, OrderId},
    order::{Order, State},
};
use store::{Page, PageAt};

use super::only_operators;
use crate::{Engine, Error, Principal, Result, commit::Change, tenants::Tenant};

/// What is required of whoever asks.
const SCOPE: &str = "processors";

/// An order whose result is unknown, or that needs the operator.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsettled {
    /// The order; persons are masked where the caller must not see them.
    pub order: Order,
    /// What its merchant is called.
    pub merchant: String,
    /// The attempt whose result is not known.
    pub attempt: Option<Attempt>,
    /// Why it cannot be asked about, if it cannot.
    pub refusal: Option<&'static str>,
}

/// Why nothing can be asked.
const NOTHING_UNKNOWN: &str = "No attempt of this order has an unknown result.";
const NO_LOOK_UP: &str = "The processor offers no look-up; its books must be read by hand.";
const UNDER_WAY: &str = "The attempt is still on its way.";

impl Engine {
    /// Orders of the caller's environment whose result is unknown or that need the operator; for operators.
    pub async fn unsettled(&self, principal: &Principal, at: PageAt) -> Result<Page<Unsettled>> {
        principal.require_read("orders:read")?;
        only_operators(principal)?;
        let page = self.store.unsettled(principal.environment, at).await?;
        let mut rows = Vec::with_capacity(page.rows.len());
        for order in page.rows {
            let attempt = self.unknown_attempt(&order).await?;
            let refusal = self.inquiry_refusal(attempt.as_ref()).await?;
            let merchant = self.store.merchant(order.mid).await?.map(|merchant| merchant.name).unwrap_or_default();
            rows.push(Unsettled { order, merchant, attempt, refusal });
        }
        Ok(Page { rows, total: page.total })
    }

    /// Asks the processor now what became of the unknown attempt of an order, and records what it says; for operators.
    pub async fn inquire_again(self: &Arc<Self>, principal: &Principal, id: OrderId) -> Result<Order> {
        principal.require(SCOPE)?;
        self.admit()?;
        only_operators(principal)?;
        let order = self.store.order(id).await?.filter(|order| order.environment == principal.environment);
        let order = order.ok_or(Error::NotFound)?;
        let _one = self.order_locks.hold((order.mid, order.environment, &order.payment.order_id)).await;
        // The lock may have waited for whoever settled it.
        let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
        let attempt = self.unknown_attempt(&order).await?;
        if let Some(refusal) = self.inquiry_refusal(attempt.as_ref()).await? {
            return Err(Error::State { message: refusal.to_owned(), order: Some(id) });
        }
        let Some(attempt) = attempt else { return Err(Error::State { message: NOTHING_UNKNOWN.into(), order: Some(id) }) };
        let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
        let now = self.now_for(order.mid, order.environment).max(attempt.at);
        let order = self.reopened(order, &tenant, attempt.id, now).await?;
        let order = if matches!(order.state, State::Reconciling { .. }) {
            self.inquire(order, &tenant, attempt.id, now).await?
        } else {
            order
        };
        let what = What::Inquiry { order: id, attempt: attempt.id, state: order.state.code() };
        let entry = self.audit(principal, order.mid, what).await?;
        self.store.apply(ChangeSet::new().with(entry)).await?;
        Ok(order)
    }

    /// An order that was given to the operator is looked up again like any other.
    async fn reopened(
        self: &Arc<Self>,
        order: Order,
        tenant: &Tenant,
        attempt: AttemptId,
        now: domain::time::Timestamp,
    ) -> Result<Order> {
        if !matches!(order.state, State::Faulted { .. }) {
            return Ok(order);
        }
        let mut change = Change::of(order, tenant, now);
        change.advance(State::Reconciling { attempt, next_inquiry: now, inquiries: 0 })?;
        self.commit_or_reread(change).await
    }

    /// The attempt that an unsettled order waits for.
    async fn unknown_attempt(&self, order: &Order) -> Result<Option<Attempt>> {
        match order.state {
            State::Reconciling { attempt, .. } => Ok(self.store.attempt(attempt).await?),
            State::Faulted { .. } => {
                let attempts = self.store.attempts(order.id).await?;
                Ok(attempts.into_iter().rev().find(|attempt| attempt.verdict() == Some(Verdict::Unknown)))
            }
            _ => Ok(None),
        }
    }

    async fn inquiry_refusal(&self, attempt: Option<&Attempt>) -> Result<Option<&'static str>> {
        let Some(attempt) = attempt else { return Ok(Some(NOTHING_UNKNOWN)) };
        if self.attempts.has(&attempt.id) {
            return Ok(Some(UNDER_WAY));
        }
        let offered = self.processor_of(attempt.processor).await?.offers().inquire;
        Ok((!offered).then_some(NO_LOOK_UP))
    }
}
