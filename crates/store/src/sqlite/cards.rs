//! Sealed cards and CVVs.

use domain::{
    id::{DataKeyId, Mid, TokenId},
    time::Timestamp,
    token::{Card, SealedCvv},
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{collect, id, many, one, run, versioned},
};

/// Writes a new card.
pub fn insert(db: &Connection, card: &Card, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO cards (id, version, mid, data_key, last_used_at, body) VALUES ($1, $2, $3, $4, $5, $6)",
        params![card.id.bytes(), card.version, card.mid.bytes(), card.number.key.bytes(), card.last_used_at.micros(), body],
    )
    .map_err(taken("card"))?;
    Ok(())
}

/// Writes the next version of a card.
pub fn update(db: &Connection, card: &Card, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE cards SET version = $1, data_key = $2, last_used_at = $3, body = $4 WHERE id = $5 AND version = $6",
        params![
            card.version,
            card.number.key.bytes(),
            card.last_used_at.micros(),
            body,
            card.id.bytes(),
            i64::from(card.version) - 1
        ],
    )?;
    versioned(touched, "card", card.id.0)
}

/// Forgets a card and its CVV.
pub fn delete(db: &Connection, mid: Mid, id: TokenId) -> Result<(), Fault> {
    if run(db, "DELETE FROM cards WHERE id = $1 AND mid = $2", params![id.bytes(), mid.bytes()])? > 0 {
        wipe_cvv(db, id)?;
    }
    Ok(())
}

/// Keeps the CVV of a card, in place of an older one.
pub fn put_cvv(db: &Connection, cvv: &SealedCvv, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO cvvs (token, mid, expires_at, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (token) DO UPDATE SET mid = excluded.mid, expires_at = excluded.expires_at, body = excluded.body",
        params![cvv.token.bytes(), cvv.mid.bytes(), cvv.expires_at.micros(), body],
    )?;
    Ok(())
}

/// Forgets the CVV of a card.
pub fn wipe_cvv(db: &Connection, token: TokenId) -> Result<(), Fault> {
    run(db, "DELETE FROM cvvs WHERE token = $1", params![token.bytes()])?;
    Ok(())
}

/// A card.
pub fn get(db: &Connection, id: TokenId) -> Result<Option<Card>, Fault> {
    one(db, "cards", "SELECT id, body FROM cards WHERE id = $1", params![id.bytes()])
}

/// The CVV of a card.
pub fn cvv(db: &Connection, token: TokenId) -> Result<Option<SealedCvv>, Fault> {
    one(db, "cvvs", "SELECT token, body FROM cvvs WHERE token = $1", params![token.bytes()])
}

/// Cards under a data key, by id.
pub fn under(db: &Connection, key: DataKeyId, after: Option<TokenId>, limit: u32) -> Result<Vec<Card>, Fault> {
    many(
        db,
        "cards",
        "SELECT id, body FROM cards WHERE data_key = $1 AND id > $2 ORDER BY id LIMIT $3",
        params![key.bytes(), after.map_or(Vec::new(), |token| token.bytes().to_vec()), limit],
    )
}

/// Forgets CVVs past their end, a batch at most.
pub fn purge_cvvs(db: &Connection, now: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM cvvs WHERE token IN (SELECT token FROM cvvs WHERE expires_at <= $1 LIMIT $2)",
        params![now.micros(), batch],
    )?)
}

/// Forgets cards last used before an instant, and their CVVs, a batch at most.
pub fn purge(db: &Connection, before: Timestamp, batch: u32) -> Result<usize, Fault> {
    let dropped = collect(
        db,
        "DELETE FROM cards WHERE id IN (SELECT id FROM cards WHERE last_used_at < $1 ORDER BY last_used_at LIMIT $2) RETURNING id",
        params![before.micros(), batch],
        |row| id(row, 0, TokenId::from_bytes),
    )?;
    dropped.iter().try_for_each(|token| wipe_cvv(db, *token))?;
    Ok(dropped.len())
}
