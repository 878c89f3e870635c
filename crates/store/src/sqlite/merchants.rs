//! Merchants.

use domain::{
    id::{Mid, PartnerId},
    merchant::Merchant,
};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{many, one, run},
};

const TABLE: &str = "merchants";

/// Writes a merchant, new or changed.
pub fn put(db: &Connection, merchant: &Merchant, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO merchants (id, partner, body) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET partner = excluded.partner, body = excluded.body",
        params![merchant.id.bytes(), merchant.partner.map(|partner| partner.bytes()), body],
    )?;
    Ok(())
}

/// A merchant.
pub fn get(db: &Connection, id: Mid) -> Result<Option<Merchant>, Fault> {
    one(db, TABLE, "SELECT id, body FROM merchants WHERE id = $1", params![id.bytes()])
}

/// All merchants, or a partner's.
pub fn all(db: &Connection, partner: Option<PartnerId>) -> Result<Vec<Merchant>, Fault> {
    match partner {
        None => many(db, TABLE, "SELECT id, body FROM merchants ORDER BY id", []),
        Some(partner) => {
            many(db, TABLE, "SELECT id, body FROM merchants WHERE partner = $1 ORDER BY id", params![partner.bytes()])
        }
    }
}
