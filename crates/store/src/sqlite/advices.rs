//! Advice.

use domain::{
    advice::{Advice, Card},
    environment::Environment,
    id::{AdviceId, Mid},
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{env, many, one, run, versioned},
};

const TABLE: &str = "advices";

/// Writes a new advice; its order id must have no open one.
pub fn insert(db: &Connection, advice: &Advice, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO advices (id, version, mid, environment, external_id, code, is_open, fingerprint, payer_id, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            advice.id.bytes(),
            advice.version,
            advice.mid.bytes(),
            env(advice.environment),
            advice.payment.order_id,
            advice.state.code().as_str(),
            advice.state.is_open(),
            fingerprint(advice),
            advice.payment.payer.id,
            body,
        ],
    )
    .map_err(taken("advice"))?;
    Ok(())
}

/// Writes the next version of an advice.
pub fn update(db: &Connection, advice: &Advice, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE advices SET version = $1, code = $2, is_open = $3, fingerprint = $4, body = $5 WHERE id = $6 AND version = $7",
        params![
            advice.version,
            advice.state.code().as_str(),
            advice.state.is_open(),
            fingerprint(advice),
            body,
            advice.id.bytes(),
            i64::from(advice.version) - 1,
        ],
    )?;
    versioned(touched, "advice", advice.id.0)
}

/// An advice.
pub fn get(db: &Connection, id: AdviceId) -> Result<Option<Advice>, Fault> {
    one(db, TABLE, "SELECT id, body FROM advices WHERE id = $1", params![id.bytes()])
}

/// The open advice of the merchant's order id.
pub fn open(db: &Connection, mid: Mid, environment: Environment, external_id: &str) -> Result<Option<Advice>, Fault> {
    one(
        db,
        TABLE,
        "SELECT id, body FROM advices WHERE mid = $1 AND environment = $2 AND external_id = $3 AND is_open = 1",
        params![mid.bytes(), env(environment), external_id],
    )
}

/// The newest advice of the merchant's order id.
pub fn newest(db: &Connection, mid: Mid, environment: Environment, external_id: &str) -> Result<Option<Advice>, Fault> {
    one(
        db,
        TABLE,
        "SELECT id, body FROM advices WHERE mid = $1 AND environment = $2 AND external_id = $3 ORDER BY seq DESC LIMIT 1",
        params![mid.bytes(), env(environment), external_id],
    )
}

/// Open advice on a card with ids behind `after`, by id.
pub fn open_on_card(
    db: &Connection,
    mid: Mid,
    environment: Environment,
    fingerprint: &str,
    after: AdviceId,
    limit: u32,
) -> Result<Vec<Advice>, Fault> {
    many(
        db,
        TABLE,
        "SELECT id, body FROM advices
         WHERE mid = $1 AND environment = $2 AND fingerprint = $3 AND id > $4 AND is_open = 1 AND fingerprint IS NOT NULL
         ORDER BY id LIMIT $5",
        params![mid.bytes(), env(environment), fingerprint, after.bytes(), limit],
    )
}

/// Open advice of a payer with ids behind `after`, by id.
pub fn open_of_payer(
    db: &Connection,
    mid: Mid,
    environment: Environment,
    payer: &str,
    after: AdviceId,
    limit: u32,
) -> Result<Vec<Advice>, Fault> {
    many(
        db,
        TABLE,
        "SELECT id, body FROM advices
         WHERE mid = $1 AND environment = $2 AND payer_id = $3 AND id > $4 AND is_open = 1 AND payer_id IS NOT NULL
         ORDER BY id LIMIT $5",
        params![mid.bytes(), env(environment), payer, after.bytes(), limit],
    )
}

fn fingerprint(advice: &Advice) -> Option<&str> {
    advice.card().and_then(|card: &Card| card.fingerprint.as_deref())
}
