//! What goes wrong below the public surface.

use domain::change::Conflict;
use rusqlite::ffi;

use crate::{ApplyError, Error};

/// A failure inside the engine.
#[derive(Debug)]
pub enum Fault {
    /// An expectation failed.
    Conflict(Conflict),
    /// SQLite failed.
    Sql(rusqlite::Error),
    /// Anything else.
    Store(Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Conflict> for Fault {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(error) => error,
            Fault::Sql(error) => database(&error),
            Fault::Conflict(conflict) => Self::Database { code: 0, detail: conflict.to_string() },
        }
    }
}

impl From<Fault> for ApplyError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Conflict(conflict) => Self::Conflict(conflict),
            other => Self::Failed(other.into()),
        }
    }
}

/// SQLite's own message names tables and columns, never a bound value; other kinds are named only.
pub fn database(error: &rusqlite::Error) -> Error {
    match error {
        rusqlite::Error::SqliteFailure(failure, message) => Error::Database {
            code: failure.extended_code,
            detail: message.clone().unwrap_or_else(|| ffi::code_to_str(failure.extended_code).to_owned()),
        },
        rusqlite::Error::SqlInputError { error, msg, .. } => Error::Database { code: error.extended_code, detail: msg.clone() },
        rusqlite::Error::FromSqlConversionFailure(column, ..)
        | rusqlite::Error::InvalidColumnType(column, ..)
        | rusqlite::Error::IntegralValueOutOfRange(column, ..) => {
            Error::Database { code: 0, detail: format!("column {column} has an unexpected value") }
        }
        _ => Error::Database { code: 0, detail: "the statement does not fit its table".into() },
    }
}

/// Reads a broken uniqueness as "taken".
pub fn taken(what: &'static str) -> impl Fn(rusqlite::Error) -> Fault {
    move |error| match &error {
        rusqlite::Error::SqliteFailure(failure, _)
            if matches!(
                failure.extended_code,
                ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_ROWID
            ) =>
        {
            Fault::Conflict(Conflict::Taken { what })
        }
        _ => Fault::Sql(error),
    }
}
