//! Wrapped data keys.

use domain::{
    environment::Environment,
    id::{DataKeyId, Mid},
    token::DataKey,
};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{env, many, one, run},
};

const TABLE: &str = "data_keys";

/// Writes a key, new or changed.
pub fn put(db: &Connection, key: &DataKey, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO data_keys (id, mid, environment, is_retired, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET is_retired = excluded.is_retired, body = excluded.body",
        params![key.id.bytes(), key.mid.bytes(), env(key.environment), key.retired, body],
    )?;
    Ok(())
}

/// A key.
pub fn get(db: &Connection, id: DataKeyId) -> Result<Option<DataKey>, Fault> {
    one(db, TABLE, "SELECT id, body FROM data_keys WHERE id = $1", params![id.bytes()])
}

/// The newest key that seals.
pub fn active(db: &Connection, mid: Mid, environment: Environment) -> Result<Option<DataKey>, Fault> {
    one(
        db,
        TABLE,
        "SELECT id, body FROM data_keys WHERE mid = $1 AND environment = $2 AND is_retired = 0 ORDER BY id DESC LIMIT 1",
        params![mid.bytes(), env(environment)],
    )
}

/// Keys by id.
pub fn after(db: &Connection, after: Option<DataKeyId>, limit: u32) -> Result<Vec<DataKey>, Fault> {
    many(
        db,
        TABLE,
        "SELECT id, body FROM data_keys WHERE id > $1 ORDER BY id LIMIT $2",
        params![after.map_or(Vec::new(), |key| key.bytes().to_vec()), limit],
    )
}
