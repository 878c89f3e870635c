//! The writer: one thread that turns whatever waits into one transaction and one fsync.
//!
//! A change set that fails leaves nothing while its neighbours stay. Most that fail do so before their first write
//! (an expectation, an old version) and need no undoing, so a group first runs without savepoints, which cost a copy
//! of every page touched. Only when one fails after it wrote does the group begin again, each set in its savepoint.
//! Callers are answered after COMMIT: what they were told is durable.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use domain::bounds::WRITE_QUEUE_MAX;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{checkpoint, clocks::Lanes, fault::Fault, prepare::Prepared, row::run, write};
use crate::{ApplyError, Error, Options};

/// Writes of one commit, at most; bounds the time that a caller waits behind others.
const WRITES_PER_COMMIT_MAX: usize = 8_192;

/// Waiting jobs from which on the writer lets others queue before it commits.
const GATHER_FROM: usize = 8;
/// How often it does so for one commit, at most.
const GATHER_ROUNDS: u32 = 3;

/// Groups that run with savepoints from the start after one that had to begin again.
const GUARDED_GROUPS: u32 = 32;

/// The way to the writer thread.
pub struct Writer {
    queue: SyncSender<Job>,
}

enum Job {
    /// The set travels back with the answer: the caller, not the writer, spends the time to free it.
    Apply {
        set: Prepared,
        reply: oneshot::Sender<(Result<(), ApplyError>, Prepared)>,
    },
    Call(Box<dyn Call>),
    /// Fold the rest of the log, between two commits.
    FoldRest,
    Close(oneshot::Sender<Result<(), Error>>),
}

/// Work that answers something else than "applied".
trait Call: Send {
    fn run(&mut self, db: &Connection) -> Result<(), Fault>;
    fn answer(self: Box<Self>, failed: Option<Error>);
}

struct Work<F, T> {
    task: F,
    done: Option<T>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(db: Connection, options: &Options) -> Result<Self, Error> {
        let (queue, jobs) = sync_channel(WRITE_QUEUE_MAX);
        let group_max = options.group_commit_max.max(1);
        let thread = Thread { db, jobs, group_max, lanes: Lanes::default(), guarded_groups: 0 };
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || thread.run())
            .map_err(|error| Error::File { detail: error.to_string() })?;
        Ok(Self { queue })
    }

    /// Queues a change set and waits for its commit.
    pub async fn apply(&self, set: Prepared) -> Result<(), ApplyError> {
        let (reply, answer) = oneshot::channel();
        match self.queue.try_send(Job::Apply { set, reply }) {
            Ok(()) => answer.await.map_or(Err(ApplyError::Failed(Error::Closed)), |(result, _)| result),
            Err(TrySendError::Full(_)) => {
                metrics::counter!("store_writes_refused_total").increment(1);
                Err(ApplyError::Overloaded)
            }
            Err(TrySendError::Disconnected(_)) => Err(ApplyError::Failed(Error::Closed)),
        }
    }

    /// Queues work that answers and waits for its commit.
    pub async fn call<T: Send + 'static>(
        &self,
        work: impl FnMut(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        self.send(Job::Call(Box::new(Work { task: work, done: None, reply })))?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    /// Asks the thread to fold the rest of the log between two commits; a full queue skips it.
    pub fn rest_folder(&self) -> impl Fn() + Send + 'static {
        let queue = self.queue.clone();
        move || {
            let _ = queue.try_send(Job::FoldRest);
        }
    }

    /// Lets the thread finish what waits, fold the log in and end. Closing again does nothing.
    pub async fn close(&self) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        match self.send(Job::Close(reply)) {
            Err(Error::Closed) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => answer.await.unwrap_or(Ok(())),
        }
    }

    fn send(&self, job: Job) -> Result<(), Error> {
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Error::Overloaded,
            TrySendError::Disconnected(_) => Error::Closed,
        })
    }
}

struct Thread {
    db: Connection,
    jobs: Receiver<Job>,
    group_max: usize,
    lanes: Lanes,
    guarded_groups: u32,
}

/// What waited in the queue.
#[derive(Default)]
struct Drained {
    group: Vec<Job>,
    /// Writes of the group.
    weight: usize,
    fold_rest: bool,
    close: Option<oneshot::Sender<Result<(), Error>>>,
}

