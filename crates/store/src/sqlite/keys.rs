//! API keys.

use domain::{
    client::{Key, KeyKind},
    id::{ClientId, KeyId, Mid},
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{many, one, run},
};

const TABLE: &str = "keys";

/// Writes a key, new or changed. No two keys of a kind have the same check.
pub fn put(db: &Connection, key: &Key, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO keys (id, client, mid, kind, check_text, body) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET check_text = excluded.check_text, body = excluded.body",
        params![
            key.id.bytes(),
            key.client.map(|client| client.bytes()),
            key.mid.map(|mid| mid.bytes()),
            key.kind.as_str(),
            key.check,
            body
        ],
    )
    .map_err(taken("key"))?;
    Ok(())
}

/// A key.
pub fn get(db: &Connection, id: KeyId) -> Result<Option<Key>, Fault> {
    one(db, TABLE, "SELECT id, body FROM keys WHERE id = $1", params![id.bytes()])
}

/// The keys of a merchant.
pub fn of_merchant(db: &Connection, mid: Mid) -> Result<Vec<Key>, Fault> {
    many(db, TABLE, "SELECT id, body FROM keys WHERE mid = $1 ORDER BY id", params![mid.bytes()])
}

/// The keys of a client.
pub fn of_client(db: &Connection, client: ClientId) -> Result<Vec<Key>, Fault> {
    many(db, TABLE, "SELECT id, body FROM keys WHERE client = $1 ORDER BY id", params![client.bytes()])
}

/// The public key with this AppKey.
pub fn public(db: &Connection, app_key: &str) -> Result<Option<Key>, Fault> {
    by_check(db, KeyKind::Public, app_key)
}

/// The tokenization key with this check.
pub fn tokenization(db: &Connection, check: &str) -> Result<Option<Key>, Fault> {
    by_check(db, KeyKind::Tokenization, check)
}

fn by_check(db: &Connection, kind: KeyKind, check: &str) -> Result<Option<Key>, Fault> {
    one(db, TABLE, "SELECT id, body FROM keys WHERE kind = $1 AND check_text = $2", params![kind.as_str(), check])
}
