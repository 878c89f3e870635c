//! Stopping what is open on a disputed card. The timer that the chargeback's commit sets makes sure that it happens;
//! the work is also done at once, so that nothing is charged meanwhile.

use domain::{
    change::{ChangeSet, Write},
    chargeback::Chargeback,
    decline::Reason,
    environment::Environment,
    id::{ChargebackId, Mid, OrderId},
    order::{Actor, Order},
    timer::{Kind, Leased},
};

use crate::{Engine, Error, Result};

/// Orders read at once.
const BATCH: u32 = 100;
/// Chargebacks of one merchant that are looked at because what they stop may not be stopped yet.
const UNDER_WAY_MAX: u32 = 1_000;

impl Engine {
    /// Stops now; what fails is left to the timer.
    pub(super) async fn stop_disputed_soon(&self, chargeback: &Chargeback) {
        if let Err(error) = self.stop_disputed(chargeback).await {
            tracing::warn!(chargeback = %chargeback.id, %error, "open rescues of a disputed card are stopped later");
        }
    }

    /// The timer of a chargeback.
    pub(crate) async fn stop_disputed_again(&self, leased: &Leased) -> Result<()> {
        let id = ChargebackId(leased.timer.subject);
        match self.store.chargeback(id).await? {
            Some(chargeback) => self.stop_disputed(&chargeback).await,
            None => self.drop_job(Kind::Dispute, id.0).await,
        }
    }

    async fn stop_disputed(&self, chargeback: &Chargeback) -> Result<()> {
        let Chargeback { mid, environment, .. } = *chargeback;
        if let Some(order) = chargeback.order {
            self.stop_one(order, Reason::Disputed, Actor::System).await?;
        }
        let external = &chargeback.external_order_id;
        self.end_open_order(mid, environment, external, Reason::Disputed, Actor::System).await?;
        for card in &chargeback.cards {
            self.stop_on_card(mid, environment, card, Reason::Disputed, Actor::System).await?;
        }
        self.drop_job(Kind::Dispute, chargeback.id.0).await
    }

    /// Whether a chargeback stops an order and did not come to it yet, because it is at work or a crash came between.
    pub(crate) async fn is_being_stopped(&self, order: &Order) -> Result<bool> {
        for id in self.store.timers_of(Kind::Dispute, order.mid, UNDER_WAY_MAX).await? {
            let chargeback = self.store.chargeback(ChargebackId(id)).await?;
            if chargeback.is_some_and(|chargeback| stops(&chargeback, order)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Ends every open order and advice on a card, a batch at a time.
    pub(crate) async fn stop_on_card(
        &self,
        mid: Mid,
        environment: Environment,
        fingerprint: &str,
        reason: Reason,
        by: Actor,
    ) -> Result<()> {
        self.end_advice_on_card(mid, environment, fingerprint, reason).await?;
        let mut after = None;
        loop {
            let open = self.store.open_orders_on_card(mid, environment, fingerprint, after, BATCH).await?;
            let Some(last) = self.stop_batch(&open, reason, by).await? else { return Ok(()) };
            after = Some(last);
        }
    }

    /// Ends every open order and advice of a payer, a batch at a time.
    pub(crate) async fn stop_of_payer(
        &self,
        mid: Mid,
        environment: Environment,
        payer: &str,
        reason: Reason,
        by: Actor,
    ) -> Result<()> {
        self.end_advice_of_payer(mid, environment, payer, reason).await?;
        let mut after = None;
        loop {
            let open = self.store.open_orders_of_payer(mid, environment, payer, after, BATCH).await?;
            let Some(last) = self.stop_batch(&open, reason, by).await? else { return Ok(()) };
            after = Some(last);
        }
    }

    async fn stop_batch(&self, orders: &[Order], reason: Reason, by: Actor) -> Result<Option<OrderId>> {
        for order in orders {
            self.stop_one(order.id, reason, by).await?;
        }
        Ok(orders.last().map(|order| order.id))
    }

    /// Ends an order if it is open. One that is paid, or being captured, stays as it is.
    async fn stop_one(&self, order: OrderId, reason: Reason, by: Actor) -> Result<()> {
        match self.end_order(order, reason, by).await {
            Ok(_) | Err(Error::State { .. } | Error::NotFound) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// The job is done: its timer goes.
    pub(crate) async fn drop_job(&self, kind: Kind, subject: uuid::Uuid) -> Result<()> {
        Ok(self.store.apply(ChangeSet::new().with(Write::ClearTimer { kind, subject })).await?)
    }
}

fn stops(chargeback: &Chargeback, order: &Order) -> bool {
    let named = chargeback.order == Some(order.id) || chargeback.external_order_id == order.payment.order_id;
    let on_card = || order.credential().is_some_and(|card| chargeback.cards.contains(&card.fingerprint));
    chargeback.environment == order.environment && (named || on_card())
}