/// Why a group did not reach its COMMIT.
enum Stop {
    /// A job failed after it wrote and had no savepoint.
    Guard,
    /// The transaction is lost for all.
    Lost(Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Lost(fault.into())
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Fault::from(error).into()
    }
}

impl Thread {
    fn run(mut self) {
        while let Ok(first) = self.jobs.recv() {
            let Drained { group, fold_rest, close, .. } = self.drain(first);
            self.commit(group);
            if fold_rest && let Err(fault) = checkpoint::fold_rest(&self.db) {
                tracing::warn!(error = %Error::from(fault), "the rest of the log could not be folded; it is tried again");
            }
            if let Some(reply) = close {
                let _ = reply.send(self.fold());
                return;
            }
        }
    }

    fn drain(&self, first: Job) -> Drained {
        let mut drained = Drained::default();
        self.take(&mut drained, first);
        // Many are under way: those that are about to queue share this commit when they are let run first. A few are
        // not kept waiting for others.
        for _ in 0..GATHER_ROUNDS {
            let before = drained.group.len();
            if before < GATHER_FROM || drained.close.is_some() || !self.has_room(&drained) {
                break;
            }
            std::thread::yield_now();
            let Ok(next) = self.jobs.try_recv() else { break };
            self.take(&mut drained, next);
        }
        drained
    }

    fn take(&self, drained: &mut Drained, first: Job) {
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::Close(reply) => {
                    drained.close = Some(reply);
                    return;
                }
                Job::FoldRest => drained.fold_rest = true,
                job => {
                    drained.weight += if let Job::Apply { set, .. } = &job { set.writes.len() } else { 1 };
                    drained.group.push(job);
                }
            }
            next = self.has_room(drained).then(|| self.jobs.try_recv().ok()).flatten();
        }
    }

    fn has_room(&self, drained: &Drained) -> bool {
        drained.group.len() < self.group_max && drained.weight < WRITES_PER_COMMIT_MAX
    }

    fn commit(&mut self, mut group: Vec<Job>) {
        if group.is_empty() {
            return;
        }
        metrics::histogram!("store_group_commit_size").record(group.len() as f64);
        let guarded = self.guarded_groups > 0;
        self.guarded_groups = self.guarded_groups.saturating_sub(1);
        let mut done = self.transact(&mut group, guarded);
        if matches!(done, Err(Stop::Guard)) {
            self.guarded_groups = GUARDED_GROUPS;
            done = self.transact(&mut group, true);
        }
        match done {
            Ok(faults) => group.into_iter().zip(faults).for_each(|(job, fault)| answer(job, fault)),
            Err(Stop::Guard) => fail(group, &Error::Closed),
            Err(Stop::Lost(error)) => fail(group, &error),
        }
    }

    fn transact(&mut self, group: &mut [Job], guarded: bool) -> Result<Vec<Option<Fault>>, Stop> {
        let done = self.transact_open(group, guarded);
        if done.is_err() {
            self.lanes.forget();
            if !self.db.is_autocommit() {
                let _ = self.db.execute_batch("ROLLBACK");
            }
        }
        done
    }

    fn transact_open(&mut self, group: &mut [Job], guarded: bool) -> Result<Vec<Option<Fault>>, Stop> {
        run(&self.db, "BEGIN IMMEDIATE", [])?;
        self.lanes.refresh(&self.db)?;
        let attempt = if guarded { Self::attempt_guarded } else { Self::attempt_bare };
        let faults = group.iter_mut().map(|job| attempt(self, job)).collect::<Result<_, _>>()?;
        run(&self.db, "COMMIT", [])?;
        Ok(faults)
    }

    /// Runs one job without a savepoint; a fault before its first write is its own.
    fn attempt_bare(&mut self, job: &mut Job) -> Result<Option<Fault>, Stop> {
        let before = self.db.total_changes();
        let Err(fault) = self.perform(job) else { return Ok(None) };
        if self.db.is_autocommit() {
            return Err(fault.into());
        }
        if self.db.total_changes() == before { Ok(Some(fault)) } else { Err(Stop::Guard) }
    }

    /// Runs one job in a savepoint; its fault is its own.
    fn attempt_guarded(&mut self, job: &mut Job) -> Result<Option<Fault>, Stop> {
        run(&self.db, "SAVEPOINT one", [])?;
        let Err(fault) = self.perform(job) else {
            run(&self.db, "RELEASE one", [])?;
            return Ok(None);
        };
        // A full disk or an I/O error can end the transaction itself; then nobody's work is left.
        if self.db.is_autocommit() {
            return Err(fault.into());
        }
        run(&self.db, "ROLLBACK TO one", [])?;
        run(&self.db, "RELEASE one", [])?;
        self.lanes.refresh(&self.db)?;
        Ok(Some(fault))
    }

    fn perform(&mut self, job: &mut Job) -> Result<(), Fault> {
        match job {
            Job::Apply { set, .. } => write::apply(&self.db, &mut self.lanes, set),
            Job::Call(call) => call.run(&self.db),
            Job::FoldRest | Job::Close(_) => Ok(()),
        }
    }

    fn fold(&self) -> Result<(), Error> {
        let folded = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(folded.map_err(Fault::from)?)
    }
}

