//! Read connections beside the writer.
//!
//! Point reads run on the caller's own thread: from the page cache one takes microseconds, less than handing it to
//! another thread and back. Lists may read many pages; they go to the blocking pool, a bounded number at a time.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{Connection, InterruptHandle, OpenFlags, config::DbConfig};
use tokio::sync::Semaphore;

use super::fault::Fault;
use crate::{Error, Options};

/// The pool.
#[derive(Clone)]
pub struct Readers {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    options: Options,
    idle: Mutex<Vec<Connection>>,
    lists: Arc<Semaphore>,
    reports: Arc<Semaphore>,
}

/// Reports under way at once.
const REPORTS_MAX: usize = 2;

/// Breaks a read off when it goes out of scope; one that has ended does not notice.
struct Stop(InterruptHandle);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.interrupt();
    }
}

impl Readers {
    /// Opens the connections that point reads start with; more are opened when all are busy.
    pub fn open(path: &Path, options: &Options) -> Result<Self, Error> {
        let count = options.readers.max(1);
        let idle = (0..count).map(|_| connect(path, options)).collect::<Result<Vec<_>, _>>()?;
        let lists = Arc::new(Semaphore::new(count));
        let reports = Arc::new(Semaphore::new(REPORTS_MAX));
        Ok(Self {
            inner: Arc::new(Inner { path: path.to_owned(), options: options.clone(), idle: Mutex::new(idle), lists, reports }),
        })
    }

    /// Runs a read on this thread.
    pub fn run<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Error> {
        let db = self.take()?;
        let answer = read(&db);
        self.give(db);
        Ok(answer?)
    }

    /// Runs a read on the blocking pool.
    pub async fn run_blocking<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = Arc::clone(&self.inner.lists).acquire_owned().await.map_err(|_| Error::Closed)?;
        let readers = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let answer = readers.run(read);
            drop(permit);
            answer
        });
        task.await.map_err(|_| Error::Closed)?
    }

    /// Runs a long read on a connection of its own, on the blocking pool. When this is dropped before it ended, the read
    /// is broken off.
    pub async fn run_alone<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = Arc::clone(&self.inner.reports).acquire_owned().await.map_err(|_| Error::Closed)?;
        let inner = Arc::clone(&self.inner);
        let connecting = tokio::task::spawn_blocking(move || connect(&inner.path, &inner.options));
        let db = connecting.await.map_err(|_| Error::Closed)??;
        let stop = Stop(db.get_interrupt_handle());
        let task = tokio::task::spawn_blocking(move || {
            let answer = read(&db);
            drop(db);
            drop(permit);
            answer
        });
        let answer = task.await.map_err(|_| Error::Closed)?;
        drop(stop);
        Ok(answer?)
    }

    fn take(&self) -> Result<Connection, Error> {
        let idle = self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| connect(&self.inner.path, &self.inner.options), Ok)
    }

    fn give(&self, db: Connection) {
        let mut idle = self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.inner.options.readers.max(1) * 2 {
            idle.push(db);
        }
    }
}

fn connect(path: &Path, options: &Options) -> Result<Connection, Error> {
    let open = || -> Result<Connection, rusqlite::Error> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(std::time::Duration::from_millis(u64::from(options.busy_timeout_ms)))?;
        db.pragma_update(None, "cache_size", -i64::from(options.cache_mib.max(4)) * 1024 / 4)?;
        db.pragma_update(None, "query_only", true)?;
        // Without this, binding a value next to a partial index makes SQLite plan the statement again each time.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        db.set_prepared_statement_cache_capacity(128);
        Ok(db)
    };
    Ok(open().map_err(Fault::from)?)
}
