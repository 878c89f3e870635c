//! The timeline of an order (`wire-api` §9): everything that happened to it, in its true order. Told from what is stored
//! anyway: the order, its attempts and refunds, its events and their deliveries.

mod items;
mod summary;

use domain::{
    attempt::Attempt,
    event::Event,
    id::OrderId,
    order::{Actor, Order},
    refund::Refund,
    time::Timestamp,
    webhook::Delivery,
};
use serde_json::Value;

use crate::{Engine, Principal, Result};

/// Items of one timeline, the newest; the parts it is made of have limits of their own below this.
const ITEMS_MAX: usize = 2_000;

domain::words! {
    /// What happened.
    pub enum Kind {
        /// The order came in.
        Received = "received",
        /// Its site was found.
        SiteResolved = "site_resolved",
        /// A decline was read.
        Classified = "classified",
        /// What to do was decided.
        Decided = "decided",
        /// The next attempt has a time.
        Scheduled = "scheduled",
        /// An attempt was sent.
        Attempt = "attempt",
        /// Its answer came.
        AttemptResult = "attempt_result",
        /// A lost answer was found, or it was found that nothing was charged.
        Reconciled = "reconciled",
        /// The customer was asked, or answered.
        Challenge = "challenge",
        /// New card data came, or none.
        CredentialUpdated = "credential_updated",
        /// Money was captured.
        Captured = "captured",
        /// An approval was given back.
        Voided = "voided",
        /// Money was refunded.
        Refunded = "refunded",
        /// A dispute came or moved on.
        Chargeback = "chargeback",
        /// The order was paid outside.
        ExternalPayment = "external_payment",
        /// It was suspended.
        Hold = "hold",
        /// It was taken up again.
        Release = "release",
        /// The period ended.
        Expired = "expired",
        /// It was declined or cancelled.
        Cancelled = "cancelled",
        /// An event was sent to an endpoint.
        Webhook = "webhook",
    }
}

domain::words! {
    /// Whose doing it was.
    pub enum Doer {
        /// Recoup.
        Engine = "engine",
        /// The merchant.
        Merchant = "merchant",
        /// The customer.
        Customer = "customer",
        /// The operator.
        Operator = "operator",
        /// The processor, or the issuer behind it.
        Processor = "processor",
    }
}

impl From<Actor> for Doer {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::System => Self::Engine,
            Actor::Merchant => Self::Merchant,
            Actor::Customer => Self::Customer,
            Actor::Operator => Self::Operator,
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// When, UTC, by the merchant's clock.
    pub at: Timestamp,
    /// What.
    pub kind: Kind,
    /// Whose doing.
    pub actor: Doer,
    /// In a sentence.
    pub summary: String,
    /// In detail, a JSON object.
    pub data: Value,
}

/// What a timeline is told from.
pub struct Sources<'a> {
    /// The order.
    pub order: &'a Order,
    /// Name of its site.
    pub site_name: Option<&'a str>,
    /// Its attempts, by number, those that never left included.
    pub attempts: &'a [Attempt],
    /// Its refunds, oldest first.
    pub refunds: &'a [Refund],
    /// Its events by number, each with its deliveries.
    pub events: &'a [(Event, Vec<Delivery>)],
}

impl Engine {
    /// Everything that happened to an order of the caller's, oldest first.
    pub async fn timeline(&self, principal: &Principal, id: OrderId) -> Result<Vec<Item>> {
        let order = self.own_order(principal, id).await?;
        let tenant = self.tenants.get(order.mid).await?.ok_or(crate::Error::NotFound)?;
        let attempts = self.store.attempts(id).await?;
        let refunds = self.store.refunds(id).await?;
        let endpoints: Vec<_> = tenant.all_endpoints(order.environment).collect();
        let mut events = vec![];
        for (_, event) in self.store.events_by_id(&order.event_ids()).await? {
            let mut deliveries = vec![];
            for endpoint in &endpoints {
                // A partner's endpoint is the partner's business.
                if self.sees_owner(principal, endpoint.owner, endpoint.environment).await {
                    deliveries.extend(self.store.delivery(domain::id::DeliveryId::of(event.id, endpoint.id)).await?);
                }
            }
            events.push((event, deliveries));
        }
        let site_name = tenant.site(order.site).map(|site| site.name.as_str());
        let sources = Sources { order: &order, site_name, attempts: &attempts, refunds: &refunds, events: &events };
        let mut items = items::of(&sources);
        let surplus = items.len().saturating_sub(ITEMS_MAX);
        items.drain(..surplus);
        Ok(items)
    }
}
