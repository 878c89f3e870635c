//! Refresh tokens.

use domain::{
    change::Conflict,
    client::Refresh,
    id::{ClientId, KeyId},
    time::Timestamp,
};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{
    fault::{Fault, taken},
    row::{first, id, maybe_id, run, time},
};

/// Writes a new token.
pub fn insert(db: &Connection, refresh: &Refresh) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO refreshes (hash, family, client, key_id, expires_at, spent) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            refresh.hash,
            refresh.family.as_bytes(),
            refresh.client.bytes(),
            refresh.key.map(|key| key.bytes()),
            refresh.expires_at.micros(),
            refresh.spent
        ],
    )
    .map_err(taken("refresh token"))?;
    Ok(())
}

/// Spends a token; one that is spent or gone is a conflict.
pub fn spend(db: &Connection, hash: [u8; 32]) -> Result<(), Fault> {
    let touched = run(db, "UPDATE refreshes SET spent = 1 WHERE hash = $1 AND spent = 0", params![hash])?;
    if touched == 1 { Ok(()) } else { Err(Conflict::Taken { what: "refresh token" }.into()) }
}

/// Forgets a family of tokens.
pub fn revoke_family(db: &Connection, family: Uuid) -> Result<(), Fault> {
    run(db, "DELETE FROM refreshes WHERE family = $1", params![family.as_bytes()])?;
    Ok(())
}

/// Forgets all tokens of a client.
pub fn revoke_client(db: &Connection, client: ClientId) -> Result<(), Fault> {
    run(db, "DELETE FROM refreshes WHERE client = $1", params![client.bytes()])?;
    Ok(())
}

/// Forgets all tokens that came from a key.
pub fn revoke_key(db: &Connection, key: KeyId) -> Result<(), Fault> {
    run(db, "DELETE FROM refreshes WHERE key_id = $1", params![key.bytes()])?;
    Ok(())
}

/// A token.
pub fn get(db: &Connection, hash: [u8; 32]) -> Result<Option<Refresh>, Fault> {
    first(db, "SELECT family, client, expires_at, spent, key_id FROM refreshes WHERE hash = $1", params![hash], |row| {
        Ok(Refresh {
            hash,
            family: id(row, 0, Uuid::from_bytes)?,
            client: id(row, 1, ClientId::from_bytes)?,
            expires_at: time(row, 2)?,
            spent: row.get(3)?,
            key: maybe_id(row, 4, KeyId::from_bytes)?,
        })
    })
}

/// Forgets tokens past their end, a batch at most.
pub fn purge(db: &Connection, now: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM refreshes WHERE hash IN (SELECT hash FROM refreshes WHERE expires_at <= $1 LIMIT $2)",
        params![now.micros(), batch],
    )?)
}
