//! Retry now: somebody who looks at an order asks for an attempt at once. It is refused in plain words when a rule, a switch
//! or the state forbids it; else it takes the road of every attempt: reserved and durable, then sent, then recorded.

use std::{sync::Arc, time::Duration};

use domain::{
    audit::{Act, What},
    bounds::CONFLICT_RETRIES_MAX,
    decline::Reason,
    id::OrderId,
    money::Money,
    order::{Awaited, Order, State},
    time::Timestamp,
};
use recovery::Refused;

use crate::{
    Engine, Error, Precondition, Principal, Result,
    commit::Change,
    processors::Chosen,
    rescue::{Next, Send, Sent, kept},
    tenants::Tenant,
};

domain::words! {
    /// Why no attempt is made now.
    pub enum Why {
        /// The order is final.
        Closed = "closed",
        /// An attempt is on its way, or its result is being looked up.
        UnderWay = "under_way",
        /// The order is being decided at this moment.
        BeingDecided = "being_decided",
        /// The customer is being asked in the widget.
        CustomerAsked = "customer_asked",
        /// It is authorised: capture it instead.
        Authorized = "authorized",
        /// The operator must look first.
        Faulted = "faulted",
        /// The rescue period is over.
        Expired = "expired",
        /// The merchant is inactive.
        MerchantInactive = "merchant_inactive",
        /// The channel is off.
        ChannelOff = "channel_off",
        /// Customer, card or origin is on the blocklist.
        Blocked = "blocked",
        /// The card is disputed.
        Disputed = "disputed",
        /// The order has no card.
        NoCard = "no_card",
        /// No processor account takes the payment now.
        NoRoute = "no_route",
        /// The customer pays it, and must be present.
        CustomerPresent = "customer_present",
        /// An answer forbids every further attempt on this card.
        Forbidden = "forbidden",
        /// A network's limit is used up for longer than the rescue period.
        LimitReached = "limit_reached",
        /// Only new card data help.
        NewData = "new_data",
        /// The budget of attempts is used up.
        UsedUp = "used_up",
        /// A code, an advice or a limit asks for a wait.
        TooEarly = "too_early",
    }
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: Why,
    /// The rules that say so, by id.
    pub rules: Vec<String>,
    /// From when on it may be asked for, UTC, when that is known.
    pub not_before: Option<Timestamp>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Retried {
    /// The attempt was made; the order as it stands since.
    Made(Box<Order>),
    /// The attempt is on its way, and its answer takes longer.
    UnderWay,
    /// None was made.
    Refused(Refusal),
}

/// An attempt that may be made: what it is reserved with.
struct Allowed {
    next: Next,
    chosen: Chosen,
}

impl Why {
    /// In a sentence, for whoever asked.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Closed => "The order is closed; nothing is charged on it any more.",
            Self::UnderWay => "An attempt is under way and its result is not known yet. A second one could charge twice.",
            Self::BeingDecided => "The order is being decided at this moment; look again in a few seconds.",
            Self::CustomerAsked => "The customer is being asked on the payment page.",
            Self::Authorized => "The amount is authorised already: capture it instead.",
            Self::Faulted => "Something went wrong with this order; the operator must look at it first.",
            Self::Expired => "The rescue period is over.",
            Self::MerchantInactive => "The merchant is inactive.",
            Self::ChannelOff => "The channel is switched off.",
            Self::Blocked => "The customer, the card or its origin is on the blocklist.",
            Self::Disputed => "The card is disputed by a chargeback.",
            Self::NoCard => "The order has no card to charge.",
            Self::NoRoute => "No processor account takes this payment now.",
            Self::CustomerPresent => "The customer pays this order and must be present; it is not charged without them.",
            Self::Forbidden => "The bank's or the network's answer forbids every further attempt on this card.",
            Self::LimitReached => "The network's limit of attempts is used up for longer than the rescue lasts.",
            Self::NewData => "The same card data will not be approved: only new data from the customer or the bank help.",
            Self::UsedUp => "All attempts that this order may have are made.",
            Self::TooEarly => "A wait that the bank or the network asks for is not over.",
        }
    }
}

impl Refusal {
    const fn plain(why: Why) -> Self {
        Self { why, rules: vec![], not_before: None }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let (why, rules, not_before) = match refused {
            Refused::Never { reason: Reason::LimitReached, rules } => (Why::LimitReached, rules, None),
            Refused::Never { reason: Reason::NotRescued, .. } => (Why::CustomerPresent, vec![], None),
            Refused::Never { rules, .. } => (Why::Forbidden, rules, None),
            Refused::NewData { rules } => (Why::NewData, rules, None),
            Refused::UsedUp { rules } => (Why::UsedUp, rules, None),
            Refused::NotBefore { at, rules } => (Why::TooEarly, rules, Some(at)),
        };
        Self { why, rules, not_before }
    }
}

impl Engine {
    /// Whether an attempt may be asked for now; none: it may. The caller may see the order and act on it.
    pub async fn may_retry(&self, principal: &Principal, id: OrderId) -> Result<Option<Refusal>> {
        principal.require("evaluate")?;
        let order = self.visible_order(principal, id).await?;
        let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
        let now = self.now_for(order.mid, order.environment);
        let change = Change::of(order, &tenant, now);
        Ok(self.allowed_now(&change).await?.err())
    }

