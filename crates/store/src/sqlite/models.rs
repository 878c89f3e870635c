//! Learnt models.

use domain::model::{Kind, Record, State};
use rusqlite::{Connection, Row, params};

use super::{
    fault::{Fault, taken},
    row::{body, collect, first, run},
};

const TABLE: &str = "models";

/// Versions that a list holds, the newest.
const LISTED_MAX: u32 = 1_000;

/// Writes a version, new or changed. While one of its kind is in use, no other can be.
pub fn put(db: &Connection, model: &Record, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO models (kind, version, state, created_at, body, model) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (kind, version) DO UPDATE SET state = excluded.state, body = excluded.body, model = excluded.model",
        params![model.kind.as_str(), model.version, model.state.as_str(), model.created_at.micros(), body, model.body],
    )
    .map_err(taken("live model"))?;
    Ok(())
}

/// A version, whole.
pub fn get(db: &Connection, kind: Kind, version: &str) -> Result<Option<Record>, Fault> {
    first(db, "SELECT version, body, model FROM models WHERE kind = $1 AND version = $2", params![kind.as_str(), version], whole)
}

/// The version in use, whole.
pub fn live(db: &Connection, kind: Kind) -> Result<Option<Record>, Fault> {
    first(
        db,
        "SELECT version, body, model FROM models WHERE kind = $1 AND state = $2",
        params![kind.as_str(), State::Live.as_str()],
        whole,
    )
}

/// Which version is in use.
pub fn live_version(db: &Connection, kind: Kind) -> Result<Option<String>, Fault> {
    first(db, "SELECT version FROM models WHERE kind = $1 AND state = $2", params![kind.as_str(), State::Live.as_str()], |row| {
        Ok(row.get(0)?)
    })
}

/// Versions without the models themselves, newest first.
pub fn list(db: &Connection, kind: Kind) -> Result<Vec<Record>, Fault> {
    collect(
        db,
        "SELECT version, body FROM models WHERE kind = $1 ORDER BY created_at DESC, version DESC LIMIT $2",
        params![kind.as_str(), LISTED_MAX],
        |row| body(TABLE, row),
    )
}

fn whole(row: &Row<'_>) -> Result<Record, Fault> {
    Ok(Record { body: row.get(2)?, ..body(TABLE, row)? })
}
