//! Advice: the caller charges the card by itself; it is told whether, when and how, by the same brain and under the same
//! limits as a rescue (`wire-api` §8).
//!
//! Road: key and card → an open advice of the order id, or a new one → the copy and the ledger row of what was tried →
//! the decision → one commit with the event it owes and the answer under its key.

mod attempt;
mod booking;
mod cancel;
mod card;
mod change;
mod decide;
mod due;
mod end;
mod explain;
mod how;
mod open;
mod view;

use domain::{
    advice::Hours,
    id::Mid,
    intake::{Credential, PriorAttempt, When},
    payment::{Method, Payment, Transaction},
};

pub use cancel::Ended;
pub use view::View;

/// What the caller wants, as it was sent: what is absent gets its default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// Nothing is advised from then on.
    pub deadline: When,
    /// Attempts at most.
    pub max_attempts: Option<u32>,
    /// Shortest time between two attempts, minutes.
    pub min_interval_minutes: Option<u32>,
    /// Hours of the cardholder's day.
    pub local_hours: Option<Hours>,
    /// A part may be collected.
    pub allow_partial: bool,
    /// The caller's ways to charge.
    pub routes: Vec<String>,
    /// How long before the moment `retry.due` is sent, seconds.
    pub lead_secs: Option<u32>,
}

/// `POST /v1/advice`, read.
#[derive(Debug, Clone)]
pub struct Request {
    /// The tenant named in the body.
    pub mid: Option<Mid>,
    /// Idempotency key.
    pub key: String,
    /// Hash of the request's meaning.
    pub payload_hash: [u8; 32],
    /// Absent = true.
    pub is_declined: bool,
    /// `expiryDateUtc`: the deadline, when the policy names none.
    pub expires: When,
    /// The payment.
    pub payment: Box<Payment>,
    /// `paymentMethod` was there and not empty.
    pub method_given: bool,
    /// Token or number, when one was sent; a number is refused.
    pub credential: Option<Credential>,
    /// Earlier attempts.
    pub attempts: Vec<PriorAttempt>,
    /// Policy.
    pub wishes: Wishes,
}

/// `POST /v1/advice/{id}/attempts`, read.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Idempotency key.
    pub key: String,
    /// Hash of the request's meaning.
    pub payload_hash: [u8; 32],
    /// Whether it went through.
    pub approved: bool,
    /// The transaction.
    pub transaction: Transaction,
    /// The route that was taken.
    pub route: Option<String>,
    /// The card, when it was another than the one known.
    pub card: Option<(Method, Option<Credential>)>,
}

/// An advice, and whether it was answered before under the same key.
#[derive(Debug, Clone, PartialEq)]
pub struct Advised {
    /// What is advised.
    pub view: View,
    /// The idempotency key was known.
    pub replayed: bool,
}
