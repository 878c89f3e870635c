//! Refunds.

use domain::{
    id::{OrderId, RefundId},
    refund::Refund,
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{many, one, run, versioned},
};

/// Writes a new refund.
pub fn insert(db: &Connection, refund: &Refund, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO refunds (id, version, order_id, body) VALUES ($1, $2, $3, $4)",
        params![refund.id.bytes(), refund.version, refund.order.bytes(), body],
    )
    .map_err(taken("refund"))?;
    Ok(())
}

/// Writes the next version of a refund.
pub fn update(db: &Connection, refund: &Refund, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE refunds SET version = $1, body = $2 WHERE id = $3 AND version = $4",
        params![refund.version, body, refund.id.bytes(), i64::from(refund.version) - 1],
    )?;
    versioned(touched, "refund", refund.id.0)
}

/// A refund.
pub fn get(db: &Connection, id: RefundId) -> Result<Option<Refund>, Fault> {
    one(db, "refunds", "SELECT id, body FROM refunds WHERE id = $1", params![id.bytes()])
}

/// The refunds of an order, oldest first.
pub fn of(db: &Connection, order: OrderId) -> Result<Vec<Refund>, Fault> {
    many(db, "refunds", "SELECT id, body FROM refunds WHERE order_id = $1 ORDER BY seq", params![order.bytes()])
}
