//! Notifications of processors. The table grows at its end and is purged from its beginning.

use domain::{id::ProcessorId, notification::Notification, time::Timestamp};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{many, one, run},
};

/// Writes a notification; its id must be new for the account.
pub fn insert(db: &Connection, notification: &Notification, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO notifications (processor, id, received_at, body) VALUES ($1, $2, $3, $4)",
        params![notification.processor.bytes(), notification.id, notification.received_at.micros(), body],
    )
    .map_err(taken("notification"))?;
    Ok(())
}

/// A notification by the sender's id.
pub fn get(db: &Connection, account: ProcessorId, id: &str) -> Result<Option<Notification>, Fault> {
    one(db, "notifications", "SELECT seq, body FROM notifications WHERE processor = $1 AND id = $2", params![account.bytes(), id])
}

/// The newest notifications of an account.
pub fn latest(db: &Connection, account: ProcessorId, limit: u32) -> Result<Vec<Notification>, Fault> {
    many(
        db,
        "notifications",
        "SELECT seq, body FROM notifications WHERE processor = $1 ORDER BY seq DESC LIMIT $2",
        params![account.bytes(), limit],
    )
}

/// Drops the oldest ones that came before an instant, a batch at most.
pub fn purge(db: &Connection, before: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM notifications WHERE seq IN (SELECT seq FROM notifications ORDER BY seq LIMIT $1) AND received_at < $2",
        params![batch, before.micros()],
    )?)
}
