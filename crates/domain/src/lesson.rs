//! What the decision log teaches: a decision, and what became of it.

use crate::{attempt::Attempt, decision::Record, money::Money};

/// One decision with its attempt and its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// Its place in the log.
    pub cursor: u64,
    /// The decision.
    pub decision: Record,
    /// The attempt of the number that it planned; none: none was made (yet).
    pub attempt: Option<Attempt>,
    /// Its order; none: it is an advice, or forgotten.
    pub order: Option<Taught>,
}

/// What learning needs of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taught {
    /// Its rescue goes on.
    pub is_open: bool,
    /// What was due at first.
    pub due: Money,
    /// Keyed hash of its first card, by which orders of one card are kept together.
    pub card: Option<String>,
}