fn fail(group: Vec<Job>, error: &Error) {
    tracing::error!(%error, "a commit failed");
    for job in group {
        answer(job, Some(Fault::Store(error.clone())));
    }
}

/// A caller that is gone needs no answer.
fn answer(job: Job, fault: Option<Fault>) {
    match job {
        Job::Apply { reply, set } => {
            let _ = reply.send((fault.map_or(Ok(()), |fault| Err(fault.into())), set));
        }
        Job::Call(call) => call.answer(fault.map(Error::from)),
        Job::FoldRest => {}
        Job::Close(reply) => {
            let _ = reply.send(fault.map_or(Ok(()), |fault| Err(fault.into())));
        }
    }
}

impl<F, T> Call for Work<F, T>
where
    F: FnMut(&Connection) -> Result<T, Fault> + Send,
    T: Send,
{
    fn run(&mut self, db: &Connection) -> Result<(), Fault> {
        self.done = Some((self.task)(db)?);
        Ok(())
    }

    fn answer(self: Box<Self>, failed: Option<Error>) {
        let Self { done, reply, .. } = *self;
        let _ = reply.send(failed.map_or_else(|| done.ok_or(Error::Closed), Err));
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        change::{ChangeSet, Write},
        time::Timestamp,
    };
    use testkit::Ids;

    use crate::{ApplyError, Error, Options, Store, migrate};

    const SQLITE_FULL: i32 = 13;

    fn big(ids: &Ids) -> (domain::id::TransmitId, ChangeSet) {
        let mut transmit = testkit::transmit(ids, ids.mid(), &ids.uuid().to_string(), Timestamp::EPOCH);
        transmit.payment.device = Some("x".repeat(8 * 1024));
        (transmit.id, ChangeSet::new().with(Write::InsertTransmit(Box::new(transmit))))
    }

    async fn limit_pages(store: &Store, pages: u32) {
        let limit = move |db: &rusqlite::Connection| Ok(db.pragma_update(None, "max_page_count", pages)?);
        store.engine.call(limit).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_full_disk_fails_whole_commits_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("recoup.db");
        migrate(&path).unwrap();
        let store = Store::open(&path, &Options::default()).unwrap();
        limit_pages(&store, 200).await;
        let ids = Ids::new();
        let sets: Vec<_> = (0..200).map(|_| big(&ids)).collect();
        let tasks: Vec<_> = sets
            .into_iter()
            .map(|(id, set)| {
                let store = store.clone();
                tokio::spawn(async move { (id, store.apply(set).await) })
            })
            .collect();
        let mut failed = 0;
        for task in tasks {
            let (id, answer) = task.await.unwrap();
            let kept = store.transmit(id).await.unwrap().is_some();
            match answer {
                Ok(()) => assert!(kept),
                Err(ApplyError::Failed(Error::Database { code: SQLITE_FULL, .. })) => {
                    assert!(!kept);
                    failed += 1;
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(failed > 0);
        limit_pages(&store, 1_000_000).await;
        let (id, set) = big(&ids);
        store.apply(set).await.unwrap();
        assert!(store.transmit(id).await.unwrap().is_some());
    }
}
