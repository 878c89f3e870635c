//! The issuer simulator: the sandbox's processor, and a peer for tests of the HTTP contract.
//!
//! Every answer is a pure function of the seed, the request and the book. Time is the request's (`at`), which is virtual
//! in the sandbox: there is no clock and no global randomness in here. Each answer is in the book before it is given.

mod authorize;
mod book;
mod draw;
mod history;
pub mod issuer;
mod judgement;
mod local;
pub mod magic;
mod operation;
pub mod server;
mod update;

use domain::{
    id::{AttemptId, OrderId},
    settings,
    time::Timestamp,
};

use crate::{
    AccountUpdate, Answering, Authorization, Authorize, Capabilities, Capture, Captured, Failure, Inquiry, Processor, Refund,
    Refunded, UpdateAccount, Void, Voided, notification,
};

pub use book::{Book, Breach, Error, Report, Total};

/// The simulator.
#[derive(Debug)]
pub struct Simulator {
    seed: u64,
    book: Book,
    served_mode: settings::Simulator,
}

impl Simulator {
    /// Simulated issuers of a seed, answering into a book.
    pub fn new(seed: u64, book: Book) -> Self {
        Self { seed, book, served_mode: settings::Simulator::Issuer }
    }

    /// Which simulator answers requests that come over HTTP, where the mode is not told; `issuer` unless set.
    #[must_use]
    pub fn serving(mut self, mode: settings::Simulator) -> Self {
        self.served_mode = mode;
        self
    }

    /// What the book testifies.
    pub fn report(&self) -> Result<Report, Error> {
        self.book.report()
    }

    /// Forgets orders whose merchant has cleared its sandbox: each in a transaction of its own, so that nobody waits.
    pub fn forget(&self, orders: &[OrderId]) -> Result<(), Error> {
        orders.iter().try_for_each(|order| self.book.page().atomically(|page| page.forget(*order)))
    }

    /// The seed, for [`issuer::first_decline`] and its like.
    pub const fn seed(&self) -> u64 {
        self.seed
    }
}

impl Processor for Simulator {
    fn authorize<'a>(&'a self, request: &'a Authorize) -> Answering<'a, Authorization> {
        Box::pin(async move {
            let settled = self.settle(request)?;
            if !settled.delay.is_zero() {
                tokio::time::sleep(settled.delay).await;
            }
            settled.told
        })
    }

    fn inquire(&self, attempt: AttemptId, at: Timestamp) -> Answering<'_, Inquiry> {
        Box::pin(async move { self.look_up(attempt, at) })
    }

    fn capture<'a>(&'a self, request: &'a Capture) -> Answering<'a, Captured> {
        Box::pin(async move { self.collect(request) })
    }

    fn void<'a>(&'a self, request: &'a Void) -> Answering<'a, Voided> {
        Box::pin(async move { self.release(request) })
    }

    fn refund<'a>(&'a self, request: &'a Refund) -> Answering<'a, Refunded> {
        Box::pin(async move { self.pay_back(request) })
    }

    fn update_account<'a>(&'a self, request: &'a UpdateAccount) -> Answering<'a, AccountUpdate> {
        Box::pin(async move { self.newer_data(request) })
    }

    fn parse_notification(&self, _: &notification::Sent<'_>) -> Result<notification::Notification, notification::Refused> {
        Err(notification::Refused::NotOffered)
    }

    fn health(&self) -> Answering<'_, ()> {
        Box::pin(async move { Ok(()) })
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    fn name(&self) -> &'static str {
        "simulator"
    }
}

/// A book that cannot be written has charged nobody.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::NotSent { detail: error.to_string(), retry_after: None }
    }
}
