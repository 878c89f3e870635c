//! Token signing keys.

use domain::{change::SigningKey, time::Timestamp};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{collect, run, time},
};

/// Writes a key, new or changed.
pub fn put(db: &Connection, key: &SigningKey) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO signing_keys (kid, sealed, created_at, retired_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kid) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at, retired_at = excluded.retired_at",
        params![key.kid, key.sealed, key.created_at.micros(), key.retired_at.map(Timestamp::micros)],
    )?;
    Ok(())
}

/// All keys, oldest first.
pub fn all(db: &Connection) -> Result<Vec<SigningKey>, Fault> {
    collect(db, "SELECT kid, sealed, created_at, retired_at FROM signing_keys ORDER BY created_at, kid", [], |row| {
        Ok(SigningKey {
            kid: row.get(0)?,
            sealed: row.get(1)?,
            created_at: time(row, 2)?,
            retired_at: row.get::<_, Option<i64>>(3)?.map(Timestamp::from_micros),
        })
    })
}
