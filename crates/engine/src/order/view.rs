//! Reading orders.

use std::sync::Arc;

use domain::{
    attempt::Attempt,
    bounds::ATTEMPTS_SHOWN_MAX,
    chargeback::Chargeback,
    id::{Mid, OrderId},
    mark::Mark,
    order::Order,
    refund::Refund,
};
use store::{OrderFilter, Page};

use crate::{Engine, Error, Principal, Result, tenants::Tenant};

/// An order with what belongs to it.
#[derive(Debug, Clone)]
pub struct OrderView {
    /// The order.
    pub order: Order,
    /// Its merchant.
    pub tenant: Arc<Tenant>,
    /// Attempts that left, oldest first; at most the last fifty. Empty in lists.
    pub attempts: Vec<Attempt>,
    /// Refunds, oldest first.
    pub refunds: Vec<Refund>,
    /// Chargebacks, oldest first.
    pub chargebacks: Vec<Chargeback>,
    /// How many attempts may still follow.
    pub attempts_remaining: u32,
}

impl Engine {
    /// An order of the caller's; another tenant's or environment's is not found.
    pub async fn order(&self, principal: &Principal, id: OrderId) -> Result<OrderView> {
        let order = self.own_order(principal, id).await?;
        self.note_call(principal, order.mid, Mark::OrderRead);
        self.view(shown(order, principal), true).await
    }

    /// The newest order of a merchant's order id.
    pub async fn order_by_external(&self, principal: &Principal, mid: Option<Mid>, external_id: &str) -> Result<OrderView> {
        principal.require("orders:read")?;
        let order = self.newest(principal, mid, external_id, |_| true).await?;
        self.view(shown(order, principal), true).await
    }

    /// Orders by filter; the filter is narrowed to what the caller may see.
    pub async fn orders(&self, principal: &Principal, mid: Option<Mid>, mut filter: OrderFilter) -> Result<Page<OrderView>> {
        principal.require("orders:read")?;
        filter.mids = self.visible_merchants(principal, mid).await?;
        filter.environment = Some(principal.environment);
        // What is masked must not be found out by asking for it.
        filter.references_only = principal.masks_pii();
        let page = self.store.orders(&filter).await?;
        let mut rows = Vec::with_capacity(page.rows.len());
        for order in page.rows {
            rows.push(self.view(shown(order, principal), false).await?);
        }
        Ok(Page { rows, total: page.total })
    }

    /// `/outcome`: the order, or `None` when it is unknown to the caller.
    pub async fn outcome(&self, principal: &Principal, id: OrderId) -> Result<Option<Order>> {
        match self.own_order(principal, id).await {
            Ok(order) => {
                self.note_call(principal, order.mid, Mark::OrderRead);
                Ok(Some(order))
            }
            Err(Error::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    }

    pub(crate) async fn own_order(&self, principal: &Principal, id: OrderId) -> Result<Order> {
        principal.require("orders:read")?;
        self.visible_order(principal, id).await
    }

    /// An order that the caller may act on.
    pub(crate) async fn visible_order(&self, principal: &Principal, id: OrderId) -> Result<Order> {
        let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
        if self.sees(principal, order.mid, order.environment).await { Ok(order) } else { Err(Error::NotFound) }
    }

    /// The newest order of a merchant's order id that a test accepts, among those the caller may see.
    pub(super) async fn newest(
        &self,
        principal: &Principal,
        mid: Option<Mid>,
        external_id: &str,
        accepts: impl Fn(&Order) -> bool,
    ) -> Result<Order> {
        // An operator names the merchant: order ids of different merchants may be equal.
        let Some(mids) = self.visible_merchants(principal, mid.or(principal.mid)).await? else { return Err(Error::NotFound) };
        let mut newest: Option<Order> = None;
        for mid in mids {
            let orders = self.store.orders_by_external(mid, principal.environment, external_id, EARLIER_MAX).await?;
            let found = orders.into_iter().find(|order| accepts(order));
            newest = [newest, found].into_iter().flatten().max_by_key(|order| order.id);
        }
        newest.ok_or(Error::NotFound)
    }

    async fn view(&self, order: Order, whole: bool) -> Result<OrderView> {
        let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
        let mut attempts = if whole { self.store.attempts(order.id).await? } else { vec![] };
        attempts.retain(|attempt| attempt.verdict().is_some());
        let surplus = attempts.len().saturating_sub(ATTEMPTS_SHOWN_MAX);
        attempts.drain(..surplus);
        let refunds =
            if order.refunded_minor + order.refunding_minor > 0 || whole { self.store.refunds(order.id).await? } else { vec![] };
        let attempts_remaining = match order.state.code().is_open() {
            true => self.options.attempts_max.saturating_sub(order.tally.total),
            false => 0,
        };
        let chargebacks = self.chargebacks_on(&order).await?;
        Ok(OrderView { order, tenant, attempts, refunds, chargebacks, attempts_remaining })
    }
}

/// The order as this caller may see it.
fn shown(mut order: Order, principal: &Principal) -> Order {
    if principal.masks_pii() {
        order.payment.mask();
    }
    order
}

/// Orders of one merchant order id that are looked at.
const EARLIER_MAX: u32 = 20;
