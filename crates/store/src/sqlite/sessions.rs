//! Sessions of portal users, failures of logins, and tickets to choose a password.

use domain::{
    change::Conflict,
    id::UserId,
    time::Timestamp,
    user::{Purpose, Session, Stage, Ticket, Visitor},
};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::{
    fault::{Fault, taken},
    row::{collect, env, environment, first, id, run, time, word},
};

const TABLE: &str = "sessions";

/// Writes a session, new or with a later end.
pub fn put(db: &Connection, session: &Session) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO sessions (hash, family, user_id, environment, stage, created_at, expires_at, used_at, agent, address)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (hash) DO UPDATE SET environment = excluded.environment, expires_at = excluded.expires_at,
             used_at = excluded.used_at",
        params![
            session.hash,
            session.family.as_bytes(),
            session.user.bytes(),
            env(session.environment),
            session.stage.as_str(),
            session.created_at.micros(),
            session.expires_at.micros(),
            session.used_at.micros(),
            session.visitor.agent,
            session.visitor.address
        ],
    )
    .map_err(taken("session"))?;
    Ok(())
}

/// Writes what changes while a session is used; one that was ended meanwhile does not come back.
pub fn touch(db: &Connection, session: &Session) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE sessions SET environment = $1, expires_at = $2, used_at = $3 WHERE hash = $4",
        params![env(session.environment), session.expires_at.micros(), session.used_at.micros(), session.hash],
    )?;
    if touched == 1 { Ok(()) } else { Err(Conflict::Taken { what: "session" }.into()) }
}

/// Ends a session with its refresh tokens; one that is gone already is a conflict.
pub fn end(db: &Connection, family: Uuid) -> Result<(), Fault> {
    run(db, "DELETE FROM refreshes WHERE family = $1", params![family.as_bytes()])?;
    let touched = run(db, "DELETE FROM sessions WHERE family = $1", params![family.as_bytes()])?;
    if touched == 1 { Ok(()) } else { Err(Conflict::Taken { what: "session" }.into()) }
}

/// Ends every session of a user with their refresh tokens.
pub fn end_all(db: &Connection, user: UserId) -> Result<(), Fault> {
    run(db, "DELETE FROM refreshes WHERE client = $1", params![user.bytes()])?;
    run(db, "DELETE FROM sessions WHERE user_id = $1", params![user.bytes()])?;
    Ok(())
}

/// The session with this id's hash.
pub fn by_hash(db: &Connection, hash: [u8; 32]) -> Result<Option<Session>, Fault> {
    first(
        db,
        "SELECT family, user_id, environment, stage, created_at, expires_at, hash, used_at, agent, address
         FROM sessions WHERE hash = $1",
        params![hash],
        read,
    )
}

/// The session that tokens name.
pub fn by_family(db: &Connection, family: Uuid) -> Result<Option<Session>, Fault> {
    first(
        db,
        "SELECT family, user_id, environment, stage, created_at, expires_at, hash, used_at, agent, address
         FROM sessions WHERE family = $1",
        params![family.as_bytes()],
        read,
    )
}

/// The sessions of a user that are not over, the one used last first; at most `limit`.
pub fn of_user(db: &Connection, user: UserId, now: Timestamp, limit: u32) -> Result<Vec<Session>, Fault> {
    collect(
        db,
        "SELECT family, user_id, environment, stage, created_at, expires_at, hash, used_at, agent, address
         FROM sessions WHERE user_id = $1 AND expires_at > $2 ORDER BY used_at DESC, family LIMIT $3",
        params![user.bytes(), now.micros(), limit],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Session, Fault> {
    Ok(Session {
        hash: row.get(6)?,
        family: id(row, 0, Uuid::from_bytes)?,
        user: id(row, 1, UserId::from_bytes)?,
        environment: environment(TABLE, row, 2)?,
        stage: word(TABLE, row, 3, Stage::parse)?,
        created_at: time(row, 4)?,
        expires_at: time(row, 5)?,
        used_at: time(row, 7)?,
        visitor: Visitor { agent: row.get(8)?, address: row.get(9)? },
    })
}

/// Forgets sessions past their end, a batch at most.
pub fn purge(db: &Connection, now: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE expires_at <= $1 LIMIT $2)",
        params![now.micros(), batch],
    )?)
}

/// Counts one more failure of a subject.
pub fn count_failure(db: &Connection, subject: [u8; 32], at: Timestamp) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO failures (subject, failures, at) VALUES ($1, 1, $2)
         ON CONFLICT (subject) DO UPDATE SET failures = failures.failures + 1, at = excluded.at",
        params![subject, at.micros()],
    )?;
    Ok(())
}

/// Takes one failure back.
pub fn forgive_failure(db: &Connection, subject: [u8; 32]) -> Result<(), Fault> {
    run(db, "UPDATE failures SET failures = failures - 1 WHERE subject = $1 AND failures > 0", params![subject])?;
    Ok(())
}

/// Forgets the failures of a subject.
pub fn clear_failures(db: &Connection, subject: [u8; 32]) -> Result<(), Fault> {
    run(db, "DELETE FROM failures WHERE subject = $1", params![subject])?;
    Ok(())
}

/// Failures of a subject.
pub fn failures(db: &Connection, subject: [u8; 32]) -> Result<u32, Fault> {
    Ok(first(db, "SELECT failures FROM failures WHERE subject = $1", params![subject], |row| Ok(row.get(0)?))?.unwrap_or(0))
}

/// Forgets failures of long ago, a batch at most.
pub fn purge_failures(db: &Connection, before: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM failures WHERE subject IN (SELECT subject FROM failures WHERE at < $1 LIMIT $2)",
        params![before.micros(), batch],
    )?)
}

/// Writes a ticket.
pub fn put_ticket(db: &Connection, ticket: &Ticket) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO tickets (hash, user_id, purpose, expires_at) VALUES ($1, $2, $3, $4)",
        params![ticket.hash, ticket.user.bytes(), ticket.purpose.as_str(), ticket.expires_at.micros()],
    )
    .map_err(taken("ticket"))?;
    Ok(())
}

/// Uses a ticket up; one that is gone is a conflict.
pub fn spend_ticket(db: &Connection, hash: [u8; 32]) -> Result<(), Fault> {
    let touched = run(db, "DELETE FROM tickets WHERE hash = $1", params![hash])?;
    if touched == 1 { Ok(()) } else { Err(Conflict::Taken { what: "ticket" }.into()) }
}

/// Forgets every ticket of a user.
pub fn drop_tickets(db: &Connection, user: UserId) -> Result<(), Fault> {
    run(db, "DELETE FROM tickets WHERE user_id = $1", params![user.bytes()])?;
    Ok(())
}

/// A ticket.
pub fn ticket(db: &Connection, hash: [u8; 32]) -> Result<Option<Ticket>, Fault> {
    first(db, "SELECT user_id, purpose, expires_at FROM tickets WHERE hash = $1", params![hash], |row| {
        Ok(Ticket {
            hash,
            user: id(row, 0, UserId::from_bytes)?,
            purpose: word("tickets", row, 1, Purpose::parse)?,
            expires_at: time(row, 2)?,
        })
    })
}

/// Forgets tickets past their end, a batch at most.
pub fn purge_tickets(db: &Connection, now: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM tickets WHERE hash IN (SELECT hash FROM tickets WHERE expires_at <= $1 LIMIT $2)",
        params![now.micros(), batch],
    )?)
}
