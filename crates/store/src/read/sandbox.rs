//! Clearing a sandbox merchant's data, a batch at a time between other writes.

use domain::id::{Mid, OrderId};

use crate::{
    Error, Store,
    sqlite::{
        clear::{self, BATCH_ROWS},
        marks, payouts, risk, settlements,
    },
};

impl Store {
    /// Drops the merchant's deliveries and idempotency records of the sandbox; before its orders, which they name.
    pub async fn clear_sandbox_mentions(&self, mid: Mid) -> Result<(), Error> {
        while self.engine.call(move |db| clear::deliveries(db, mid)).await? > 0 {}
        let mut after = 0;
        while let Some(last) = self.engine.call(move |db| clear::idempotency(db, mid, after)).await? {
            after = last;
        }
        Ok(())
    }

    /// Orders of the merchant in the sandbox, a batch; empty when there are none left.
    pub async fn sandbox_orders(&self, mid: Mid) -> Result<Vec<OrderId>, Error> {
        self.engine.list(move |db| clear::orders(db, mid, BATCH_ROWS)).await
    }

    /// Drops these orders with their attempts, refunds and timers; orders of others, and of production, stay.
    pub async fn drop_sandbox_orders(&self, mid: Mid, orders: Vec<OrderId>) -> Result<(), Error> {
        self.engine.call(move |db| orders.iter().try_for_each(|order| clear::drop_order(db, mid, *order))).await
    }

    /// Drops the merchant's transmitted transactions, chargebacks, blocklist, ledger, advice, decision log, marks and
    /// events of the sandbox.
    pub async fn clear_sandbox_records(&self, mid: Mid) -> Result<(), Error> {
        while self.engine.call(move |db| clear::transmits(db, mid)).await? > 0 {}
        while self.engine.call(move |db| risk::clear(db, mid, BATCH_ROWS)).await? > 0 {}
        while self.engine.call(move |db| clear::ledger(db, mid)).await? > 0 {}
        while self.engine.call(move |db| clear::chargebacks(db, mid)).await? > 0 {}
        while self.engine.call(move |db| clear::blocks(db, mid)).await? > 0 {}
        while self.engine.call(move |db| clear::advices(db, mid)).await? > 0 {}
        while self.engine.call(move |db| clear::decisions(db, mid)).await? > 0 {}
        self.engine.call(move |db| marks::clear(db, mid)).await?;
        while self.engine.call(move |db| settlements::clear_items(db, mid, BATCH_ROWS)).await? > 0 {}
        while self.engine.call(move |db| settlements::clear(db, mid, BATCH_ROWS)).await? > 0 {}
        while self.engine.call(move |db| payouts::clear(db, mid, BATCH_ROWS)).await? > 0 {}
        while self.engine.call(move |db| clear::events(db, mid)).await? > 0 {}
        Ok(())
    }
}
