//! How many requests are worked on at once. One more is refused at once: waiting would make all of them late.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// A count with a bound.
#[derive(Clone)]
pub struct Seats {
    taken: Arc<AtomicUsize>,
    most: usize,
}

/// One of them; given back when dropped.
pub struct Seat(Arc<AtomicUsize>);

impl Seats {
    /// So many at once; 0 = unlimited.
    pub fn new(most: u32) -> Self {
        Self { taken: Arc::default(), most: if most == 0 { usize::MAX } else { most as usize } }
    }

    /// A seat, when one is free.
    pub fn take(&self) -> Option<Seat> {
        if self.taken.fetch_add(1, Ordering::Relaxed) < self.most {
            return Some(Seat(self.taken.clone()));
        }
        self.taken.fetch_sub(1, Ordering::Relaxed);
        None
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_counted_and_come_back() {
        let seats = Seats::new(2);
        let (one, _two) = (seats.take().unwrap(), seats.take().unwrap());
        assert!(seats.take().is_none());
        drop(one);
        assert!(seats.take().is_some());
        let unlimited = Seats::new(0);
        assert_eq!((0..1_000).map_while(|_| unlimited.take()).collect::<Vec<_>>().len(), 1_000);
    }
}
