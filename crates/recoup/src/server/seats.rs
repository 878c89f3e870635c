//! Seats for connections. When none is free, the oldest connection that keeps nobody busy gives its seat up, and those
//! that never sent a whole request before those that did: clients that open connections and send nothing, or send
//! slowly, cannot keep others out.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// How long the newcomer waits for a seat before it looks again who could give one up.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// One part in so many of the seats may be with guests that never sent a whole request, without a question: they may
/// have come this moment.
const NEWCOMERS_PART: usize = 8;

/// All seats of the server.
pub struct Seats {
    count: usize,
    free: Arc<Semaphore>,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    next: u64,
    by_age: BTreeMap<u64, Arc<Guest>>,
}

/// A connection that has a seat.
#[derive(Default)]
pub struct Guest {
    working: AtomicUsize,
    served: AtomicBool,
    asked: AtomicBool,
    leave: Notify,
}

/// A taken seat; free again when dropped.
pub struct Seat {
    /// Who sits there.
    pub guest: Arc<Guest>,
    place: u64,
    taken: Arc<Mutex<Taken>>,
    _permit: OwnedSemaphorePermit,
}

/// One request of a guest. It counts as work from [`Work::begin`] until it is dropped.
pub struct Work {
    guest: Arc<Guest>,
    begun: AtomicBool,
}

impl Seats {
    /// So many seats.
    pub fn new(count: usize) -> Self {
        Self { count, free: Arc::new(Semaphore::new(count)), taken: Arc::default() }
    }

    /// A seat, as soon as one is free; asks the oldest idle guest to leave when none is. `None` once closed.
    pub async fn take(&self) -> Option<Seat> {
        loop {
            if let Ok(permit) = self.free.clone().try_acquire_owned() {
                return Some(self.seat(permit));
            }
            metrics::counter!("recoup_connections_pressed_total").increment(1);
            self.ask_one_to_leave();
            match tokio::time::timeout(LOOK_AGAIN, self.free.clone().acquire_owned()).await {
                Ok(Ok(permit)) => return Some(self.seat(permit)),
                Ok(Err(_)) => return None,
                Err(_) => {}
            }
        }
    }

    fn seat(&self, permit: OwnedSemaphorePermit) -> Seat {
        let guest = Arc::<Guest>::default();
        let mut taken = lock(&self.taken);
        let place = taken.next;
        taken.next += 1;
        taken.by_age.insert(place, guest.clone());
        Seat { guest, place, taken: self.taken.clone(), _permit: permit }
    }

    fn ask_one_to_leave(&self) {
        let taken = lock(&self.taken);
        let idle = || taken.by_age.values().filter(|guest| guest.is_idle() && !guest.asked.load(Ordering::Relaxed));
        let silent = || idle().filter(|guest| !guest.served.load(Ordering::Relaxed));
        let many_silent = silent().nth(self.count / NEWCOMERS_PART).is_some();
        let oldest = if many_silent { silent().next() } else { idle().next() };
        if let Some(guest) = oldest {
            guest.asked.store(true, Ordering::Relaxed);
            guest.leave.notify_one();
        }
    }
}

impl Guest {
    /// Until the seat is needed for somebody else. A request that came in between is a reason to [`Guest::stay`].
    pub async fn asked_to_leave(&self) {
        self.leave.notified().await;
    }

    /// Refuses to leave; may be asked again later.
    pub fn stay(&self) {
        self.asked.store(false, Ordering::Relaxed);
    }

    /// Whether no request is being worked on: none came, or it has not wholly arrived, or its answer is on its way.
    pub fn is_idle(&self) -> bool {
        self.working.load(Ordering::Relaxed) == 0
    }

    /// A request whose head has arrived.
    pub fn work(self: &Arc<Self>) -> Arc<Work> {
        Arc::new(Work { guest: self.clone(), begun: AtomicBool::new(false) })
    }
}

impl Work {
    /// The request has wholly arrived.
    pub fn begin(&self) {
        if !self.begun.swap(true, Ordering::Relaxed) {
            self.guest.working.fetch_add(1, Ordering::Relaxed);
            self.guest.served.store(true, Ordering::Relaxed);
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if self.begun.load(Ordering::Relaxed) {
            self.guest.working.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.taken).by_age.remove(&self.place);
    }
}

fn lock(taken: &Mutex<Taken>) -> std::sync::MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_oldest_idle_guest_gives_its_seat_up() {
        let seats = Arc::new(Seats::new(3));
        let (busy, idle, younger) = (seats.take().await.unwrap(), seats.take().await.unwrap(), seats.take().await.unwrap());
        let work = busy.guest.work();
        work.begin();
        work.begin();
        let waiting = tokio::spawn({
            let seats = seats.clone();
            async move { seats.take().await.is_some() }
        });
        idle.guest.asked_to_leave().await;
        drop(idle);
        assert!(waiting.await.unwrap());
        assert!(!busy.guest.is_idle() && younger.guest.is_idle());
        drop(work);
        assert!(busy.guest.is_idle());
    }

    #[tokio::test]
    async fn guests_that_were_served_are_asked_last() {
        let seats = Arc::new(Seats::new(2));
        let (known, silent) = (seats.take().await.unwrap(), seats.take().await.unwrap());
        known.guest.work().begin();
        assert!(known.guest.is_idle());
        let _newcomer = tokio::spawn({
            let seats = seats.clone();
            async move { seats.take().await.is_some() }
        });
        tokio::select! {
            () = silent.guest.asked_to_leave() => {}
            () = known.guest.asked_to_leave() => panic!("the older one was served"),
        }
    }
}
