//! Transmitted transactions.

use domain::{
    environment::Environment,
    id::{Mid, TransmitId},
    transmit::Transmit,
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{env, one, run, versioned},
};

/// Writes a new transaction; its identity must be free.
pub fn insert(db: &Connection, transmit: &Transmit, body: &str) -> Result<(), Fault> {
    let sql = "INSERT INTO transmits (id, version, mid, environment, transaction_id, transaction_type, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    write_new(db, sql, transmit, body)
}

/// Writes a new transaction, or keeps the first copy.
pub fn insert_if_new(db: &Connection, transmit: &Transmit, body: &str) -> Result<(), Fault> {
    let sql = "INSERT INTO transmits (id, version, mid, environment, transaction_id, transaction_type, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (mid, environment, transaction_id, transaction_type) DO NOTHING";
    write_new(db, sql, transmit, body)
}

fn write_new(db: &Connection, sql: &str, transmit: &Transmit, body: &str) -> Result<(), Fault> {
    let (transaction_id, transaction_type) = transmit.identity();
    let row = params![
        transmit.id.bytes(),
        transmit.version,
        transmit.mid.bytes(),
        env(transmit.environment),
        transaction_id,
        transaction_type,
        body
    ];
    run(db, sql, row).map_err(taken("transmit"))?;
    Ok(())
}

/// Writes the next version of a transaction.
pub fn update(db: &Connection, transmit: &Transmit, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE transmits SET version = $1, body = $2 WHERE id = $3 AND version = $4",
        params![transmit.version, body, transmit.id.bytes(), i64::from(transmit.version) - 1],
    )?;
    versioned(touched, "transmit", transmit.id.0)
}

/// A transaction.
pub fn get(db: &Connection, id: TransmitId) -> Result<Option<Transmit>, Fault> {
    one(db, "transmits", "SELECT id, body FROM transmits WHERE id = $1", params![id.bytes()])
}

/// The transaction of an identity.
pub fn by_identity(
    db: &Connection,
    mid: Mid,
    environment: Environment,
    transaction_id: &str,
    transaction_type: &str,
) -> Result<Option<Transmit>, Fault> {
    one(
        db,
        "transmits",
        "SELECT id, body FROM transmits
         WHERE mid = $1 AND environment = $2 AND transaction_id = $3 AND transaction_type = $4",
        params![mid.bytes(), env(environment), transaction_id, transaction_type],
    )
}
