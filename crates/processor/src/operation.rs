//! What can be done with an attempt after its authorisation: capture, void, refund.

use domain::{
    id::{AttemptId, RefundId},
    money::Money,
    time::Timestamp,
};

/// Collect an authorisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// The authorised attempt.
    pub attempt: AttemptId,
    /// How much; the whole of it.
    pub amount: Money,
    /// The engine's clock.
    pub at: Timestamp,
}

/// The answer to a capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// Whether the money was collected.
    pub captured: bool,
    /// Why not.
    pub error: Option<String>,
}

/// Release or reverse an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Void {
    /// The attempt.
    pub attempt: AttemptId,
    /// The engine's clock.
    pub at: Timestamp,
}

/// The answer to a void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voided {
    /// Whether no money is held or taken by this attempt any more.
    pub voided: bool,
}

/// Pay back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The refund, and the idempotency key.
    pub refund: RefundId,
    /// The captured attempt.
    pub attempt: AttemptId,
    /// How much.
    pub amount: Money,
    /// The engine's clock.
    pub at: Timestamp,
}

/// The answer to a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refunded {
    /// Whether the money goes back.
    pub refunded: bool,
    /// Why not.
    pub response_code: Option<String>,
}
