//! Chargebacks, the blocklist, and the attempts and orders that both look for.

use domain::{
    attempt::Attempt,
    block::Block,
    chargeback::Chargeback,
    environment::Environment,
    id::{BlockId, ChargebackId, Mid, OrderId},
    order::Order,
};

use crate::{
    BlockFilter, ChargebackFilter, Error, Page, Store,
    sqlite::{attempts, blocks, chargebacks, orders},
};

impl Store {
    /// A chargeback.
    pub async fn chargeback(&self, id: ChargebackId) -> Result<Option<Chargeback>, Error> {
        self.engine.read(|db| chargebacks::get(db, id)).await
    }

    /// The chargeback of a reporter's reference.
    pub async fn chargeback_by_reference(
        &self,
        mid: Mid,
        environment: Environment,
        reference: &str,
    ) -> Result<Option<Chargeback>, Error> {
        self.engine.read(|db| chargebacks::by_reference(db, mid, environment, reference)).await
    }

    /// The chargebacks of an order, oldest first.
    pub async fn chargebacks_of(&self, order: OrderId) -> Result<Vec<Chargeback>, Error> {
        self.engine.read(|db| chargebacks::of(db, order)).await
    }

    /// Chargebacks that pass a filter, one page.
    pub async fn chargebacks(&self, filter: &ChargebackFilter) -> Result<Page<Chargeback>, Error> {
        let filter = filter.clone();
        self.engine.list(move |db| chargebacks::page(db, &filter)).await
    }

    /// Approved attempts with a network transaction id, newest first.
    pub async fn attempts_by_network_reference(&self, reference: &str, limit: u32) -> Result<Vec<Attempt>, Error> {
        self.engine.read(|db| attempts::by_network_reference(db, reference, limit)).await
    }

    /// Approved attempts with a processor's reference, newest first.
    pub async fn attempts_by_processor_reference(&self, reference: &str, limit: u32) -> Result<Vec<Attempt>, Error> {
        self.engine.read(|db| attempts::by_processor_reference(db, reference, limit)).await
    }

    /// Open orders whose card in use has this fingerprint, with ids behind `after`, by id.
    pub async fn open_orders_on_card(
        &self,
        mid: Mid,
        environment: Environment,
        fingerprint: &str,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<Order>, Error> {
        self.engine.read(|db| orders::open_on_card(db, mid, environment, fingerprint, after, limit)).await
    }

    /// Open orders of a payer with ids behind `after`, by id.
    pub async fn open_orders_of_payer(
        &self,
        mid: Mid,
        environment: Environment,
        payer_id: &str,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<Order>, Error> {
        self.engine.read(|db| orders::open_of_payer(db, mid, environment, payer_id, after, limit)).await
    }

    /// An entry of the blocklist.
    pub async fn block(&self, id: BlockId) -> Result<Option<Block>, Error> {
        self.engine.read(|db| blocks::get(db, id)).await
    }

    /// The oldest entries of a merchant's blocklist, a number at most.
    pub async fn blocks_of(&self, mid: Mid, environment: Environment, limit: u32) -> Result<Vec<Block>, Error> {
        self.engine.read(|db| blocks::of(db, mid, environment, limit)).await
    }

    /// How many entries a merchant's blocklist has.
    pub async fn blocks_count(&self, mid: Mid, environment: Environment) -> Result<u32, Error> {
        self.engine.list(move |db| blocks::count(db, mid, environment)).await
    }

    /// The entries of a merchant's blocklist under any of these keys ([`Block::key`]).
    pub async fn blocks_under(&self, mid: Mid, environment: Environment, keys: &[String]) -> Result<Vec<Block>, Error> {
        self.engine.read(|db| blocks::under(db, mid, environment, keys)).await
    }

    /// Entries of blocklists that pass a filter, one page.
    pub async fn blocks(&self, filter: &BlockFilter) -> Result<Page<Block>, Error> {
        let filter = filter.clone();
        self.engine.list(move |db| blocks::page(db, &filter)).await
    }
}
