//! Mails on their way.

use domain::{
    id::{LeaseToken, MailId},
    mail::Mail,
    time::Timestamp,
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{body, collect, first, one, run},
};

const TABLE: &str = "mails";

/// What to claim.
pub struct Claim {
    /// Due, and leases ended, at or before; real time.
    pub now: Timestamp,
    /// Until when the new lease holds.
    pub lease_until: Timestamp,
    /// How many.
    pub limit: u32,
    /// The claimer's token.
    pub lease: LeaseToken,
}

/// Queues a mail.
pub fn insert(db: &Connection, mail: &Mail, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO mails (id, due, lease_until, body) VALUES ($1, $2, 0, $3)",
        params![mail.id.bytes(), mail.due.micros(), body],
    )
    .map_err(taken("mail"))?;
    Ok(())
}

/// Writes a mail as it now is; a lease on it ends. One that is gone stays gone.
pub fn update(db: &Connection, mail: &Mail, body: &str) -> Result<(), Fault> {
    run(
        db,
        "UPDATE mails SET due = $1, lease = NULL, lease_until = 0, body = $2 WHERE id = $3",
        params![mail.due.micros(), body, mail.id.bytes()],
    )?;
    Ok(())
}

/// Forgets a mail.
pub fn delete(db: &Connection, id: MailId) -> Result<(), Fault> {
    run(db, "DELETE FROM mails WHERE id = $1", params![id.bytes()])?;
    Ok(())
}

/// A mail.
pub fn get(db: &Connection, id: MailId) -> Result<Option<Mail>, Fault> {
    one(db, TABLE, "SELECT id, body FROM mails WHERE id = $1", params![id.bytes()])
}

/// Claims mails that are due, the earliest first.
pub fn claim(db: &Connection, claim: &Claim) -> Result<Vec<Mail>, Fault> {
    let mut claimed: Vec<Mail> = collect(
        db,
        "UPDATE mails SET lease = $1, lease_until = $2 WHERE id IN (
            SELECT id FROM mails WHERE due <= $3 AND lease_until <= $3 ORDER BY due LIMIT $4)
         RETURNING id, body",
        params![claim.lease.bytes(), claim.lease_until.micros(), claim.now.micros(), claim.limit],
        |row| body(TABLE, row),
    )?;
    claimed.sort_by_key(|mail| (mail.due, mail.id));
    Ok(claimed)
}

/// How many wait.
pub fn count(db: &Connection) -> Result<u64, Fault> {
    Ok(first(db, "SELECT count(*) FROM mails", [], |row| Ok(row.get::<_, i64>(0)?))?.unwrap_or(0) as u64)
}
