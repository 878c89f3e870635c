//! Timers: "look at this again at that moment". What is due is decided from the subject's state, so a timer may
//! fire twice or late without harm.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    environment::Environment,
    id::{LeaseToken, Mid},
    time::Timestamp,
};

crate::words! {
    /// What is looked at.
    pub enum Kind {
        /// An order.
        Order = "order",
        /// An attempt whose approval must be given back.
        Reversal = "reversal",
        /// A refund.
        Refund = "refund",
        /// A requested capture.
        Capture = "capture",
        /// A CVV to be wiped.
        Cvv = "cvv",
        /// A chargeback whose card's open rescues are to be stopped.
        Dispute = "dispute",
        /// An entry of the blocklist whose open rescues are to be stopped.
        Block = "block",
        /// A simulated chargeback to come; the subject is the approved attempt.
        Chargeback = "chargeback",
        /// An advice: an attempt that is due, a moment that has passed, its deadline.
        Advice = "advice",
        /// A settlement whose period ends, or whose reserve is given back.
        Settlement = "settlement",
        /// The deployment learns from its own history; the subject is nil, and so is the tenant.
        Learn = "learn",
    }
}

/// One timer; at most one for each kind and subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// What is looked at.
    pub kind: Kind,
    /// Its id.
    pub subject: Uuid,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// When, UTC, by the merchant's clock.
    pub due: Timestamp,
    /// How often it was claimed without being moved on.
    pub tries: u32,
}

/// A claimed timer: the right to work on it until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The timer; `due` is when it was due, not the lease's end.
    pub timer: Timer,
    /// Shown when the timer is moved on or dropped; a successor's lease makes it void.
    pub lease: LeaseToken,
}