    /// Makes an attempt now, on the word of the caller, when the order is at the version that the caller knows. Waits for the
    /// answer as long as a customer would.
    pub async fn retry_now(self: &Arc<Self>, principal: &Principal, id: OrderId, known: &Precondition) -> Result<Retried> {
        principal.require("evaluate")?;
        self.admit()?;
        let order = self.visible_order(principal, id).await?;
        let one = self.order_locks.hold((order.mid, order.environment, &order.payment.order_id)).await;
        for _ in 0..CONFLICT_RETRIES_MAX {
            let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
            known.check(order.version)?;
            let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
            let now = self.now_for(order.mid, order.environment);
            let mut change = Change::of(order, &tenant, now);
            let Allowed { mut next, chosen } = match self.allowed_now(&change).await? {
                Ok(allowed) => allowed,
                Err(refusal) => return Ok(Retried::Refused(refusal)),
            };
            next.meant_for(&chosen);
            change.decide(&mut next)?;
            let amount = Money::new(change.order.remaining_minor(), change.order.amount.currency);
            let what = What::Order { order: id, act: Act::Retry, amount: Some(amount), note: None };
            change.set.push(self.audit(principal, change.order.mid, what).await?);
            let budget = Duration::from_millis(tenant.settings_on(change.order.site).realtime_budget_ms.into());
            let decision = kept(&change.order);
            let send = Send { change, ledger_rows: next.ledger_rows, decision };
            if let Sent::Away(task, _) = self.send(send, &tenant, chosen).await? {
                drop(one);
                return match tokio::time::timeout(budget, task).await {
                    Ok(done) => Ok(Retried::Made(Box::new(done.map_err(|error| Error::Internal(error.to_string()))??))),
                    Err(_) => Ok(Retried::UnderWay),
                };
            }
        }
        Err(Error::InProgress)
    }

    async fn allowed_now(&self, change: &Change<'_>) -> Result<std::result::Result<Allowed, Refusal>> {
        let (order, now) = (&change.order, change.now);
        if let Err(why) = stands(order, change.tenant, now) {
            return Ok(Err(Refusal::plain(why)));
        }
        if let Some((reason, _)) = self.forbidden(change.tenant, order, now).await? {
            let why = if reason == Reason::Disputed { Why::Disputed } else { Why::Blocked };
            return Ok(Err(Refusal::plain(why)));
        }
        let next = match self.plan_asked(change).await? {
            Ok(next) => next,
            Err(refused) => return Ok(Err(refused.into())),
        };
        let Some(chosen) = self.route(order).await? else { return Ok(Err(Refusal::plain(Why::NoRoute))) };
        Ok(Ok(Allowed { next, chosen }))
    }
}

/// Whether state, period and switches leave room for an attempt.
fn stands(order: &Order, tenant: &Tenant, now: Timestamp) -> std::result::Result<(), Why> {
    let why = match &order.state {
        State::Scheduled { .. } | State::Waiting { on: Awaited::Customer, .. } => None,
        // What holds a held order up is told below.
        State::Received | State::Evaluating | State::Held { .. } | State::Waiting { on: Awaited::Updater, .. } => {
            Some(Why::BeingDecided)
        }
        State::Attempting { .. } | State::Reconciling { .. } => Some(Why::UnderWay),
        State::Challenged { .. } => Some(Why::CustomerAsked),
        State::Authorized { .. } => Some(Why::Authorized),
        State::Faulted { .. } => Some(Why::Faulted),
        State::Recovered
        | State::PartRecovered
        | State::Refunded { .. }
        | State::Rejected { .. }
        | State::Cancelled { .. }
        | State::Expired => return Err(Why::Closed),
    };
    let held_up = if tenant.merchant.active { Why::ChannelOff } else { Why::MerchantInactive };
    match why {
        _ if !tenant.works(order) => Err(held_up),
        Some(why) => Err(why),
        None if now >= order.expires_at => Err(Why::Expired),
        None if order.credential().is_none() => Err(Why::NoCard),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_a_sentence_that_says_something_of_its_own() {
        let mut said: Vec<&str> = Why::ALL.iter().map(|why| why.sentence()).collect();
        assert!(said.iter().all(|text| text.ends_with('.') && text.len() > 20));
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), Why::ALL.len());
    }

    #[test]
    fn what_the_rules_refuse_keeps_its_rules() {
        let rules = vec!["mac.30".to_owned()];
        let at = Timestamp::EPOCH;
        for (refused, why, not_before) in [
            (Refused::NotBefore { at, rules: rules.clone() }, Why::TooEarly, Some(at)),
            (Refused::NewData { rules: rules.clone() }, Why::NewData, None),
            (Refused::UsedUp { rules: rules.clone() }, Why::UsedUp, None),
            (Refused::Never { reason: Reason::HardDecline, rules: rules.clone() }, Why::Forbidden, None),
            (Refused::Never { reason: Reason::LimitReached, rules: rules.clone() }, Why::LimitReached, None),
        ] {
            assert_eq!(Refusal::from(refused), Refusal { why, rules: rules.clone(), not_before });
        }
        let present = Refused::Never { reason: Reason::NotRescued, rules };
        assert_eq!(Refusal::from(present), Refusal::plain(Why::CustomerPresent));
    }
}
