//! Counts.

use domain::{id::Mid, money::Currency, order::Code};
use rusqlite::{Connection, Row, params};

use super::{
    deliveries,
    fault::Fault,
    row::{collect, environment, word},
    timers,
};
use crate::{OrderCount, Stats};

/// Counts of one merchant, or of all.
pub fn of(db: &Connection, mid: Option<Mid>) -> Result<Stats, Fault> {
    let orders = match mid {
        None => collect(
            db,
            "SELECT environment, code, currency, count(*), sum(amount), sum(captured), sum(attempts) FROM orders
             GROUP BY environment, code, currency ORDER BY environment, code, currency",
            [],
            order_count,
        )?,
        Some(mid) => collect(
            db,
            "SELECT environment, code, currency, count(*), sum(amount), sum(captured), sum(attempts) FROM orders
             WHERE mid = $1 GROUP BY environment, code, currency ORDER BY environment, code, currency",
            params![mid.bytes()],
            order_count,
        )?,
    };
    Ok(Stats { orders, timers: timers::count(db, mid)?, deliveries_pending: deliveries::pending(db, mid)? })
}

fn order_count(row: &Row<'_>) -> Result<OrderCount, Fault> {
    Ok(OrderCount {
        environment: environment("orders", row, 0)?,
        code: word("orders", row, 1, Code::parse)?,
        currency: word("orders", row, 2, Currency::parse)?,
        count: row.get::<_, i64>(3)? as u64,
        amount_minor: row.get(4)?,
        captured_minor: row.get(5)?,
        attempts: row.get::<_, i64>(6)? as u64,
    })
}
