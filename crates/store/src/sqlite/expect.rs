//! What must hold before a change set is written.

use domain::change::{Conflict, Expectation};
use rusqlite::Connection;

use super::{fault::Fault, ledger, orders, timers, users};

/// Checks one expectation inside the write transaction.
pub fn check(db: &Connection, expectation: &Expectation) -> Result<(), Fault> {
    let (holds, conflict) = match expectation {
        Expectation::NoOpenOrder { mid, environment, external_id } => {
            (!orders::is_open(db, *mid, *environment, external_id)?, Conflict::OpenOrder)
        }
        Expectation::LedgerRows { mid, environment, keys, since, rows } => {
            (ledger::count(db, *mid, *environment, *keys, *since)? == *rows, Conflict::LedgerMoved)
        }
        Expectation::AnotherOwner { user, house } => (users::is_owned_without(db, *user, house)?, Conflict::LastOwner),
        Expectation::Lease { kind, subject, lease } => (timers::is_held(db, *kind, *subject, *lease)?, Conflict::LeaseLost),
    };
    if holds { Ok(()) } else { Err(conflict.into()) }
}
