//! Clearing what a sandbox merchant has played with: orders and what belongs to them, a batch in each of the writer's
//! commits. Every statement names the merchant and the sandbox, or an order that was found under both.

use domain::id::{Mid, OrderId};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    registry,
    row::{collect, first, id, run},
};

/// Rows of a batch.
pub const BATCH_ROWS: u32 = 500;
/// Idempotency records looked through at once.
const WINDOW_ROWS: u32 = 5_000;

/// Orders of the sandbox, a batch at most.
pub fn orders(db: &Connection, mid: Mid, limit: u32) -> Result<Vec<OrderId>, Fault> {
    collect(
        db,
        "SELECT id FROM orders WHERE mid = $1 AND environment = 0 ORDER BY external_id LIMIT $2",
        params![mid.bytes(), limit],
        |row| id(row, 0, OrderId::from_bytes),
    )
}

/// Drops an order of the sandbox with its attempts, refunds and timers.
pub fn drop_order(db: &Connection, mid: Mid, order: OrderId) -> Result<(), Fault> {
    let owned = first(
        db,
        "SELECT 1 FROM orders WHERE id = $1 AND mid = $2 AND environment = 0",
        params![order.bytes(), mid.bytes()],
        |_| Ok(()),
    )?;
    if owned.is_none() {
        return Ok(());
    }
    for statement in [
        "DELETE FROM timers WHERE kind IN ('reversal', 'chargeback') AND subject IN (SELECT id FROM attempts WHERE order_id = $1)",
        "DELETE FROM timers WHERE kind = 'refund' AND subject IN (SELECT id FROM refunds WHERE order_id = $1)",
        "DELETE FROM timers WHERE kind IN ('order', 'capture') AND subject = $1",
        "DELETE FROM attempts WHERE order_id = $1",
        "DELETE FROM refunds WHERE order_id = $1",
        "DELETE FROM orders WHERE id = $1",
    ] {
        run(db, statement, params![order.bytes()])?;
    }
    Ok(())
}

/// Drops the idempotency records of the sandbox among the rows behind `after`; the last row looked at, or none at
/// the end of the table.
pub fn idempotency(db: &Connection, mid: Mid, after: i64) -> Result<Option<i64>, Fault> {
    let last = first(
        db,
        "SELECT max(seq) FROM (SELECT seq FROM idempotency WHERE seq > $1 ORDER BY seq LIMIT $2) AS w",
        params![after, WINDOW_ROWS],
        |row| Ok(row.get::<_, Option<i64>>(0)?),
    )?;
    let Some(last) = last.flatten() else { return Ok(None) };
    run(
        db,
        "DELETE FROM idempotency WHERE seq > $1 AND seq <= $2 AND mid = $3 AND environment = 0",
        params![after, last, mid.bytes()],
    )?;
    Ok(Some(last))
}

/// Drops transmitted transactions, a batch.
pub fn transmits(db: &Connection, mid: Mid) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM transmits WHERE seq IN (SELECT seq FROM transmits WHERE mid = $1 AND environment = 0 LIMIT $2)",
        params![mid.bytes(), BATCH_ROWS],
    )?)
}

/// Drops chargebacks, a batch; their timers find nothing and go by themselves.
pub fn chargebacks(db: &Connection, mid: Mid) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM chargebacks WHERE seq IN (SELECT seq FROM chargebacks WHERE mid = $1 AND environment = 0 LIMIT $2)",
        params![mid.bytes(), BATCH_ROWS],
    )?)
}

/// Drops advice with its timers, a batch.
pub fn advices(db: &Connection, mid: Mid) -> Result<usize, Fault> {
    run(
        db,
        "DELETE FROM timers WHERE kind = 'advice' AND subject IN (
            SELECT id FROM advices WHERE mid = $1 AND environment = 0 ORDER BY seq LIMIT $2)",
        params![mid.bytes(), BATCH_ROWS],
    )?;
    Ok(run(
        db,
        "DELETE FROM advices WHERE seq IN (SELECT seq FROM advices WHERE mid = $1 AND environment = 0 ORDER BY seq LIMIT $2)",
        params![mid.bytes(), BATCH_ROWS],
    )?)
}

/// Drops the decision log, a batch.
pub fn decisions(db: &Connection, mid: Mid) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM decisions WHERE seq IN (SELECT seq FROM decisions WHERE mid = $1 AND environment = 0 LIMIT $2)",
        params![mid.bytes(), BATCH_ROWS],
    )?)
}

/// Drops entries of the blocklist, a batch; their timers find nothing and go by themselves.
pub fn blocks(db: &Connection, mid: Mid) -> Result<usize, Fault> {
    let dropped = run(
        db,
        "DELETE FROM blocks WHERE id IN (SELECT id FROM blocks WHERE mid = $1 AND environment = 0 LIMIT $2)",
        params![mid.bytes(), BATCH_ROWS],
    )?;
    if dropped > 0 {
        registry::bump(db)?;
    }
    Ok(dropped)
}

/// Drops rows of the ledger, a batch.
pub fn ledger(db: &Connection, mid: Mid) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM ledger WHERE (mid, environment, card, at, id) IN (
            SELECT mid, environment, card, at, id FROM ledger WHERE mid = $1 AND environment = 0 LIMIT $2)",
        params![mid.bytes(), BATCH_ROWS],
    )?)
}

/// Drops deliveries to the merchant's endpoints of the sandbox, and those about its orders to its partner's, a batch.
pub fn deliveries(db: &Connection, mid: Mid) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM deliveries WHERE seq IN (
            SELECT d.seq FROM endpoints AS e JOIN deliveries AS d ON d.endpoint = e.id
            WHERE e.environment = 0 AND (e.mid = $1
                OR (e.mid = (SELECT m.partner FROM merchants AS m WHERE m.id = $1)
                    AND d.order_id IN (SELECT o.id FROM orders AS o WHERE o.mid = $1 AND o.environment = 0
                        UNION ALL SELECT a.id FROM advices AS a WHERE a.mid = $1 AND a.environment = 0))) LIMIT $2)",
        params![mid.bytes(), BATCH_ROWS],
    )?)
}

/// Drops events, a batch. The newest row of the table stays as the end mark that readers of the feed may hold, without
/// its owner: a number given away twice would hide an event from them.
pub fn events(db: &Connection, mid: Mid) -> Result<usize, Fault> {
    let dropped = run(
        db,
        "DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE mid = $1 AND environment = 0
            AND seq < (SELECT max(seq) FROM events) LIMIT $2)",
        params![mid.bytes(), BATCH_ROWS],
    )?;
    if dropped > 0 {
        return Ok(dropped);
    }
    Ok(run(
        db,
        "UPDATE events SET mid = $1, order_id = NULL, payload = '{}' WHERE mid = $2 AND environment = 0",
        params![[0u8; 16], mid.bytes()],
    )?)
}
