//! Refunds: reserved before they are sent, repeat-safe, never above what was captured.

use serde::{Deserialize, Serialize};

use crate::{
    environment::Environment,
    id::{AttemptId, Mid, OrderId, RefundId},
    money::Money,
    time::Timestamp,
};

crate::words! {
    /// How far a refund is.
    pub enum State {
        /// Durable; may be on its way, sent again under the same id until the processor answers.
        Pending = "PENDING",
        /// Done.
        Success = "SUCCESS",
        /// Refused by the processor.
        Failed = "FAILED",
    }
}

/// One refund of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// Id and processor idempotency key; the wire's `transactionId`.
    pub id: RefundId,
    /// Row version.
    pub version: u32,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Its order.
    pub order: OrderId,
    /// The attempt whose money is given back.
    pub attempt: AttemptId,
    /// How much.
    pub amount: Money,
    /// The merchant's note.
    pub message: Option<String>,
    /// How far it is.
    pub state: State,
    /// Asked for, UTC.
    pub created_at: Timestamp,
    /// Settled, UTC.
    pub settled_at: Option<Timestamp>,
    /// The processor's code when it refused.
    pub response_code: Option<String>,
}

impl Refund {
    /// Whether it gave a fraud back.
    pub fn is_fraud(&self) -> bool {
        self.state == State::Success && crate::fraud::is_marked(self.message.as_deref())
    }
}
