//! The closed loop: every connection sends as soon as it was answered.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::task::LocalSet;

use super::{
    connection::Connection,
    record::{Record, sample},
    work::Work,
};

/// When a closed loop ends.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// After this long; what comes back in the first part is not counted.
    Time {
        /// Not counted.
        warm_up: Duration,
        /// Counted.
        measured: Duration,
    },
    /// After this many requests.
    Count(u64),
}

/// A closed loop's outcome.
#[derive(Debug)]
pub struct Outcome {
    /// What was measured.
    pub record: Record,
    /// Counted time.
    pub length: Duration,
    /// Good answers in each whole second of the counted time.
    pub by_second: Vec<u64>,
}

impl Outcome {
    /// Good answers per second.
    pub fn per_second(&self) -> f64 {
        self.record.answered() as f64 / self.length.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

struct Loop {
    work: Rc<dyn Work>,
    sequence: Rc<Cell<u64>>,
    record: RefCell<Record>,
    by_second: RefCell<Vec<u64>>,
    from: Instant,
    to: Option<Instant>,
    left: Cell<u64>,
}

/// Runs a closed loop. `sequence` numbers the requests, on from where it stands.
pub async fn run(
    address: SocketAddr,
    connections: usize,
    work: Rc<dyn Work>,
    sequence: Rc<Cell<u64>>,
    until: Until,
) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let (from, to, left) = match until {
        Until::Time { warm_up, measured } => (start + warm_up, Some(start + warm_up + measured), u64::MAX),
        Until::Count(count) => (start, None, count),
    };
    let (record, by_second) = (RefCell::new(Record::new()?), RefCell::default());
    let shared = Rc::new(Loop { work, sequence, record, by_second, from, to, left: Cell::new(left) });
    let tasks = LocalSet::new();
    for _ in 0..connections {
        tasks.spawn_local(drive(Connection::new(address), Rc::clone(&shared)));
    }
    tasks.await;
    let length = shared.to.map_or_else(|| start.elapsed(), |to| to - from);
    Ok(Outcome { record: shared.record.borrow().clone(), length, by_second: shared.by_second.take() })
}

async fn drive(mut connection: Connection, shared: Rc<Loop>) {
    let mut request = Vec::new();
    while shared.take() {
        let n = shared.sequence.replace(shared.sequence.get() + 1);
        request.clear();
        shared.work.write(n, &mut request);
        let sent = Instant::now();
        let answer = connection.exchange(&request).await;
        let now = Instant::now();
        let counted = shared.counts(now);
        match answer {
            Ok(answer) if shared.work.accept(n, &answer) => {
                if counted {
                    shared.good(now, now - sent);
                }
            }
            Ok(answer) => shared.record.borrow_mut().bad(|| sample(answer.status, answer.body)),
            Err(_) if shared.to.is_some_and(|to| now >= to) => {}
            Err(error) => {
                shared.record.borrow_mut().bad(|| error.to_string());
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
}

impl Loop {
    /// Whether one more request is to be sent.
    fn take(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0 && self.to.is_none_or(|to| Instant::now() < to)
    }

    fn counts(&self, now: Instant) -> bool {
        now >= self.from && self.to.is_none_or(|to| now < to)
    }

    fn good(&self, now: Instant, latency: Duration) {
        self.record.borrow_mut().good(latency);
        let second = (now - self.from).as_secs() as usize;
        let mut by_second = self.by_second.borrow_mut();
        if by_second.len() <= second {
            by_second.resize(second + 1, 0);
        }
        by_second[second] += 1;
    }
}
