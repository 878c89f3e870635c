//! The same merchant order id again (`wire-api` §5.9): never a second charge, and never a second open order.

use domain::{
    change::{ChangeSet, Write},
    decline::Reason,
    intake,
    ledger::Initiator,
    order::{Actor, Ending, Order, Seen, State},
    settings::MitMode,
};

use super::{Context, Verdict, open::counted};
use crate::{
    Engine, Result,
    commit::{Change, Commit},
    idempotency::Held,
    rescue::finish,
    transmit::answer_of,
};
use std::sync::Arc;

/// Earlier orders of one merchant order id that are looked at.
const EARLIER_MAX: u32 = 20;

/// What a request is.
pub enum Repeat {
    /// Answered from an order that exists.
    Answered(Box<Verdict>),
    /// A new order is due; the group it belongs to.
    New(Option<String>),
}

impl Engine {
    /// Tells a repeat from a new decline.
    pub(super) async fn repeat(self: &Arc<Self>, context: &Context, input: &intake::Evaluate, held: &Held) -> Result<Repeat> {
        let earlier =
            self.store.orders_by_external(context.mid, context.environment, &input.payment.order_id, EARLIER_MAX).await?;
        let Some(latest) = earlier.first() else { return Ok(Repeat::New(None)) };
        let fresh = earlier.iter().all(|order| is_new_decline(order, context, input));
        let correlation = Some(latest.correlation.clone());
        let settled = earlier.iter().find(|order| order.is_settled());
        if let Some(order) = settled {
            return self.answer(context, order.clone(), held).await;
        }
        if latest.state.code().is_open() {
            return self.repeat_of_open(context, input, latest.clone(), fresh, held).await;
        }
        let is_mit = latest.initiator() == Initiator::Mit && context.mit_mode.is_some();
        if fresh || !is_mit { Ok(Repeat::New(correlation)) } else { self.answer(context, latest.clone(), held).await }
    }

    async fn repeat_of_open(
        self: &Arc<Self>,
        context: &Context,
        input: &intake::Evaluate,
        order: Order,
        fresh: bool,
        held: &Held,
    ) -> Result<Repeat> {
        if matches!(order.state, State::Authorized { .. }) {
            return self.answer(context, order, held).await;
        }
        if fresh && matches!(order.state, State::Challenged { .. }) {
            let correlation = order.correlation.clone();
            self.supersede(context, order).await?;
            return Ok(Repeat::New(Some(correlation)));
        }
        let order =
            if fresh && order.initiator() == Initiator::Mit { self.book_decline(context, input, order).await? } else { order };
        let order = match order.mit_mode {
            Some(MitMode::Sync) => self.step(order, context.now).await?,
            _ => order,
        };
        self.answer(context, order, held).await
    }

    /// A new decline of an open order counts in the ledger, and a new card joins as a further credential.
    async fn book_decline(self: &Arc<Self>, context: &Context, input: &intake::Evaluate, order: Order) -> Result<Order> {
        let waiting = matches!(order.state, State::Waiting { .. });
        let mut change = Change::of(order, &context.tenant, context.now);
        Self::write_further_card(&mut change, context);
        self.write_copy(&mut change, context, input).await?;
        change.order.seen.push(Seen { at: context.now, answer: answer_of(&input.payment.transaction), own: false });
        let order = self.commit_or_reread(change).await?;
        if waiting { self.replan(order, &context.tenant, context.now).await } else { Ok(order) }
    }

    fn write_further_card(change: &mut Change<'_>, context: &Context) {
        let Some(card) = &context.card else { return };
        let known = change.order.credentials.iter().any(|own| own.fingerprint == card.credential.fingerprint);
        if !known {
            Self::write_card(change, context);
            let from_table = change.order.first_attempt_at.is_some();
            change.order.credentials.push(counted(card.credential.clone(), change.order.id, from_table));
            change.order.updater_asked = false;
        }
    }

    /// A present customer pays anew: the challenge of the old order closes.
    async fn supersede(&self, context: &Context, order: Order) -> Result<()> {
        let mut change = Change::of(order, &context.tenant, context.now);
        finish(&mut change, Ending { reason: Reason::Cancelled, by: Actor::System, at: context.now })?;
        match self.commit(change).await? {
            (Commit::Done, _) => Ok(()),
            (Commit::Stale, _) => Err(crate::Error::InProgress),
        }
    }

    async fn answer(&self, context: &Context, order: Order, held: &Held) -> Result<Repeat> {
        let verdict = Verdict::of(&order);
        let record = self.key_record(held, context.mid, Some(order.id), Some((200, verdict.stored())));
        // A key that a concurrent request stored first answers the same.
        let _ = self.apply(ChangeSet::new().with(Write::InsertIdempotency(record))).await?;
        Ok(Repeat::Answered(Box::new(verdict)))
    }
}

trait Settled {
    fn is_settled(&self) -> bool;
}

impl Settled for Order {
    /// Paid here, paid elsewhere, refunded or disputed: whatever comes, nothing is charged again.
    fn is_settled(&self) -> bool {
        match &self.state {
            State::Recovered | State::PartRecovered | State::Refunded { .. } | State::Authorized { .. } => true,
            State::Cancelled { reason, .. } => matches!(reason, Reason::PaidElsewhere | Reason::Disputed),
            _ => false,
        }
    }
}

/// A new decline differs from an order in transaction id, card or amount; the id alone proves nothing when it is the
/// order id, as existing clients send it.
fn is_new_decline(order: &Order, context: &Context, input: &intake::Evaluate) -> bool {
    let (sent, known) = (&input.payment.transaction, &order.payment.transaction);
    let other_card = match &context.card {
        Some(card) => !order.credentials.iter().any(|own| own.fingerprint == card.credential.fingerprint),
        None => false,
    };
    let telling_id = sent.id != input.payment.order_id;
    (telling_id && sent.id != known.id) || other_card || sent.amount != known.amount
}
