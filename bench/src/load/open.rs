//! The open loop: requests arrive at a constant rate, whatever the server does.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{sync::Notify, task::LocalSet};

use super::{
    connection::Connection,
    pace::Pace,
    record::{Record, sample},
    work::Work,
};

/// The runtime's timer is a millisecond coarse: the last part of a wait is spun away.
const SPIN: Duration = Duration::from_micros(1_800);
/// What is still unanswered this long after the last arrival is an error.
const DRAIN: Duration = Duration::from_secs(30);

/// How an open loop is driven.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Arrival rate.
    pub pace: Pace,
    /// Arrivals in this first part are sent but not counted.
    pub warm_up: Duration,
    /// Counted part.
    pub measured: Duration,
    /// Connections; arrivals beyond them queue, and their latency runs.
    pub connections: usize,
    /// Whether waits may be spun away: only where the generator has a core to itself.
    pub spin: bool,
}

#[derive(Debug, Clone, Copy)]
struct Arrival {
    due: Instant,
    counted: bool,
}

struct Loop {
    work: Rc<dyn Work>,
    sequence: Rc<Cell<u64>>,
    record: RefCell<Record>,
    queue: RefCell<VecDeque<Arrival>>,
    arrived: Notify,
    closed: Cell<bool>,
}

/// Runs an open loop. Latency counts from the moment a request was due.
pub async fn run(address: SocketAddr, work: Rc<dyn Work>, sequence: Rc<Cell<u64>>, plan: Plan) -> anyhow::Result<Record> {
    let shared = Rc::new(Loop {
        work,
        sequence,
        record: RefCell::new(Record::new()?),
        queue: RefCell::default(),
        arrived: Notify::new(),
        closed: Cell::new(false),
    });
    let tasks = LocalSet::new();
    for _ in 0..plan.connections {
        tasks.spawn_local(drive(Connection::new(address), Rc::clone(&shared)));
    }
    tasks.spawn_local(arrivals(plan, Rc::clone(&shared)));
    let in_time = tokio::time::timeout(plan.warm_up + plan.measured + DRAIN, tasks).await.is_ok();
    let mut record = shared.record.borrow().clone();
    if !in_time {
        for _ in 0..shared.queue.borrow().len().max(1) {
            record.bad(|| "unanswered when the run was over".to_owned());
        }
    }
    Ok(record)
}

async fn arrivals(plan: Plan, shared: Rc<Loop>) {
    let start = Instant::now();
    for n in 0..plan.pace.arrivals(plan.warm_up + plan.measured) {
        let offset = plan.pace.due(n);
        wait_until(start + offset, plan.spin).await;
        shared.queue.borrow_mut().push_back(Arrival { due: start + offset, counted: offset >= plan.warm_up });
        shared.arrived.notify_one();
    }
    shared.closed.set(true);
    shared.arrived.notify_waiters();
}

async fn wait_until(due: Instant, spin: bool) {
    loop {
        let wait = due.saturating_duration_since(Instant::now());
        match wait {
            Duration::ZERO => return,
            _ if !spin => tokio::time::sleep(wait).await,
            _ if wait > SPIN => tokio::time::sleep(wait.saturating_sub(SPIN)).await,
            _ => tokio::task::yield_now().await,
        }
    }
}

async fn drive(mut connection: Connection, shared: Rc<Loop>) {
    let mut request = Vec::new();
    loop {
        let arrival = shared.queue.borrow_mut().pop_front();
        match arrival {
            Some(arrival) => shared.serve(arrival, &mut connection, &mut request).await,
            None if shared.closed.get() => return,
            None => shared.arrived.notified().await,
        }
    }
}

impl Loop {
    async fn serve(&self, arrival: Arrival, connection: &mut Connection, request: &mut Vec<u8>) {
        let n = self.sequence.replace(self.sequence.get() + 1);
        request.clear();
        self.work.write(n, request);
        match connection.exchange(request).await {
            Ok(answer) if self.work.accept(n, &answer) => {
                if arrival.counted {
                    self.record.borrow_mut().good(arrival.due.elapsed());
                }
            }
            Ok(answer) => self.record.borrow_mut().bad(|| sample(answer.status, answer.body)),
            Err(error) => self.record.borrow_mut().bad(|| error.to_string()),
        }
    }
}
