//! Sites.

use domain::{
    change::Conflict,
    id::{Mid, SiteId},
    site::Site,
    time::Timestamp,
};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{many, one, run, versioned},
    terms::Terms,
};
use crate::{Page, SiteBy, SiteFilter};

const TABLE: &str = "sites";

/// Writes a new site (version 1), or the next version over the one before. A site never changes its merchant.
pub fn put(db: &Connection, site: &Site, body: &str) -> Result<(), Fault> {
    let (id, name) = (site.id.bytes(), site.name.to_lowercase());
    if site.version == 1 {
        let touched = run(
            db,
            "INSERT INTO sites (id, mid, version, name, is_archived, created_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (id) DO NOTHING",
            params![id, site.mid.bytes(), site.version, name, site.archived, site.created_at.micros(), body],
        )?;
        return if touched == 1 { Ok(()) } else { Err(Conflict::Taken { what: "site" }.into()) };
    }
    let touched = run(
        db,
        "UPDATE sites SET version = $1, name = $2, is_archived = $3, body = $4 WHERE id = $5 AND version = $6",
        params![site.version, name, site.archived, body, id, i64::from(site.version) - 1],
    )?;
    versioned(touched, "site", site.id.0)
}

/// A site.
pub fn get(db: &Connection, id: SiteId) -> Result<Option<Site>, Fault> {
    one(db, TABLE, "SELECT id, body FROM sites WHERE id = $1", params![id.bytes()])
}

/// The sites of a merchant.
pub fn of(db: &Connection, mid: Mid) -> Result<Vec<Site>, Fault> {
    many(db, TABLE, "SELECT id, body FROM sites WHERE mid = $1 ORDER BY id", params![mid.bytes()])
}

/// One page of sites.
pub fn list(db: &Connection, filter: &SiteFilter) -> Result<Page<Site>, Fault> {
    let column = match filter.order_by {
        SiteBy::CreatedOn => "created_at",
        SiteBy::Name => "name",
    };
    terms(filter).page(db, TABLE, [column, "id"], filter.sort, filter.page)
}

fn terms(filter: &SiteFilter) -> Terms {
    let mut terms = Terms::default();
    terms.mids("mid", filter.mids.as_deref());
    terms.number("is_archived = ?", filter.archived.map(i64::from));
    terms.number("created_at >= ?", filter.created_from.map(Timestamp::micros));
    terms.number("created_at <= ?", filter.created_to.map(Timestamp::micros));
    terms
}
