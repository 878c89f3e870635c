//! One authorisation attempt: durable before it leaves, settled exactly once.

use serde::{Deserialize, Serialize};

use crate::{
    card::{CardKey, Network},
    decline::Class,
    environment::Environment,
    id::{AttemptId, Mid, OrderId, ProcessorId, TokenId},
    ledger::Initiator,
    money::Money,
    time::Timestamp,
};

crate::words! {
    /// The wire's attempt `result`.
    pub enum Verdict {
        /// Approved in full.
        Approved = "approved",
        /// Approved for less.
        Partial = "partial",
        /// Declined.
        Declined = "declined",
        /// Not known.
        Unknown = "unknown",
    }
}

/// What the processor answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    /// Approved, partial or declined.
    pub verdict: Verdict,
    /// Approved amount, minor units; 0 when declined.
    pub approved_minor: i64,
    /// Network response code.
    pub response_code: String,
    /// Mastercard advice code.
    pub advice_code: Option<String>,
    /// Class, when declined.
    pub class: Option<Class>,
    /// AVS result.
    pub avs: Option<String>,
    /// CVV result.
    pub cvv: Option<String>,
    /// Network transaction id.
    pub network_transaction_id: Option<String>,
    /// The processor's own reference.
    pub processor_reference: Option<String>,
    /// When, by the engine's clock, UTC.
    pub at: Timestamp,
    /// How long the processor took, milliseconds of real time; 0 when it was looked up.
    pub latency_ms: u32,
    /// The answer came by a look-up, not to the request itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub looked_up: bool,
}

/// How far an attempt is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "camelCase")]
pub enum Progress {
    /// Durable; may be on its way.
    Reserved,
    /// Sent, result unknown; being looked up.
    Unknown {
        /// Why it is unknown.
        detail: String,
        /// An answer that says to look the original up first (09, 68, 94); it counts when the look-up finds nothing else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<Box<Answered>>,
    },
    /// Answered.
    Answered(Answered),
    /// Nothing left our process, or the processor never saw it.
    Released {
        /// Why.
        detail: String,
    },
}

/// An approval that must be given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reversal {
    /// Since when, UTC.
    pub asked_at: Timestamp,
    /// When the processor confirmed it, UTC.
    pub done_at: Option<Timestamp>,
}

/// One authorisation attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// Id and processor idempotency key.
    pub id: AttemptId,
    /// Row version.
    pub version: u32,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Its order.
    pub order: OrderId,
    /// 1 = the first rescue attempt.
    pub number: u32,
    /// When it was reserved, UTC, by the engine's clock; also what the processor is told as its time.
    pub at: Timestamp,
    /// When it was reserved by the wall clock: a look-up waits until the request can no longer be on its way.
    pub reserved_at: Timestamp,
    /// Who initiated it.
    pub initiator: Initiator,
    /// For how much.
    pub amount: Money,
    /// Whether it captures at once.
    pub capture: bool,
    /// Processor account; none: the sandbox's simulator.
    pub processor: Option<ProcessorId>,
    /// Processor's name, for readers.
    pub processor_name: String,
    /// Descriptor sent.
    pub descriptor: Option<String>,
    /// Card used.
    pub token: TokenId,
    /// Version of the card's data.
    pub credential_version: u32,
    /// Ledger key.
    pub card: CardKey,
    /// Network.
    pub network: Network,
    /// How far it is.
    pub progress: Progress,
    /// Set when its approval must be given back.
    pub reversal: Option<Reversal>,
    /// The decision that led to it, in short (JSON); the decision log has it whole.
    pub decision: Option<serde_json::Value>,
}

impl Attempt {
    /// The answer, when there is one.
    pub const fn answered(&self) -> Option<&Answered> {
        match &self.progress {
            Progress::Answered(answered) => Some(answered),
            _ => None,
        }
    }

    /// The wire's `result`; `None` for an attempt that never left.
    pub fn verdict(&self) -> Option<Verdict> {
        match &self.progress {
            Progress::Reserved | Progress::Unknown { .. } => Some(Verdict::Unknown),
            Progress::Answered(answered) => Some(answered.verdict),
            Progress::Released { .. } => None,
        }
    }
}
