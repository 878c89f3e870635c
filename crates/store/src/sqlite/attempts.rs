//! Attempts.

use domain::{
    attempt::{Answered, Attempt, Progress, Verdict},
    id::{AttemptId, OrderId, ProcessorId},
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{first, many, one, run, versioned},
};

/// Writes a new attempt; its number within the order must be free.
pub fn insert(db: &Connection, attempt: &Attempt, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO attempts (id, version, order_id, number, processor, is_unsettled, made_at, processor_name, descriptor,
            result, latency_ms, standing, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            attempt.id.bytes(),
            attempt.version,
            attempt.order.bytes(),
            attempt.number,
            attempt.processor.map(|account| account.bytes()),
            is_unsettled(attempt),
            attempt.at.micros(),
            attempt.processor_name,
            attempt.descriptor,
            result(attempt),
            latency_ms(attempt),
            standing(attempt),
            body
        ],
    )
    .map_err(taken("attempt"))?;
    Ok(())
}

/// Writes the next version of an attempt.
pub fn update(db: &Connection, attempt: &Attempt, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE attempts SET version = $1, is_unsettled = $2, network_reference = $3, processor_reference = $4, result = $5,
            latency_ms = $6, standing = $7, body = $8
         WHERE id = $9 AND version = $10",
        params![
            attempt.version,
            is_unsettled(attempt),
            approval(attempt).and_then(|answered| answered.network_transaction_id.as_deref()),
            approval(attempt).and_then(|answered| answered.processor_reference.as_deref()),
            result(attempt),
            latency_ms(attempt),
            standing(attempt),
            body,
            attempt.id.bytes(),
            i64::from(attempt.version) - 1
        ],
    )?;
    versioned(touched, "attempt", attempt.id.0)
}

/// An attempt.
pub fn get(db: &Connection, id: AttemptId) -> Result<Option<Attempt>, Fault> {
    one(db, "attempts", "SELECT id, body FROM attempts WHERE id = $1", params![id.bytes()])
}

/// The attempts of an order, by number.
pub fn of(db: &Connection, order: OrderId) -> Result<Vec<Attempt>, Fault> {
    many(db, "attempts", "SELECT id, body FROM attempts WHERE order_id = $1 ORDER BY number", params![order.bytes()])
}

/// Approved attempts with a network transaction id, newest first.
pub fn by_network_reference(db: &Connection, reference: &str, limit: u32) -> Result<Vec<Attempt>, Fault> {
    many(
        db,
        "attempts",
        "SELECT id, body FROM attempts WHERE network_reference = $1 ORDER BY seq DESC LIMIT $2",
        params![reference, limit],
    )
}

/// Approved attempts with a processor's reference, newest first.
pub fn by_processor_reference(db: &Connection, reference: &str, limit: u32) -> Result<Vec<Attempt>, Fault> {
    many(
        db,
        "attempts",
        "SELECT id, body FROM attempts WHERE processor_reference = $1 ORDER BY seq DESC LIMIT $2",
        params![reference, limit],
    )
}

/// The answer of an approved attempt: only these are looked up by reference.
fn approval(attempt: &Attempt) -> Option<&Answered> {
    attempt.answered().filter(|answered| matches!(answered.verdict, Verdict::Approved | Verdict::Partial))
}

/// Whether an account still owes the result, or the reversal, of an attempt.
pub fn account_owes(db: &Connection, account: ProcessorId) -> Result<bool, Fault> {
    let owed =
        first(db, "SELECT 1 FROM attempts WHERE processor = $1 AND is_unsettled = 1 LIMIT 1", params![account.bytes()], |_| {
            Ok(())
        })?;
    Ok(owed.is_some())
}

/// How it ended, or how far it is.
fn result(attempt: &Attempt) -> &'static str {
    match &attempt.progress {
        Progress::Answered(answered) => answered.verdict.as_str(),
        Progress::Reserved | Progress::Unknown { .. } => Verdict::Unknown.as_str(),
        Progress::Released { .. } => "released",
    }
}

/// How long the processor took to answer the request itself.
fn latency_ms(attempt: &Attempt) -> Option<u32> {
    attempt.answered().filter(|answered| !answered.looked_up).map(|answered| answered.latency_ms)
}

/// What was approved and is not given back, minor units.
fn standing(attempt: &Attempt) -> Option<i64> {
    approval(attempt).filter(|_| attempt.reversal.is_none()).map(|answered| answered.approved_minor)
}

fn is_unsettled(attempt: &Attempt) -> bool {
    matches!(attempt.progress, Progress::Reserved | Progress::Unknown { .. })
        || attempt.reversal.is_some_and(|reversal| reversal.done_at.is_none())
}
