//! Deliveries. A delivery is ready when it is pending and no earlier one of the same endpoint and order is; that is
//! kept with each write, so that a claim never walks over those that wait.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{
    id::{DeliveryId, LeaseToken, OrderId, WebhookId},
    time::Timestamp,
    webhook::{Delivery, DeliveryState},
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{body, collect, first, id, many, maybe_id, one, run, versioned},
};
use crate::{Page, PageAt};

const TABLE: &str = "deliveries";

/// Deliveries of one endpoint in one claim, at most: a slow receiver does not hold up the others.
const PER_ENDPOINT_MAX: u32 = 16;

/// What to claim.
pub struct Claim {
    /// Due, and leases ended, at or before; real time.
    pub now: Timestamp,
    /// Until when the new lease holds.
    pub lease_until: Timestamp,
    /// How many.
    pub limit: u32,
    /// The claimer's token.
    pub lease: LeaseToken,
}

/// The endpoint that the last claim ended with; the next one begins behind it.
pub type Rotation = Arc<Mutex<[u8; 16]>>;

/// Writes a new delivery.
pub fn insert(db: &Connection, delivery: &Delivery, body: &str) -> Result<(), Fault> {
    let is_pending = delivery.state == DeliveryState::Pending;
    run(
        db,
        "INSERT INTO deliveries (id, version, mid, endpoint, order_id, sequence, is_pending, is_ready, due, lease_until,
            created_at, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)",
        params![
            delivery.id.bytes(),
            delivery.version,
            delivery.owner.bytes(),
            delivery.endpoint.bytes(),
            delivery.order.map(|order| order.bytes()),
            delivery.sequence,
            is_pending,
            is_pending,
            delivery.due.micros(),
            delivery.created_at.micros(),
            body
        ],
    )
    .map_err(taken("delivery"))?;
    settle_order(db, delivery.endpoint, delivery.order)
}

/// Writes the next version of a delivery; a lease on it ends.
pub fn update(db: &Connection, delivery: &Delivery, body: &str) -> Result<(), Fault> {
    let is_pending = delivery.state == DeliveryState::Pending;
    let touched = run(
        db,
        "UPDATE deliveries SET version = $1, is_pending = $2, is_ready = $3, due = $4, lease = NULL, lease_until = 0, body = $5
         WHERE id = $6 AND version = $7",
        params![
            delivery.version,
            is_pending,
            is_pending,
            delivery.due.micros(),
            body,
            delivery.id.bytes(),
            i64::from(delivery.version) - 1
        ],
    )?;
    versioned(touched, "delivery", delivery.id.0)?;
    settle_order(db, delivery.endpoint, delivery.order)
}

/// A delivery.
pub fn get(db: &Connection, id: DeliveryId) -> Result<Option<Delivery>, Fault> {
    one(db, TABLE, "SELECT id, body FROM deliveries WHERE id = $1", params![id.bytes()])
}

/// Deliveries to an endpoint, newest first.
pub fn page(db: &Connection, endpoint: WebhookId, page: PageAt) -> Result<Page<Delivery>, Fault> {
    let total = first(db, "SELECT count(*) FROM deliveries WHERE endpoint = $1", params![endpoint.bytes()], |row| {
        Ok(row.get::<_, i64>(0)?)
    })?;
    let rows = many(
        db,
        TABLE,
        "SELECT id, body FROM deliveries WHERE endpoint = $1 ORDER BY seq DESC LIMIT $2 OFFSET $3",
        params![endpoint.bytes(), page.limit(), page.offset()],
    )?;
    Ok(Page { rows, total: total.unwrap_or(0) as u64 })
}

/// Claims deliveries, endpoint by endpoint, beginning behind the one the last claim ended with.
pub fn claim(db: &Connection, claim: &Claim, rotation: &Rotation) -> Result<Vec<Delivery>, Fault> {
    let start = *rotation.lock().unwrap_or_else(PoisonError::into_inner);
    let mut claimed = Vec::new();
    let (mut last, mut wrapped) = (start, false);
    while (claimed.len() as u32) < claim.limit {
        match next_endpoint(db, last)? {
            Some(next) if wrapped && next > start => break,
            Some(next) => {
                let room = claim.limit - claimed.len() as u32;
                claimed.extend(claim_of(db, claim, next, room.min(PER_ENDPOINT_MAX))?);
                last = next;
            }
            None if wrapped || start == [0; 16] => break,
            None => (last, wrapped) = ([0; 16], true),
        }
    }
    *rotation.lock().unwrap_or_else(PoisonError::into_inner) = last;
    Ok(claimed)
}

