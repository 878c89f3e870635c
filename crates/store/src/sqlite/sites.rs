//! Sites.

use domain::{
    id::{Mid, SiteId},
    site::Site,
};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{many, one, run},
};

/// Writes a site, new or changed. A site never changes its merchant.
pub fn put(db: &Connection, site: &Site, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO sites (id, mid, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        params![site.id.bytes(), site.mid.bytes(), body],
    )?;
    Ok(())
}

/// A site.
pub fn get(db: &Connection, id: SiteId) -> Result<Option<Site>, Fault> {
    one(db, "sites", "SELECT id, body FROM sites WHERE id = $1", params![id.bytes()])
}

/// The sites of a merchant.
pub fn of(db: &Connection, mid: Mid) -> Result<Vec<Site>, Fault> {
    many(db, "sites", "SELECT id, body FROM sites WHERE mid = $1 ORDER BY id", params![mid.bytes()])
}
