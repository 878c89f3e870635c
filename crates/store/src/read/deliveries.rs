//! Webhook deliveries.

use std::time::Duration;

use domain::{
    id::{DeliveryId, LeaseToken, WebhookId},
    time::Timestamp,
    webhook::Delivery,
};

use crate::{Error, Page, PageAt, Store, sqlite::deliveries};

impl Store {
    /// Claims pending deliveries that are due, of enabled endpoints, and that wait for no earlier one of the same
    /// endpoint and order. No endpoint takes more than its share of one claim. `UpdateDelivery` ends the lease.
    pub async fn claim_deliveries(
        &self,
        now: Timestamp,
        lease_for: Duration,
        limit: u32,
        lease: LeaseToken,
    ) -> Result<Vec<Delivery>, Error> {
        let rotation = self.engine.rotation.clone();
        let claim = deliveries::Claim { now, lease_until: now + lease_for, limit, lease };
        self.engine.call(move |db| deliveries::claim(db, &claim, &rotation)).await
    }

    /// A delivery.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, Error> {
        self.engine.read(|db| deliveries::get(db, id)).await
    }

    /// The deliveries to an endpoint, newest first.
    pub async fn deliveries(&self, endpoint: WebhookId, page: PageAt) -> Result<Page<Delivery>, Error> {
        self.engine.list(move |db| deliveries::page(db, endpoint, page)).await
    }
}
