//! The simulator's book: a witness of what was charged, independent of the engine's store.
//!
//! A SQLite file in WAL mode with `synchronous=OFF`: every answer is committed before it is given, so a killed process
//! loses nothing; a power cut may lose the last moments, which no test of ours needs to survive.

mod attempt;
mod credential;
mod refund;
mod report;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, config::DbConfig};

pub(crate) use attempt::Attempt;
pub(crate) use credential::Credential;
pub(crate) use refund::Judged;
pub use report::{Breach, Report, Total};

const SCHEMA: &str = include_str!("schema.sql");
/// Written into the file's header; a file with another number is refused.
const SCHEMA_VERSION: i32 = 1;
const CACHED_STATEMENTS_MAX: usize = 32;
const BUSY_TIMEOUT_MS: u64 = 5_000;

/// Why the book cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite's word.
    #[error("simulator book: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file cannot be made.
    #[error("simulator book: {0}")]
    File(#[from] std::io::Error),
    /// The file was written by another version.
    #[error("simulator book: schema {found}, this version reads {SCHEMA_VERSION}")]
    Schema {
        /// The file's version.
        found: i32,
    },
}

/// Makes the file for its owner only, before SQLite would make it for everybody.
fn private(path: &Path) -> Result<(), Error> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// The book. Memory stays flat however many attempts it holds, unless it is [`Book::in_memory`].
#[derive(Debug)]
pub struct Book {
    connection: Mutex<Connection>,
}

impl Book {
    /// Opens or creates the file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        private(path)?;
        Self::prepare(Connection::open(path)?)
    }

    /// A book that lasts as long as the process; for tests and short demonstrations.
    pub fn in_memory() -> Result<Self, Error> {
        Self::prepare(Connection::open_in_memory()?)
    }

    /// What the book says was charged, refused and broken so far.
    pub fn report(&self) -> Result<Report, Error> {
        report::report(&self.page().connection)
    }

    fn prepare(connection: Connection) -> Result<Self, Error> {
        connection.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS))?;
        connection.execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;",
        )?;
        connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS_MAX);
        // Without it SQLite (built with STAT4) plans a cached statement anew whenever a bound value changes.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let found: i32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        match found {
            0 => connection.execute_batch(&format!("BEGIN; {SCHEMA} PRAGMA user_version={SCHEMA_VERSION}; COMMIT;"))?,
            SCHEMA_VERSION => {}
            found => return Err(Error::Schema { found }),
        }
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Takes the book for one call. The lock is held for microseconds and never across an `await`.
    pub(crate) fn page(&self) -> Page<'_> {
        Page { connection: self.connection.lock().unwrap_or_else(PoisonError::into_inner) }
    }
}

/// The book in the hands of one call: what it reads cannot change before it writes.
pub(crate) struct Page<'a> {
    connection: MutexGuard<'a, Connection>,
}

impl Page<'_> {
    /// Everything that `work` reads and writes, as one transaction: half the cost, and all or nothing.
    pub(crate) fn atomically<T>(&self, work: impl FnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        self.run("BEGIN IMMEDIATE")?;
        let done = work(self).and_then(|done| self.run("COMMIT").map(|()| done));
        if done.is_err() && !self.connection.is_autocommit() {
            self.run("ROLLBACK")?;
        }
        done
    }

    fn run(&self, statement: &str) -> Result<(), Error> {
        self.connection.prepare_cached(statement)?.execute([])?;
        Ok(())
    }
}
