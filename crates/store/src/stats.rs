//! Counts for operators.

use domain::{environment::Environment, money::Currency, order::Code};

/// Orders of one environment, state and currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderCount {
    /// Environment.
    pub environment: Environment,
    /// State.
    pub code: Code,
    /// Currency.
    pub currency: Currency,
    /// How many.
    pub count: u64,
    /// Sum of what was due, minor units.
    pub amount_minor: i64,
    /// Sum of what was captured, minor units.
    pub captured_minor: i64,
    /// Attempts made on them.
    pub attempts: u64,
}

/// Counts of one merchant, or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Orders by environment, state and currency.
    pub orders: Vec<OrderCount>,
    /// Timers set.
    pub timers: u64,
    /// Deliveries still to be made.
    pub deliveries_pending: u64,
}

impl Stats {
    /// Attempts made, over all orders.
    pub fn attempts(&self) -> u64 {
        self.orders.iter().map(|row| row.attempts).sum()
    }
}
