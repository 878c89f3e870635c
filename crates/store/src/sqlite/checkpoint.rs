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
    use domain::{
        change::{ChangeSet, Write},
        time::Timestamp,
    };
    use testkit::Ids;

    use crate::{Options, Store, migrate};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_log_starts_anew_while_writes_go_on() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("recoup.db");
        migrate(&path).unwrap();
        let options = Options { checkpoint_pages: 100, ..Options::default() };
        let store = Store::open(&path, &options).unwrap();
        let ids = Ids::new();
        let log = home.path().join("recoup.db-wal");
        let mut written = 0;
        for _ in 0..400 {
            let mut set = ChangeSet::new();
            for _ in 0..20 {
                let mut transmit = testkit::transmit(&ids, ids.mid(), &ids.uuid().to_string(), Timestamp::EPOCH);
                transmit.payment.device = Some("x".repeat(4 * 1024));
                set.push(Write::InsertTransmit(Box::new(transmit)));
            }
            store.apply(set).await.unwrap();
            written += 20 * 4 * 1024;
        }
        let kept = std::fs::metadata(&log).unwrap().len();
        assert!(kept < written / 2, "a log of {kept} bytes after {written} bytes were written");
        store.close().await.unwrap();
        assert!(std::fs::metadata(&log).map_or(0, |file| file.len()) == 0);
    }
}
