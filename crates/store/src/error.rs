//! What can go wrong in the store.

use domain::change::Conflict;

/// A failure of the store. None of them prints a stored value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The database's schema is not the one this binary was built for; `found` 0 = no schema or no file.
    #[error("{}", schema_text(*found, *known))]
    Schema {
        /// Version of the database.
        found: u32,
        /// Version of this binary.
        known: u32,
    },
    /// A migration was applied with another text than this binary holds.
    #[error("migration {number} of the database differs from the one in this binary")]
    Checksum {
        /// Number of the migration.
        number: u32,
    },
    /// A row cannot be read back.
    #[error("row {id} of {table} cannot be read")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Its id.
        id: String,
    },
    /// The write queue is full.
    #[error("too many writes are waiting")]
    Overloaded,
    /// The store was closed, or its writer is gone.
    #[error("the store is closed")]
    Closed,
    /// The database refused; `code` is SQLite's extended result code.
    #[error("database: {detail} (code {code})")]
    Database {
        /// Extended result code.
        code: i32,
        /// The database's message; never a bound value.
        detail: String,
    },
    /// The file cannot be made or opened.
    #[error("file: {detail}")]
    File {
        /// The system's message.
        detail: String,
    },
}

/// Why a change set was not applied; nothing of it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// An expectation failed: read again, decide again.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// The write queue is full: answer 503.
    #[error("too many writes are waiting")]
    Overloaded,
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

fn schema_text(found: u32, known: u32) -> String {
    match found {
        0 => format!("the database has no schema; this program needs schema {known}: migrate first"),
        found if found < known => format!("the database has schema {found}, this program needs {known}: migrate first"),
        found => format!("the database has schema {found}, newer than {known}, the newest this program knows"),
    }
}