/// How many are pending.
pub fn pending(db: &Connection, mid: Option<domain::id::Mid>) -> Result<u64, Fault> {
    let rows = match mid {
        None => first(db, "SELECT count(*) FROM deliveries WHERE is_pending = 1", [], |row| Ok(row.get::<_, i64>(0)?))?,
        Some(mid) => {
            first(db, "SELECT count(*) FROM deliveries WHERE is_pending = 1 AND mid = $1", params![mid.bytes()], |row| {
                Ok(row.get::<_, i64>(0)?)
            })?
        }
    };
    Ok(rows.unwrap_or(0) as u64)
}

/// Drops the pending deliveries of an endpoint that is gone.
pub fn drop_pending(db: &Connection, endpoint: WebhookId) -> Result<(), Fault> {
    run(db, "DELETE FROM deliveries WHERE endpoint = $1 AND is_pending = 1", params![endpoint.bytes()])?;
    Ok(())
}

/// Drops the oldest deliveries made before an instant, a batch at most.
pub fn purge(db: &Connection, before: Timestamp, batch: u32) -> Result<usize, Fault> {
    let dropped = collect(
        db,
        "DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries ORDER BY seq LIMIT $1) AND created_at < $2
         RETURNING endpoint, order_id, is_pending",
        params![batch, before.micros()],
        |row| Ok((id(row, 0, WebhookId::from_bytes)?, maybe_id(row, 1, OrderId::from_bytes)?, row.get::<_, bool>(2)?)),
    )?;
    for (endpoint, order, _) in dropped.iter().filter(|(.., was_pending)| *was_pending) {
        settle_order(db, *endpoint, *order)?;
    }
    Ok(dropped.len())
}

/// Makes the earliest pending deliveries of an endpoint and order ready, and the later ones wait.
fn settle_order(db: &Connection, endpoint: WebhookId, order: Option<OrderId>) -> Result<(), Fault> {
    let Some(order) = order else { return Ok(()) };
    run(
        db,
        "UPDATE deliveries SET is_ready = 1 - is_ready
         WHERE endpoint = $1 AND order_id = $2 AND is_pending = 1 AND is_ready <> (sequence = (
            SELECT min(sequence) FROM deliveries WHERE endpoint = $1 AND order_id = $2 AND is_pending = 1))",
        params![endpoint.bytes(), order.bytes()],
    )?;
    Ok(())
}

/// The next endpoint that has anything ready and is enabled.
fn next_endpoint(db: &Connection, after: [u8; 16]) -> Result<Option<[u8; 16]>, Fault> {
    let mut last = after;
    loop {
        let found = first(
            db,
            "SELECT d.endpoint, coalesce(e.is_enabled, 0) FROM (
                SELECT endpoint FROM deliveries WHERE is_ready = 1 AND endpoint > $1 ORDER BY endpoint LIMIT 1) AS d
             LEFT JOIN endpoints AS e ON e.id = d.endpoint",
            params![last],
            |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, bool>(1)?)),
        )?;
        match found {
            Some((endpoint, false)) => last = endpoint,
            Some((endpoint, true)) => return Ok(Some(endpoint)),
            None => return Ok(None),
        }
    }
}

fn claim_of(db: &Connection, claim: &Claim, endpoint: [u8; 16], limit: u32) -> Result<Vec<Delivery>, Fault> {
    let mut claimed: Vec<Delivery> = collect(
        db,
        "UPDATE deliveries SET lease = $1, lease_until = $2 WHERE seq IN (
            SELECT seq FROM deliveries WHERE is_ready = 1 AND endpoint = $3 AND due <= $4 AND lease_until <= $4
            ORDER BY due LIMIT $5)
         RETURNING id, body",
        params![claim.lease.bytes(), claim.lease_until.micros(), endpoint, claim.now.micros(), limit],
        |row| body(TABLE, row),
    )?;
    claimed.sort_by_key(|delivery| (delivery.due, delivery.id));
    Ok(claimed)
}
