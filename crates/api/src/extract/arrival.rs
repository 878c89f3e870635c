//! What the edge knows of a request while it is worked on, beside what stands in it.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use engine::Ticket;

use crate::{
    failure::Failure,
    guard::{Guard, Seat},
};

/// Shared by the edge, which makes it and sees the answer, and the extractors.
#[derive(Clone)]
pub struct Arrival(Arc<Inner>);

struct Inner {
    address: IpAddr,
    seat: OnceLock<Seat>,
    ticket: Mutex<Option<Ticket>>,
}

impl Arrival {
    /// A request from an address.
    pub fn from(address: IpAddr) -> Self {
        Self(Arc::new(Inner { address, seat: OnceLock::new(), ticket: Mutex::default() }))
    }

    /// Where it comes from.
    pub fn address(&self) -> IpAddr {
        self.0.address
    }

    /// Takes a seat until the answer is there; only once.
    pub fn sit(&self, guard: &Guard) -> Result<(), Failure> {
        if self.0.seat.get().is_none() {
            // Nobody else works on this request.
            let _ = self.0.seat.set(guard.seat()?);
        }
        Ok(())
    }

    /// Holds an idempotency key until the answer is there.
    pub fn hold(&self, ticket: Ticket) {
        *self.0.ticket.lock().unwrap_or_else(PoisonError::into_inner) = Some(ticket);
    }

    /// The key that was held.
    pub fn released(&self) -> Option<Ticket> {
        self.0.ticket.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
