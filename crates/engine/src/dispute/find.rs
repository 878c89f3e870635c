//! Whom a dispute is about.

use domain::{
    attempt::{Attempt, Verdict},
    card::Network,
    environment::Environment,
    fault::Faults,
    id::{AttemptId, Mid, OrderId, ProcessorId},
    order::Order,
};

use crate::{Engine, Error, Result};

/// Approved attempts of one reference that are looked at; networks number transactions, so two are one too many.
const CANDIDATES_MAX: u32 = 10;

/// How a report names the disputed payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// By Recoup's order id.
    Order(OrderId),
    /// By the attempt, which is what a processor knows it by.
    Attempt(AttemptId),
    /// By acquirer reference number: what the processor gave as its own reference.
    Arn(String),
    /// By the network's transaction id.
    NetworkTransaction(String),
}

/// Where a report comes from, and so which payments it may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Environment.
    pub environment: Environment,
    /// A processor account speaks of its own attempts only.
    pub processor: Option<ProcessorId>,
}

/// The payment a dispute is about.
pub(super) struct Subject {
    pub mid: Mid,
    pub environment: Environment,
    /// None for a transmitted payment that never was an order.
    pub order: Option<OrderId>,
    pub external_order_id: String,
    pub attempt: Option<AttemptId>,
    pub cards: Vec<String>,
    pub network: Option<Network>,
    pub is_test: bool,
    /// What is disputed when no amount is told.
    pub amount: domain::money::Money,
}

impl Subject {
    /// An order, and the attempt of it that was paid.
    pub fn of_order(order: &Order, attempt: Option<&Attempt>) -> Self {
        let attempt_id = attempt.map(|attempt| attempt.id).or(order.paid_by);
        let approved = attempt.and_then(Attempt::answered).map(|answered| answered.approved_minor);
        let paid = approved.into_iter().chain([order.captured_minor, order.authorized_minor]).find(|minor| *minor > 0);
        let mut cards: Vec<String> = order.credentials.iter().map(|card| card.fingerprint.clone()).collect();
        cards.sort_unstable();
        cards.dedup();
        Self {
            mid: order.mid,
            environment: order.environment,
            order: Some(order.id),
            external_order_id: order.payment.order_id.clone(),
            attempt: attempt_id,
            cards,
            network: attempt.map(|attempt| attempt.network).or(order.credential().map(|card| card.network)),
            is_test: order.is_test(),
            amount: domain::money::Money::new(paid.unwrap_or(order.amount.minor), order.amount.currency),
        }
    }
}

impl Engine {
    /// The order that a report is about. What the source may not speak of is not found.
    pub(super) async fn disputed(&self, source: Source, about: &About) -> Result<Subject> {
        match about {
            About::Order(id) => self.disputed_order(source, *id).await,
            About::Attempt(id) => {
                let attempt = self.store.attempt(*id).await?.filter(|attempt| source.covers(attempt));
                self.of_attempt(&attempt.ok_or(Error::NotFound)?).await
            }
            About::Arn(arn) => {
                let found = self.store.attempts_by_processor_reference(arn, CANDIDATES_MAX).await?;
                self.of_attempt(&only(source, found, "Arn")?).await
            }
            About::NetworkTransaction(id) => {
                let found = self.store.attempts_by_network_reference(id, CANDIDATES_MAX).await?;
                self.of_attempt(&only(source, found, "NetworkTransactionId")?).await
            }
        }
    }

    async fn disputed_order(&self, source: Source, id: OrderId) -> Result<Subject> {
        let order = self.store.order(id).await?.filter(|order| order.environment == source.environment);
        let order = order.ok_or(Error::NotFound)?;
        let attempts = self.store.attempts(id).await?;
        if source.processor.is_some() && !attempts.iter().any(|attempt| source.covers(attempt)) {
            return Err(Error::NotFound);
        }
        let paid = attempts.iter().rev().find(|attempt| Some(attempt.id) == order.paid_by || is_approved(attempt));
        Ok(Subject::of_order(&order, paid))
    }

    async fn of_attempt(&self, attempt: &Attempt) -> Result<Subject> {
        let order = self.store.order(attempt.order).await?.ok_or(Error::NotFound)?;
        Ok(Subject::of_order(&order, Some(attempt)))
    }
}

impl Source {
    fn covers(self, attempt: &Attempt) -> bool {
        let own = self.processor.is_none() || self.processor == attempt.processor;
        own && attempt.environment == self.environment
    }
}

fn is_approved(attempt: &Attempt) -> bool {
    matches!(attempt.verdict(), Some(Verdict::Approved | Verdict::Partial))
}

/// The one attempt of a reference. A reference that names several orders names none: a dispute must not hit a stranger.
fn only(source: Source, found: Vec<Attempt>, path: &str) -> Result<Attempt> {
    let mut own = found.into_iter().filter(|attempt| source.covers(attempt));
    let first = own.next().ok_or(Error::NotFound)?;
    if own.any(|other| other.order != first.order) {
        let mut faults = Faults::new();
        faults.add(path, format!("The field {path} names several orders; send orderId."));
        return Err(Error::Invalid(faults));
    }
    Ok(first)
}
