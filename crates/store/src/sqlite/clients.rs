//! API clients.

use domain::{
    client::{Client, Key},
    id::{ClientId, Mid, PartnerId},
};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    keys,
    row::{many, one, run},
};

const TABLE: &str = "clients";

/// Writes a client, new or changed.
pub fn put(db: &Connection, client: &Client, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO clients (id, mid, partner, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET mid = excluded.mid, partner = excluded.partner, body = excluded.body",
        params![client.id.bytes(), client.mid.map(|mid| mid.bytes()), client.partner.map(|partner| partner.bytes()), body],
    )?;
    Ok(())
}

/// A client.
pub fn get(db: &Connection, id: ClientId) -> Result<Option<Client>, Fault> {
    one(db, TABLE, "SELECT id, body FROM clients WHERE id = $1", params![id.bytes()])
}

/// Clients of a merchant, of a partner, of both, or all.
pub fn all(db: &Connection, mid: Option<Mid>, partner: Option<PartnerId>) -> Result<Vec<Client>, Fault> {
    match (mid, partner) {
        (None, None) => many(db, TABLE, "SELECT id, body FROM clients ORDER BY id", []),
        (Some(mid), None) => many(db, TABLE, "SELECT id, body FROM clients WHERE mid = $1 ORDER BY id", params![mid.bytes()]),
        (None, Some(partner)) => {
            many(db, TABLE, "SELECT id, body FROM clients WHERE partner = $1 ORDER BY id", params![partner.bytes()])
        }
        (Some(mid), Some(partner)) => many(
            db,
            TABLE,
            "SELECT id, body FROM clients WHERE mid = $1 AND partner = $2 ORDER BY id",
            params![mid.bytes(), partner.bytes()],
        ),
    }
}

/// The client of an AppKey and all its keys.
pub fn by_app_key(db: &Connection, app_key: &str) -> Result<Option<(Client, Vec<Key>)>, Fault> {
    let Some(client) = keys::public(db, app_key)?.and_then(|key| key.client) else { return Ok(None) };
    let Some(client) = get(db, client)? else { return Ok(None) };
    let keys = keys::of_client(db, client.id)?;
    Ok(Some((client, keys)))
}
