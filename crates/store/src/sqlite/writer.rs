//! The writer: one thread that turns whatever waits into one transaction and one fsync.
//!
//! Every change set runs inside a savepoint, so that one that fails leaves nothing while its neighbours stay. Callers
//! are answered after COMMIT: what they were told is durable.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use domain::bounds::WRITE_QUEUE_MAX;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{clocks::Lanes, fault::Fault, prepare::Prepared, row, write};
use crate::{ApplyError, Error, Options};

/// Writes of one commit, at most; bounds the time that a caller waits behind others.
const WRITES_PER_COMMIT_MAX: usize = 8_192;

/// The way to the writer thread.
pub struct Writer {
    queue: SyncSender<Job>,
}

enum Job {
    Apply { set: Prepared, reply: oneshot::Sender<Result<(), ApplyError>> },
    Call(Box<dyn Call>),
    Close(oneshot::Sender<Result<(), Error>>),
}

/// Work that answers something else than "applied".
trait Call: Send {
    fn run(&mut self, db: &Connection) -> Result<(), Fault>;
    fn answer(self: Box<Self>, failed: Option<Error>);
}

struct Work<F, T> {
    work: F,
    done: Option<T>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(db: Connection, options: &Options) -> Result<Self, Error> {
        let (queue, jobs) = sync_channel(WRITE_QUEUE_MAX);
        let group_max = options.group_commit_max.max(1);
        let thread = Thread { db, jobs, group_max, lanes: Lanes::default() };
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
            Ok(()) => answer.await.unwrap_or(Err(ApplyError::Failed(Error::Closed))),
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
        self.send(Job::Call(Box::new(Work { work, done: None, reply })))?;
        answer.await.unwrap_or(Err(Error::Closed))
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
}

impl Thread {
    fn run(mut self) {
        while let Ok(first) = self.jobs.recv() {
            let (group, close) = self.drain(first);
            self.commit(group);
            if let Some(reply) = close {
                let _ = reply.send(self.fold());
                return;
            }
        }
    }

    fn drain(&self, first: Job) -> (Vec<Job>, Option<oneshot::Sender<Result<(), Error>>>) {
        let (mut group, mut weight, mut next) = (Vec::new(), 0, Some(first));
        while let Some(job) = next {
            match job {
                Job::Close(reply) => return (group, Some(reply)),
                Job::Apply { ref set, .. } => weight += set.writes.len(),
                Job::Call(_) => weight += 1,
            }
            group.push(job);
            next = (group.len() < self.group_max && weight < WRITES_PER_COMMIT_MAX).then(|| self.jobs.try_recv().ok()).flatten();
        }
        (group, None)
    }

    fn commit(&mut self, mut group: Vec<Job>) {
        if group.is_empty() {
            return;
        }
        metrics::histogram!("store_group_commit_size").record(group.len() as f64);
        let mut faults = Vec::with_capacity(group.len());
        if let Err(error) = self.transact(&mut group, &mut faults) {
            tracing::error!(%error, "a commit failed");
            self.lanes.forget();
            if !self.db.is_autocommit() {
                let _ = self.db.execute_batch("ROLLBACK");
            }
            return group.into_iter().for_each(|job| answer(job, Some(Fault::Store(error.clone()))));
        }
        group.into_iter().zip(faults).for_each(|(job, fault)| answer(job, fault));
    }

    /// Runs a group up to its COMMIT; an error here is everybody's.
    fn transact(&mut self, group: &mut [Job], faults: &mut Vec<Option<Fault>>) -> Result<(), Error> {
        row::run(&self.db, "BEGIN IMMEDIATE", []).map_err(Fault::from)?;
        self.lanes.refresh(&self.db)?;
        for job in group {
            faults.push(self.attempt(job)?);
        }
        row::run(&self.db, "COMMIT", []).map_err(Fault::from)?;
        Ok(())
    }

    /// Runs one job; its own fault is the inner value, the loss of the whole transaction the error.
    fn attempt(&mut self, job: &mut Job) -> Result<Option<Fault>, Error> {
        row::run(&self.db, "SAVEPOINT one", []).map_err(Fault::from)?;
        let done = match job {
            Job::Apply { set, .. } => write::apply(&self.db, &mut self.lanes, set),
            Job::Call(call) => call.run(&self.db),
            Job::Close(_) => Ok(()),
        };
        let Err(fault) = done else {
            row::run(&self.db, "RELEASE one", []).map_err(Fault::from)?;
            return Ok(None);
        };
        // A full disk or an I/O error can end the transaction itself; then nobody's work is left.
        if self.db.is_autocommit() {
            return Err(fault.into());
        }
        row::run(&self.db, "ROLLBACK TO one", []).map_err(Fault::from)?;
        row::run(&self.db, "RELEASE one", []).map_err(Fault::from)?;
        self.lanes.refresh(&self.db)?;
        Ok(Some(fault))
    }

    fn fold(&self) -> Result<(), Error> {
        let fold = || -> Result<(), Fault> {
            self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        };
        Ok(fold()?)
    }
}

fn answer(job: Job, fault: Option<Fault>) {
    match job {
        Job::Apply { reply, .. } => {
            let _ = reply.send(fault.map_or(Ok(()), |fault| Err(fault.into())));
        }
        Job::Call(call) => call.answer(fault.map(Error::from)),
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
        self.done = Some((self.work)(db)?);
        Ok(())
    }

    fn answer(self: Box<Self>, failed: Option<Error>) {
        let Self { done, reply, .. } = *self;
        let _ = reply.send(failed.map_or_else(|| done.ok_or(Error::Closed), Err));
    }
}
