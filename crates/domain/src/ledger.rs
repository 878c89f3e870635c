//! The attempt ledger: every attempt seen on a card, our own and the merchant's, in the order of time. The
//! networks count them all; so do we.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    card::{CardKey, Network},
    environment::Environment,
    id::{Mid, OrderId},
    money::Money,
    time::Timestamp,
};

crate::words! {
    /// Who initiated a payment.
    pub enum Initiator {
        /// The customer, present.
        Cit = "CIT",
        /// The merchant, on a stored credential.
        Mit = "MIT",
    }
}

crate::words! {
    /// Who made the attempt that a ledger row counts.
    pub enum Origin {
        /// Recoup itself.
        Own = "own",
        /// The merchant, told by `/transmit`.
        Transmitted = "transmitted",
        /// The merchant: the decline that `/evaluate` brought.
        Evaluated = "evaluated",
    }
}

crate::words! {
    /// What became of a counted attempt.
    pub enum Outcome {
        /// Reserved or in flight: counts.
        Pending = "pending",
        /// Approved: resets the counters.
        Approved = "approved",
        /// Declined: counts.
        Declined = "declined",
        /// Nothing left our process: does not count.
        Released = "released",
    }
}

/// One attempt on one card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// The card.
    pub card: CardKey,
    /// When the attempt was made, UTC.
    pub at: Timestamp,
    /// The attempt's or the transmit's id.
    pub id: Uuid,
    /// Who made it.
    pub origin: Origin,
    /// Who initiated it.
    pub initiator: Initiator,
    /// For how much.
    pub amount: Money,
    /// The network.
    pub network: Network,
    /// What became of it.
    pub outcome: Outcome,
    /// Response code, translated to ISO 8583 where that is possible, else as sent.
    pub response_code: Option<String>,
    /// Mastercard advice code.
    pub advice_code: Option<String>,
    /// Our order, when the attempt belongs to one.
    pub order: Option<OrderId>,
}
