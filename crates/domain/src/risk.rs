//! Risk profiles as they are stored: how far the past was folded into them, and what is still to fold.

use crate::{
    environment::Environment,
    id::{AttemptId, Mid, TransmitId},
};

/// How far the past was folded into profiles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The last transmitted transaction.
    pub transmits: i64,
    /// The last of the other changes.
    pub changes: i64,
}

/// Whose profile: a tenant's, of a thing named by kind and keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Kind of thing, by its stable number.
    pub kind: u8,
    /// Keyed hash of the thing.
    pub key: [u8; 16],
}

/// Something else than a new transaction that changes profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An attempt of ours was answered.
    Attempted(AttemptId),
    /// A transmitted transaction was charged back, or given back as fraud.
    TransmitDisputed(TransmitId),
    /// An attempt of ours was charged back, or given back as fraud.
    AttemptDisputed(AttemptId),
}
