//! Idempotency records. The table grows at its end and is purged from its beginning; only the scope is looked up.

use domain::{
    change::Idempotency,
    id::{Mid, OrderId},
    time::Timestamp,
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{env, environment, first, id, maybe_id, run, time},
};

/// Takes a scope.
pub fn insert(db: &Connection, record: &Idempotency) -> Result<(), Fault> {
    let (status, answer) = record.answer.as_ref().map(|(status, body)| (*status, body.as_str())).unzip();
    run(
        db,
        "INSERT INTO idempotency (scope, mid, environment, payload, order_id, created_at, status, answer)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            record.scope,
            record.mid.bytes(),
            env(record.environment),
            record.payload,
            record.order.map(|order| order.bytes()),
            record.created_at.micros(),
            status,
            answer
        ],
    )
    .map_err(taken("idempotency scope"))?;
    Ok(())
}

/// Keeps the answer of a scope; a record that was dropped meanwhile stays dropped.
pub fn answer(db: &Connection, scope: [u8; 32], status: u16, body: &str) -> Result<(), Fault> {
    run(db, "UPDATE idempotency SET status = $1, answer = $2 WHERE scope = $3", params![status, body, scope])?;
    Ok(())
}

/// Frees a scope.
pub fn drop(db: &Connection, scope: [u8; 32]) -> Result<(), Fault> {
    run(db, "DELETE FROM idempotency WHERE scope = $1", params![scope])?;
    Ok(())
}

/// A record.
pub fn get(db: &Connection, scope: [u8; 32]) -> Result<Option<Idempotency>, Fault> {
    first(
        db,
        "SELECT seq, mid, payload, order_id, created_at, status, answer, environment FROM idempotency WHERE scope = $1",
        params![scope],
        |row| {
            Ok(Idempotency {
                scope,
                mid: id(row, 1, Mid::from_bytes)?,
                environment: environment("idempotency", row, 7)?,
                payload: row.get(2)?,
                order: maybe_id(row, 3, OrderId::from_bytes)?,
                created_at: time(row, 4)?,
                answer: row.get::<_, Option<u16>>(5)?.zip(row.get(6)?),
            })
        },
    )
}

/// Drops the oldest records made before an instant, a batch at most.
pub fn purge(db: &Connection, before: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM idempotency WHERE seq IN (SELECT seq FROM idempotency ORDER BY seq LIMIT $1) AND created_at < $2",
        params![batch, before.micros()],
    )?)
}
