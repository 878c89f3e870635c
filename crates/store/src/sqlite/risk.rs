//! Risk profiles, and what is still to be folded into them.

use domain::{
    attempt::{Attempt, Progress, Verdict},
    change::Conflict,
    chargeback::Chargeback,
    id::{AttemptId, Mid, OrderId, TransmitId},
    refund::Refund,
    risk::{Change, Cursor, Key},
    transmit::Transmit,
};
use rusqlite::{Connection, params};

use super::{
    chargebacks,
    fault::Fault,
    refunds,
    row::{body, collect, corrupt, env, first, run},
    transmits,
};

const ATTEMPTED: i64 = 0;
const TRANSMIT_DISPUTED: i64 = 1;
const ATTEMPT_DISPUTED: i64 = 2;

/// What is to be folded, each with its place.
pub struct News {
    /// New transactions.
    pub transmits: Vec<(i64, Transmit)>,
    /// Other changes, each with the last transaction that was there before it.
    pub changes: Vec<(i64, i64, Change)>,
}

/// How far the past was folded.
pub fn cursor(db: &Connection) -> Result<Cursor, Fault> {
    let read = first(db, "SELECT transmits, changes FROM risk_cursor WHERE id = 1", [], |row| {
        Ok(Cursor { transmits: row.get(0)?, changes: row.get(1)? })
    })?;
    Ok(read.unwrap_or_default())
}

/// What comes behind a cursor, up to a number of transactions and of changes.
pub fn news(db: &Connection, after: Cursor, limit: u32) -> Result<News, Fault> {
    let transmits = collect(
        db,
        "SELECT seq, body FROM transmits WHERE seq > $1 ORDER BY seq LIMIT $2",
        params![after.transmits, limit],
        |row| Ok((row.get(0)?, body("transmits", row)?)),
    )?;
    let changes = collect(
        db,
        "SELECT seq, after_transmit, kind, subject FROM risk_changes WHERE seq > $1 ORDER BY seq LIMIT $2",
        params![after.changes, limit],
        |row| {
            let subject: [u8; 16] = row.get(3)?;
            let change = match row.get::<_, i64>(2)? {
                ATTEMPTED => Change::Attempted(AttemptId::from_bytes(subject)),
                TRANSMIT_DISPUTED => Change::TransmitDisputed(TransmitId::from_bytes(subject)),
                ATTEMPT_DISPUTED => Change::AttemptDisputed(AttemptId::from_bytes(subject)),
                _ => return Err(corrupt("risk_changes", row)),
            };
            Ok((row.get(0)?, row.get(1)?, change))
        },
    )?;
    Ok(News { transmits, changes })
}

/// Stored profiles; those that are not there are left out.
pub fn profiles(db: &Connection, keys: &[Key]) -> Result<Vec<(Key, Vec<u8>)>, Fault> {
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let stored = first(
            db,
            "SELECT body FROM risk_profiles WHERE mid = $1 AND environment = $2 AND kind = $3 AND subject = $4",
            params![key.mid.bytes(), env(key.environment), key.kind, key.key],
            |row| Ok(row.get(0)?),
        )?;
        found.extend(stored.map(|body| (*key, body)));
    }
    Ok(found)
}

/// Writes profiles and moves the cursor on; a conflict when another has moved it.
pub fn put(db: &Connection, before: Cursor, after: Cursor, profiles: &[(Key, Vec<u8>)]) -> Result<(), Fault> {
    let moved = run(
        db,
        "UPDATE risk_cursor SET transmits = $1, changes = $2 WHERE id = 1 AND transmits = $3 AND changes = $4",
        params![after.transmits, after.changes, before.transmits, before.changes],
    )?;
    if moved == 0 {
        return Err(Fault::Conflict(Conflict::Taken { what: "risk cursor" }));
    }
    for (key, body) in profiles {
        run(
            db,
            "INSERT INTO risk_profiles (mid, environment, kind, subject, body) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (mid, environment, kind, subject) DO UPDATE SET body = excluded.body",
            params![key.mid.bytes(), env(key.environment), key.kind, key.key, body],
        )?;
    }
    // The newest stays, so that no number is given twice.
    run(db, "DELETE FROM risk_changes WHERE seq <= $1 AND seq < (SELECT max(seq) FROM risk_changes)", params![after.changes])?;
    Ok(())
}

/// Notes that an attempt is answered now; call before its row is written.
pub fn note_attempt(db: &Connection, attempt: &Attempt) -> Result<(), Fault> {
    if !matches!(attempt.progress, Progress::Answered(_)) {
        return Ok(());
    }
    let open = first(
        db,
        "SELECT 1 FROM attempts WHERE id = $1 AND result = $2",
        params![attempt.id.bytes(), Verdict::Unknown.as_str()],
        |_| Ok(()),
    )?;
    if open.is_some() { note(db, ATTEMPTED, attempt.id.bytes()) } else { Ok(()) }
}

/// Notes that a transmitted transaction is known to be fraud now; call before its row is written.
pub fn note_transmit(db: &Connection, transmit: &Transmit) -> Result<(), Fault> {
    if transmit.fraud().is_some() && transmits::get(db, transmit.id)?.is_some_and(|before| before.fraud().is_none()) {
        note(db, TRANSMIT_DISPUTED, transmit.id.bytes())?;
    }
    Ok(())
}

/// Notes that an attempt of ours is charged back; call before the row is written.
pub fn note_chargeback(db: &Connection, chargeback: &Chargeback) -> Result<(), Fault> {
    chargeback.attempt.map_or(Ok(()), |attempt| note_fraud(db, chargeback.order, attempt))
}

/// Notes that an attempt of ours was given back as fraud; call before the row is written.
pub fn note_refund(db: &Connection, refund: &Refund) -> Result<(), Fault> {
    if refund.is_fraud() { note_fraud(db, Some(refund.order), refund.attempt) } else { Ok(()) }
}

/// Of several reports of one fraud the first counts.
fn note_fraud(db: &Connection, order: Option<OrderId>, attempt: AttemptId) -> Result<(), Fault> {
    if let Some(order) = order {
        let refunded = refunds::of(db, order)?.iter().any(|refund| refund.attempt == attempt && refund.is_fraud());
        let disputed = || -> Result<bool, Fault> { Ok(chargebacks::of(db, order)?.iter().any(|it| it.attempt == Some(attempt))) };
        if refunded || disputed()? {
            return Ok(());
        }
    }
    note(db, ATTEMPT_DISPUTED, attempt.bytes())
}

fn note(db: &Connection, kind: i64, subject: [u8; 16]) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO risk_changes (kind, subject, after_transmit)
         SELECT $1, $2, COALESCE((SELECT max(seq) FROM transmits), 0)",
        params![kind, subject],
    )?;
    Ok(())
}

/// Drops the profiles of a cleared sandbox. Numbers of dropped transactions may be given again: the cursor does not
/// stand behind them.
pub fn clear(db: &Connection, mid: Mid, limit: u32) -> Result<usize, Fault> {
    run(
        db,
        "UPDATE risk_cursor SET transmits = COALESCE((SELECT max(seq) FROM transmits), 0)
         WHERE id = 1 AND transmits > COALESCE((SELECT max(seq) FROM transmits), 0)",
        [],
    )?;
    Ok(run(
        db,
        "DELETE FROM risk_profiles WHERE (mid, environment, kind, subject) IN (
            SELECT mid, environment, kind, subject FROM risk_profiles WHERE mid = $1 AND environment = 0 LIMIT $2)",
        params![mid.bytes(), limit],
    )?)
}
