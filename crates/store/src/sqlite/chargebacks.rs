//! Chargebacks.

use domain::{
    chargeback::Chargeback,
    environment::Environment,
    id::{ChargebackId, Mid, OrderId},
};
use rusqlite::{Connection, params, types::Value};

use super::{
    fault::{Fault, taken},
    row::{env, many, one, run, versioned},
    terms::Terms,
};
use crate::{ChargebackBy, ChargebackFilter, Page};

const TABLE: &str = "chargebacks";

/// Writes a new chargeback; its reference must be free.
pub fn insert(db: &Connection, chargeback: &Chargeback, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO chargebacks (id, version, mid, environment, order_id, reference, stage, amount, received_at, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            chargeback.id.bytes(),
            chargeback.version,
            chargeback.mid.bytes(),
            env(chargeback.environment),
            chargeback.order.map(|order| order.bytes()),
            chargeback.reference,
            chargeback.stage.as_str(),
            chargeback.amount.minor,
            chargeback.received_at.micros(),
            body
        ],
    )
    .map_err(taken("chargeback"))?;
    Ok(())
}

/// Writes the next version of a chargeback.
pub fn update(db: &Connection, chargeback: &Chargeback, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE chargebacks SET version = $1, stage = $2, amount = $3, received_at = $4, body = $5 WHERE id = $6 AND version = $7",
        params![
            chargeback.version,
            chargeback.stage.as_str(),
            chargeback.amount.minor,
            chargeback.received_at.micros(),
            body,
            chargeback.id.bytes(),
            i64::from(chargeback.version) - 1
        ],
    )?;
    versioned(touched, "chargeback", chargeback.id.0)
}

/// A chargeback.
pub fn get(db: &Connection, id: ChargebackId) -> Result<Option<Chargeback>, Fault> {
    one(db, TABLE, "SELECT id, body FROM chargebacks WHERE id = $1", params![id.bytes()])
}

/// The chargeback of a reference.
pub fn by_reference(db: &Connection, mid: Mid, environment: Environment, reference: &str) -> Result<Option<Chargeback>, Fault> {
    one(
        db,
        TABLE,
        "SELECT id, body FROM chargebacks WHERE reference = $1 AND environment = $2 AND mid = $3",
        params![reference, env(environment), mid.bytes()],
    )
}

/// The chargebacks of an order, oldest first.
pub fn of(db: &Connection, order: OrderId) -> Result<Vec<Chargeback>, Fault> {
    many(db, TABLE, "SELECT id, body FROM chargebacks WHERE order_id = $1 ORDER BY seq", params![order.bytes()])
}

/// One page and the count of all.
pub fn page(db: &Connection, filter: &ChargebackFilter) -> Result<Page<Chargeback>, Fault> {
    let column = match filter.order_by {
        ChargebackBy::ReceivedOn => "received_at",
        ChargebackBy::Amount => "amount",
        ChargebackBy::Stage => "stage",
    };
    terms(filter).page(db, TABLE, [column, "seq"], filter.sort, filter.page)
}

fn terms(filter: &ChargebackFilter) -> Terms {
    let mut terms = Terms::default();
    terms.add("environment = ?", Value::Integer(env(filter.environment)));
    terms.mids("mid", filter.mids.as_deref());
    if let Some(order) = filter.order {
        terms.add("order_id = ?", Value::Blob(order.bytes().to_vec()));
    }
    if let Some(stage) = filter.stage {
        terms.add("stage = ?", Value::Text(stage.as_str().to_owned()));
    }
    terms.number("received_at >= ?", filter.received_from.map(domain::time::Timestamp::micros));
    terms.number("received_at <= ?", filter.received_to.map(domain::time::Timestamp::micros));
    terms
}
