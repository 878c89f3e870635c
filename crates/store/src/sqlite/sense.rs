//! Visits to shop pages.

use domain::{
    change::Conflict,
    environment::Environment,
    id::{Mid, SenseKey},
    sense::Session,
    time::Timestamp,
};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{env, first, one, run},
};

const TABLE: &str = "sense_sessions";
/// Visits of one device that are looked through, the newest.
const VISITS_MAX: u32 = 200;

/// Writes a visit over the version before; the first one is 1.
pub fn put(db: &Connection, session: &Session, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "INSERT INTO sense_sessions (mid, environment, id, version, seen_at, device, email, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (mid, environment, id) DO UPDATE SET version = excluded.version, seen_at = excluded.seen_at,
            device = excluded.device, email = excluded.email, body = excluded.body
         WHERE sense_sessions.version = excluded.version - 1",
        params![
            session.mid.bytes(),
            env(session.environment),
            session.key.bytes(),
            session.version,
            session.seen_at.micros(),
            session.device.hash,
            session.email(),
            body
        ],
    )?;
    if touched == 1 { Ok(()) } else { Err(Conflict::Version { what: "visit", id: session.key.0 }.into()) }
}

/// A visit of a merchant's customer.
pub fn get(db: &Connection, mid: Mid, environment: Environment, key: SenseKey) -> Result<Option<Session>, Fault> {
    one(
        db,
        TABLE,
        "SELECT id, body FROM sense_sessions WHERE mid = $1 AND environment = $2 AND id = $3",
        params![mid.bytes(), env(environment), key.bytes()],
    )
}

/// How many e-mail addresses were typed on a device at a merchant's since an instant, among its newest visits.
pub fn emails(db: &Connection, mid: Mid, environment: Environment, device: [u8; 16], since: Timestamp) -> Result<u32, Fault> {
    let count = first(
        db,
        "SELECT count(DISTINCT email) FROM (SELECT email FROM sense_sessions
            WHERE mid = $1 AND environment = $2 AND device = $3 AND seen_at >= $4 ORDER BY seen_at DESC LIMIT $5) AS visits",
        params![mid.bytes(), env(environment), device, since.micros(), VISITS_MAX],
        |row| Ok(row.get(0)?),
    )?;
    Ok(count.unwrap_or(0))
}

/// Drops the oldest visits that ended before an instant, a batch at most.
pub fn purge(db: &Connection, before: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM sense_sessions WHERE (mid, environment, id) IN
            (SELECT mid, environment, id FROM sense_sessions WHERE seen_at < $1 ORDER BY seen_at LIMIT $2)",
        params![before.micros(), batch],
    )?)
}
