//! Processor accounts.

use domain::route::Account;
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{many, run, versioned},
};

/// Writes an account, new or changed, whatever version is there.
pub fn put(db: &Connection, account: &Account, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO accounts (id, version, body) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body",
        params![account.id.bytes(), account.version, body],
    )?;
    Ok(())
}

/// Writes the next version of an account.
pub fn update(db: &Connection, account: &Account, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE accounts SET version = $1, body = $2 WHERE id = $3 AND version = $4",
        params![account.version, body, account.id.bytes(), i64::from(account.version) - 1],
    )?;
    versioned(touched, "processor", account.id.0)
}

/// All accounts.
pub fn all(db: &Connection) -> Result<Vec<Account>, Fault> {
    many(db, "accounts", "SELECT id, body FROM accounts ORDER BY id", [])
}
