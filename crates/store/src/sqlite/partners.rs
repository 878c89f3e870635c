//! Partners.

use domain::{id::PartnerId, partner::Partner};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{many, one, run},
};

/// Writes a partner, new or changed.
pub fn put(db: &Connection, partner: &Partner, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO partners (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        params![partner.id.bytes(), body],
    )?;
    Ok(())
}

/// A partner.
pub fn get(db: &Connection, id: PartnerId) -> Result<Option<Partner>, Fault> {
    one(db, "partners", "SELECT id, body FROM partners WHERE id = $1", params![id.bytes()])
}

/// All partners.
pub fn all(db: &Connection) -> Result<Vec<Partner>, Fault> {
    many(db, "partners", "SELECT id, body FROM partners ORDER BY id", [])
}
