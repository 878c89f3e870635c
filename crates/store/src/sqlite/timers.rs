//! Timers.

use domain::{
    environment::Environment,
    id::{LeaseToken, Mid},
    time::Timestamp,
    timer::{Kind, Leased, Timer},
};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::{
    fault::Fault,
    row::{collect, env, environment, first, id, run, time, word},
};

const TABLE: &str = "timers";

/// What to claim.
pub struct Claim {
    /// Lane.
    pub lane: i64,
    /// Due at or before, by the lane's clock.
    pub due_by: Timestamp,
    /// Leases that ended by now are void, UTC, real time.
    pub real_now: Timestamp,
    /// Until when the new lease holds.
    pub lease_until: Timestamp,
    /// How many.
    pub limit: u32,
    /// The claimer's token.
    pub lease: LeaseToken,
}

/// Sets a timer, or moves it; a lease on it ends. Two plain statements: an upsert would make SQLite keep a journal of
/// the statement.
pub fn set(db: &Connection, timer: &Timer, lane: i64) -> Result<(), Fault> {
    let moved = run(
        db,
        "UPDATE timers SET lane = $1, due = $2, tries = $3, lease = NULL, lease_until = 0 WHERE kind = $4 AND subject = $5",
        params![lane, timer.due.micros(), timer.tries, timer.kind.as_str(), timer.subject.as_bytes()],
    )?;
    if moved == 0 {
        run(
            db,
            "INSERT INTO timers (kind, subject, mid, environment, lane, due, tries, lease_until) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
            params![
                timer.kind.as_str(),
                timer.subject.as_bytes(),
                timer.mid.bytes(),
                env(timer.environment),
                lane,
                timer.due.micros(),
                timer.tries
            ],
        )?;
    }
    Ok(())
}

/// Drops a timer.
pub fn clear(db: &Connection, kind: Kind, subject: Uuid) -> Result<(), Fault> {
    run(db, "DELETE FROM timers WHERE kind = $1 AND subject = $2", params![kind.as_str(), subject.as_bytes()])?;
    Ok(())
}

/// The subjects of a merchant's timers of a kind.
pub fn of(db: &Connection, kind: Kind, mid: Mid, limit: u32) -> Result<Vec<Uuid>, Fault> {
    collect(
        db,
        "SELECT subject FROM timers WHERE kind = $1 AND mid = $2 LIMIT $3",
        params![kind.as_str(), mid.bytes(), limit],
        |row| id(row, 0, Uuid::from_bytes),
    )
}

/// Whether a lease still holds the timer: nobody claimed, moved or dropped it since.
pub fn is_held(db: &Connection, kind: Kind, subject: Uuid, lease: LeaseToken) -> Result<bool, Fault> {
    let found = first(
        db,
        "SELECT 1 FROM timers WHERE kind = $1 AND subject = $2 AND lease = $3",
        params![kind.as_str(), subject.as_bytes(), lease.bytes()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Claims timers, the earliest first.
pub fn claim(db: &Connection, claim: &Claim) -> Result<Vec<Leased>, Fault> {
    let mut claimed = collect(
        db,
        "UPDATE timers SET lease = $1, lease_until = $2, tries = tries + 1
         WHERE (kind, subject) IN (
            SELECT kind, subject FROM timers WHERE lane = $3 AND due <= $4 AND lease_until <= $5 ORDER BY due LIMIT $6)
         RETURNING subject, kind, mid, environment, due, tries",
        params![
            claim.lease.bytes(),
            claim.lease_until.micros(),
            claim.lane,
            claim.due_by.micros(),
            claim.real_now.micros(),
            claim.limit
        ],
        |row| Ok(Leased { timer: timer(row)?, lease: claim.lease }),
    )?;
    claimed.sort_by_key(|leased| (leased.timer.due, leased.timer.subject));
    Ok(claimed)
}

/// Gives a lease back.
pub fn release(db: &Connection, kind: Kind, subject: Uuid, lease: LeaseToken) -> Result<bool, Fault> {
    let touched = run(
        db,
        "UPDATE timers SET lease = NULL, lease_until = 0 WHERE kind = $1 AND subject = $2 AND lease = $3",
        params![kind.as_str(), subject.as_bytes(), lease.bytes()],
    )?;
    Ok(touched == 1)
}

/// Moves a merchant's sandbox timers to a lane; those of CVVs stay with real time.
pub fn move_lane(db: &Connection, mid: Mid, lane: i64) -> Result<(), Fault> {
    run(
        db,
        "UPDATE timers SET lane = $1 WHERE mid = $2 AND environment = $3 AND kind <> $4",
        params![lane, mid.bytes(), env(Environment::Sandbox), Kind::Cvv.as_str()],
    )?;
    Ok(())
}

/// The earliest timer of a lane, held or not.
pub fn next(db: &Connection, lane: i64) -> Result<Option<Timestamp>, Fault> {
    first(db, "SELECT due FROM timers WHERE lane = $1 ORDER BY due LIMIT 1", params![lane], |row| time(row, 0))
}

/// How many are set.
pub fn count(db: &Connection, mid: Option<Mid>) -> Result<u64, Fault> {
    let rows = match mid {
        None => first(db, "SELECT count(*) FROM timers", [], |row| Ok(row.get::<_, i64>(0)?))?,
        Some(mid) => {
            first(db, "SELECT count(*) FROM timers WHERE mid = $1", params![mid.bytes()], |row| Ok(row.get::<_, i64>(0)?))?
        }
    };
    Ok(rows.unwrap_or(0) as u64)
}

fn timer(row: &Row<'_>) -> Result<Timer, Fault> {
    Ok(Timer {
        subject: id(row, 0, Uuid::from_bytes)?,
        kind: word(TABLE, row, 1, Kind::parse)?,
        mid: id(row, 2, Mid::from_bytes)?,
        environment: environment(TABLE, row, 3)?,
        due: time(row, 4)?,
        tries: row.get(5)?,
    })
}
