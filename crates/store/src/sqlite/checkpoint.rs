//! Folding the log into the database beside the writer. SQLite's own checkpoint runs inside COMMIT, so that every
//! caller of that commit waits for thousands of page writes and a sync; here a thread of its own does that work while
//! commits go on, and the writer only folds the short rest, so that the log starts anew.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;

use super::fault::Fault;
use crate::Error;

/// How often the length of the log is looked at.
const LOOK: Duration = Duration::from_millis(25);
/// A rest that the writer may fold by itself, pages: a few milliseconds.
const REST_PAGES_MAX: i64 = 512;
/// Rounds beside the writer before it folds what is left, however much that is.
const ROUNDS_MAX: u32 = 4;

/// The thread; it ends with this value.
pub struct Checkpointer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How far the log is: frames written, and frames folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Log {
    frames: i64,
    folded: i64,
}

impl Checkpointer {
    /// Starts the thread on a connection of its own. `ask_writer` makes the writer fold the rest between two commits.
    pub fn start(db: Connection, pages: u32, ask_writer: impl Fn() + Send + 'static) -> Result<Self, Error> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".into())
            .spawn(move || watch(&db, i64::from(pages), &stopped, ask_writer))
            .map_err(|error| Error::File { detail: error.to_string() })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(db: &Connection, pages: i64, stopped: &Receiver<()>, ask_writer: impl Fn()) {
    while matches!(stopped.recv_timeout(LOOK), Err(RecvTimeoutError::Timeout)) {
        if let Err(fault) = look(db, pages, &ask_writer) {
            tracing::warn!(error = %Error::from(fault), "the log could not be folded; it is tried again");
        }
    }
}

fn look(db: &Connection, pages: i64, ask_writer: &impl Fn()) -> Result<(), Fault> {
    if checkpoint(db, "NOOP")?.frames < pages {
        return Ok(());
    }
    for _ in 0..ROUNDS_MAX {
        let log = checkpoint(db, "PASSIVE")?;
        metrics::counter!("store_checkpoints_total").increment(1);
        if log.frames - log.folded <= REST_PAGES_MAX {
            break;
        }
    }
    ask_writer();
    Ok(())
}

/// Folds what can be folded without making anybody wait.
pub fn fold_rest(db: &Connection) -> Result<(), Fault> {
    checkpoint(db, "PASSIVE").map(|_| ())
}

fn checkpoint(db: &Connection, mode: &str) -> Result<Log, Fault> {
    let read = |row: &rusqlite::Row<'_>| Ok(Log { frames: row.get(1)?, folded: row.get(2)? });
    Ok(db.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], read)?)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use domain::{
        change::{ChangeSet, Write},
        time::Timestamp,
    };
    use testkit::Ids;

    use super::{checkpoint, look};
    use crate::{Options, Store, migrate};

    /// So many that the thread never begins by itself.
    const NEVER: u32 = 1_000_000;

    async fn write(store: &Store, ids: &Ids) {
        let mut transmit = testkit::transmit(ids, ids.mid(), &ids.uuid().to_string(), Timestamp::EPOCH);
        transmit.payment.device = Some("x".repeat(8 * 1024));
        store.apply(ChangeSet::new().with(Write::InsertTransmit(Box::new(transmit)))).await.unwrap();
    }

    #[tokio::test]
    async fn a_long_log_is_folded_and_starts_anew() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("recoup.db");
        migrate(&path).unwrap();
        let store = Store::open(&path, &Options { checkpoint_pages: NEVER, ..Options::default() }).unwrap();
        let ids = Ids::new();
        for _ in 0..100 {
            write(&store, &ids).await;
        }
        let db = rusqlite::Connection::open(&path).unwrap();
        let asked = Cell::new(0);
        let ask = || asked.set(asked.get() + 1);
        let long = checkpoint(&db, "NOOP").unwrap();
        look(&db, long.frames + 1, &ask).unwrap();
        assert_eq!((checkpoint(&db, "NOOP").unwrap(), asked.get()), (long, 0), "a short log is left alone");
        look(&db, long.frames, &ask).unwrap();
        let folded = checkpoint(&db, "NOOP").unwrap();
        assert_eq!((folded.folded, asked.get()), (folded.frames, 1));
        write(&store, &ids).await;
        assert!(checkpoint(&db, "NOOP").unwrap().frames < long.frames, "the log starts anew");
    }
}
