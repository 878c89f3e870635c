//! What must hold before a change set is written.

use domain::change::{Conflict, Expectation};
use rusqlite::Connection;

use super::{fault::Fault, ledger, orders, routes, timers, users};

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
        Expectation::RoutesAre { mid, environment, routes: known } => {
            let id = mid.map_or(uuid::Uuid::nil(), |mid| mid.0);
            (routes::of(db, *mid, *environment)? == *known, Conflict::Version { what: "routing table", id })
        }
        Expectation::Lease { kind, subject, lease } => (timers::is_held(db, *kind, *subject, *lease)?, Conflict::LeaseLost),
    };
    if holds { Ok(()) } else { Err(conflict.into()) }
}
