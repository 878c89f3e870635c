//! The engine: one writer, many readers.

use std::path::Path;

use domain::change::ChangeSet;
use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{
    checkpoint::Checkpointer, deliveries::Rotation, fault::Fault, prepare::Prepared, readers::Readers, schema, writer::Writer,
};
use crate::{ApplyError, Error, Options};

/// An open database.
pub struct Engine {
    _checkpointer: Checkpointer,
    writer: Writer,
    readers: Readers,
    /// Whose deliveries the next claim begins with.
    pub rotation: Rotation,
}

impl Engine {
    /// Opens a database of our schema.
    pub fn open(path: &Path, options: &Options) -> Result<Self, Error> {
        if !path.exists() {
            return Err(Error::Schema { found: 0, known: schema::KNOWN });
        }
        let db = connect(path, options)?;
        let writer = Writer::start(db, options)?;
        let checkpointer = Checkpointer::start(connect(path, options)?, options.checkpoint_pages, writer.rest_folder())?;
        Ok(Self { _checkpointer: checkpointer, writer, readers: Readers::open(path, options)?, rotation: Rotation::default() })
    }

    /// Applies a change set.
    pub async fn apply(&self, set: ChangeSet) -> Result<(), ApplyError> {
        self.writer.apply(Prepared::new(set)?).await
    }

    /// A point read, on this thread.
    #[expect(clippy::unused_async, reason = "an engine behind a network awaits here")]
    pub async fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Error> {
        self.readers.run(read)
    }

    /// A read of many rows, on the blocking pool.
    pub async fn list<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Error> {
        self.readers.run_blocking(read).await
    }

    /// A long read on a connection of its own, on the blocking pool; broken off when nobody waits for it.
    pub async fn report<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Error> {
        self.readers.run_alone(read).await
    }

    /// Work that writes and answers, in the writer's next commit. It may run twice; only the last run counts.
    pub async fn call<T: Send + 'static>(
        &self,
        work: impl FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Error> {
        self.writer.call(work).await
    }

    /// Ends the writer.
    pub async fn close(&self) -> Result<(), Error> {
        self.writer.close().await
    }
}

/// Foreign keys stay off: the engine writes parents and children in one change set, nothing is deleted from under
/// another row, and each check costs a look-up on the hot path.
fn connect(path: &Path, options: &Options) -> Result<Connection, Error> {
    let open = || -> Result<Connection, Fault> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(std::time::Duration::from_millis(u64::from(options.busy_timeout_ms)))?;
        schema::gate(&db)?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", options.durability.synchronous())?;
        db.pragma_update(None, "cache_size", -i64::from(options.cache_mib.max(4)) * 1024)?;
        db.pragma_update(None, "temp_store", "memory")?;
        // The checkpointer folds the log; COMMIT does not wait for that.
        db.pragma_update(None, "wal_autocheckpoint", 0)?;
        db.pragma_update(None, "secure_delete", "fast")?;
        // Without this, binding a value next to a partial index makes SQLite plan the statement again each time.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        db.set_prepared_statement_cache_capacity(256);
        Ok(db)
    };
    Ok(open()?)
}
