//! Attempts.

use domain::{
    attempt::Attempt,
    id::{AttemptId, OrderId},
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{many, one, run, versioned},
};

/// Writes a new attempt; its number within the order must be free.
pub fn insert(db: &Connection, attempt: &Attempt, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO attempts (id, version, order_id, number, body) VALUES ($1, $2, $3, $4, $5)",
        params![attempt.id.bytes(), attempt.version, attempt.order.bytes(), attempt.number, body],
    )
    .map_err(taken("attempt"))?;
    Ok(())
}

/// Writes the next version of an attempt.
pub fn update(db: &Connection, attempt: &Attempt, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE attempts SET version = $1, body = $2 WHERE id = $3 AND version = $4",
        params![attempt.version, body, attempt.id.bytes(), i64::from(attempt.version) - 1],
    )?;
    versioned(touched, "attempt", attempt.id.0)
}

/// An attempt.
pub fn get(db: &Connection, id: AttemptId) -> Result<Option<Attempt>, Fault> {
    one(db, "attempts", "SELECT id, body FROM attempts WHERE id = $1", params![id.bytes()])
}

/// The attempts of an order, by number.
pub fn of(db: &Connection, order: OrderId) -> Result<Vec<Attempt>, Fault> {
    many(db, "attempts", "SELECT id, body FROM attempts WHERE order_id = $1 ORDER BY number", params![order.bytes()])
}
