//! What charges cards: the [`Processor`] trait, the client of the plain HTTP contract, and the issuer simulator.
//!
//! A processor is asked one thing at a time about one attempt, whose id is its idempotency key. Whatever leaves the
//! process and brings no readable answer is [`Failure::Unknown`]: it is settled by [`Processor::inquire`], never by
//! sending again.

mod account;
mod authorization;
mod authorize;
mod capabilities;
mod failure;
pub mod http;
pub mod notification;
mod operation;
pub mod simulator;
pub mod trace;

use std::{future::Future, pin::Pin};

use domain::{id::AttemptId, time::Timestamp};

pub use account::{AccountUpdate, UpdateAccount, UpdateStatus};
pub use authorization::{Authorization, Inquiry, UpdatedCard};
pub use authorize::{Authorize, MitReason, RevealedCard, ThreeDSecure};
pub use capabilities::Capabilities;
pub use failure::Failure;
pub use operation::{Capture, Captured, Refund, Refunded, Void, Voided};

/// A boxed answer to come, so that `dyn Processor` works.
pub type Answering<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// Something that charges cards.
///
/// Implementations must be idempotent by attempt id (`authorize`) and refund id (`refund`): the same id never moves
/// money twice and gets the same answer.
pub trait Processor: Send + Sync {
    /// Asks the issuer for one attempt. A decline is an answer, not a failure.
    fn authorize<'a>(&'a self, request: &'a Authorize) -> Answering<'a, Authorization>;

    /// Asks what became of an attempt; `at` is the engine's clock, which a simulator judges by.
    fn inquire(&self, attempt: AttemptId, at: Timestamp) -> Answering<'_, Inquiry>;

    /// Collects an authorisation.
    fn capture<'a>(&'a self, request: &'a Capture) -> Answering<'a, Captured>;

    /// Releases an authorisation, or reverses a capture. Voiding what was never seen is a success.
    fn void<'a>(&'a self, request: &'a Void) -> Answering<'a, Voided>;

    /// Pays back all or part of what was captured.
    fn refund<'a>(&'a self, request: &'a Refund) -> Answering<'a, Refunded>;

    /// Asks the account updater for newer card data.
    fn update_account<'a>(&'a self, request: &'a UpdateAccount) -> Answering<'a, AccountUpdate>;

    /// Reads what the processor sent of its own accord, once its signature holds.
    fn parse_notification(&self, sent: &notification::Sent<'_>) -> Result<notification::Notification, notification::Refused>;

    /// Whether the processor can be reached.
    fn health(&self) -> Answering<'_, ()>;

    /// What this processor offers.
    fn capabilities(&self) -> Capabilities;

    /// The account's name in configuration, logs and metrics.
    fn name(&self) -> &str;
}
