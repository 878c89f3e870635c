//! Which partners may act for merchants that they did not onboard.

use domain::{
    id::{Mid, PartnerId},
    partner::Grant,
};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{collect, id, run, time},
};

/// Writes a grant; one that is there stays as it is.
pub fn put(db: &Connection, grant: &Grant) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO grants (partner, mid, created_at) VALUES ($1, $2, $3) ON CONFLICT (partner, mid) DO NOTHING",
        params![grant.partner.bytes(), grant.mid.bytes(), grant.created_at.micros()],
    )?;
    Ok(())
}

/// Takes a grant away.
pub fn delete(db: &Connection, partner: PartnerId, mid: Mid) -> Result<(), Fault> {
    run(db, "DELETE FROM grants WHERE partner = $1 AND mid = $2", params![partner.bytes(), mid.bytes()])?;
    Ok(())
}

/// The grants of a merchant, oldest first.
pub fn of_merchant(db: &Connection, mid: Mid) -> Result<Vec<Grant>, Fault> {
    const SQL: &str = "SELECT partner, mid, created_at FROM grants WHERE mid = $1 ORDER BY created_at, partner";
    collect(db, SQL, params![mid.bytes()], read)
}

/// The grants of a partner, oldest first.
pub fn of_partner(db: &Connection, partner: PartnerId) -> Result<Vec<Grant>, Fault> {
    const SQL: &str = "SELECT partner, mid, created_at FROM grants WHERE partner = $1 ORDER BY created_at, mid";
    collect(db, SQL, params![partner.bytes()], read)
}

fn read(row: &rusqlite::Row<'_>) -> Result<Grant, Fault> {
    Ok(Grant { partner: id(row, 0, PartnerId::from_bytes)?, mid: id(row, 1, Mid::from_bytes)?, created_at: time(row, 2)? })
}
