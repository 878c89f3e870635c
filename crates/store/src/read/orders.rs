//! Orders and what belongs to them.

use domain::{
    attempt::Attempt,
    card::CardKey,
    change::Idempotency,
    environment::Environment,
    id::{AttemptId, Mid, OrderId, RefundId, TransmitId},
    ledger::Entry,
    order::Order,
    refund::Refund,
    time::Timestamp,
    transmit::Transmit,
};

use crate::{
    Error, OrderFilter, Page, Store,
    sqlite::{attempts, idempotency, ledger, order_list, orders, refunds, transmits},
};

impl Store {
    /// An order.
    pub async fn order(&self, id: OrderId) -> Result<Option<Order>, Error> {
        self.engine.read(|db| orders::get(db, id)).await
    }

    /// The orders with the merchant's order id, newest first.
    pub async fn orders_by_external(
        &self,
        mid: Mid,
        environment: Environment,
        external_id: &str,
        limit: u32,
    ) -> Result<Vec<Order>, Error> {
        self.engine.read(|db| orders::by_external(db, mid, environment, external_id, limit)).await
    }

    /// The open order with the merchant's order id.
    pub async fn open_order(&self, mid: Mid, environment: Environment, external_id: &str) -> Result<Option<Order>, Error> {
        self.engine.read(|db| orders::open(db, mid, environment, external_id)).await
    }

    /// Orders that pass a filter, one page.
    pub async fn orders(&self, filter: &OrderFilter) -> Result<Page<Order>, Error> {
        let filter = filter.clone();
        self.engine.list(move |db| order_list::page(db, &filter)).await
    }

    /// The newest order with a credential among those of this order id, this payer or this subscription.
    pub async fn order_with_credential_of(
        &self,
        mid: Mid,
        environment: Environment,
        external_id: &str,
        payer_id: Option<&str>,
        subscription_id: Option<&str>,
    ) -> Result<Option<Order>, Error> {
        self.engine.read(|db| orders::with_credential_of(db, mid, environment, external_id, payer_id, subscription_id)).await
    }

    /// An attempt.
    pub async fn attempt(&self, id: AttemptId) -> Result<Option<Attempt>, Error> {
        self.engine.read(|db| attempts::get(db, id)).await
    }

    /// The attempts of an order, by number.
    pub async fn attempts(&self, order: OrderId) -> Result<Vec<Attempt>, Error> {
        self.engine.read(|db| attempts::of(db, order)).await
    }

    /// A refund.
    pub async fn refund(&self, id: RefundId) -> Result<Option<Refund>, Error> {
        self.engine.read(|db| refunds::get(db, id)).await
    }

    /// The refunds of an order, oldest first.
    pub async fn refunds(&self, order: OrderId) -> Result<Vec<Refund>, Error> {
        self.engine.read(|db| refunds::of(db, order)).await
    }

    /// The attempts counted under either key since an instant, oldest first; of more than
    /// [`domain::bounds::LEDGER_ROWS_MAX`] the newest ones.
    pub async fn ledger(
        &self,
        mid: Mid,
        environment: Environment,
        keys: [CardKey; 2],
        since: Timestamp,
    ) -> Result<Vec<Entry>, Error> {
        self.engine.read(|db| ledger::since(db, mid, environment, keys, since)).await
    }

    /// How many rows are counted under either key since an instant: what
    /// [`domain::change::Expectation::LedgerRows`] compares with. Equal keys count once.
    pub async fn ledger_count(
        &self,
        mid: Mid,
        environment: Environment,
        keys: [CardKey; 2],
        since: Timestamp,
    ) -> Result<u32, Error> {
        self.engine.read(|db| ledger::count(db, mid, environment, keys, since)).await
    }

    /// A transmitted transaction.
    pub async fn transmit(&self, id: TransmitId) -> Result<Option<Transmit>, Error> {
        self.engine.read(|db| transmits::get(db, id)).await
    }

    /// The transmitted transaction with this identity; an absent type is the empty text.
    pub async fn transmit_by_identity(
        &self,
        mid: Mid,
        environment: Environment,
        transaction_id: &str,
        transaction_type: &str,
    ) -> Result<Option<Transmit>, Error> {
        self.engine.read(|db| transmits::by_identity(db, mid, environment, transaction_id, transaction_type)).await
    }

    /// An idempotency record.
    pub async fn idempotency(&self, scope: [u8; 32]) -> Result<Option<Idempotency>, Error> {
        self.engine.read(|db| idempotency::get(db, scope)).await
    }
}
