//! Payouts.

use domain::{
    id::{Mid, PayoutId},
    payout::Payout,
};
use rusqlite::{Connection, params, types::Value};

use super::{
    fault::{Fault, taken},
    row::{env, one, run, versioned},
    terms::Terms,
};
use crate::{Page, PayoutFilter};

const TABLE: &str = "payouts";

/// Writes a version of a payout; the first is a new one.
pub fn put(db: &Connection, payout: &Payout, body: &str) -> Result<(), Fault> {
    if payout.version == 1 {
        return insert(db, payout, body);
    }
    let touched = run(
        db,
        "UPDATE payouts SET version = $1, state = $2, body = $3 WHERE id = $4 AND version = $5",
        params![payout.version, payout.state.as_str(), body, payout.id.bytes(), i64::from(payout.version) - 1],
    )?;
    versioned(touched, "payout", payout.id.0)
}

fn insert(db: &Connection, payout: &Payout, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO payouts (id, version, mid, environment, settlement, state, created_at, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            payout.id.bytes(),
            payout.version,
            payout.mid.bytes(),
            env(payout.environment),
            payout.settlement.bytes(),
            payout.state.as_str(),
            payout.created_at.micros(),
            body
        ],
    )
    .map_err(taken("payout"))?;
    Ok(())
}

/// A payout.
pub fn get(db: &Connection, id: PayoutId) -> Result<Option<Payout>, Fault> {
    one(db, TABLE, "SELECT id, body FROM payouts WHERE id = $1", params![id.bytes()])
}

/// One page and the count of all.
pub fn page(db: &Connection, filter: &PayoutFilter) -> Result<Page<Payout>, Fault> {
    let mut terms = Terms::default();
    terms.add("environment = ?", Value::Integer(env(filter.environment)));
    terms.mids("mid", filter.mids.as_deref());
    if let Some(state) = filter.state {
        terms.add("state = ?", Value::Text(state.as_str().to_owned()));
    }
    terms.number("created_at >= ?", filter.created_from.map(domain::time::Timestamp::micros));
    terms.number("created_at <= ?", filter.created_to.map(domain::time::Timestamp::micros));
    terms.page(db, TABLE, ["created_at", "seq"], filter.sort, filter.page)
}

/// Drops payouts of a merchant's sandbox, a batch.
pub fn clear(db: &Connection, mid: Mid, limit: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM payouts WHERE seq IN (SELECT seq FROM payouts WHERE mid = $1 AND environment = 0 LIMIT $2)",
        params![mid.bytes(), limit],
    )?)
}
