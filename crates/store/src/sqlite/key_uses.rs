//! When keys were last used, noted lazily.

use domain::{id::KeyId, time::Timestamp};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{first, run, time},
};

/// Notes a use; an earlier one than is known changes nothing.
pub fn touch(db: &Connection, key: KeyId, at: Timestamp) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO key_uses (key_id, at) VALUES ($1, $2)
         ON CONFLICT (key_id) DO UPDATE SET at = excluded.at WHERE key_uses.at < excluded.at",
        params![key.bytes(), at.micros()],
    )?;
    Ok(())
}

/// When a key was last used.
pub fn last(db: &Connection, key: KeyId) -> Result<Option<Timestamp>, Fault> {
    first(db, "SELECT at FROM key_uses WHERE key_id = $1", params![key.bytes()], |row| time(row, 0))
}
