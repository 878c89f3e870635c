//! How long rows are kept, and what a purge took away.

use std::time::Duration;

use domain::{
    bounds::IDEMPOTENCY_LIFE_HOURS,
    time::{DAY, HOUR},
};

/// How long rows are kept. CVVs and refresh tokens carry their own end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Idempotency records, since they were made.
    pub idempotency: Duration,
    /// Events, since they happened.
    pub events: Duration,
    /// Deliveries in any state, since they were made.
    pub deliveries: Duration,
    /// Cards, since they were last used.
    pub unused_cards: Duration,
    /// Failed logins, since the last one.
    pub failures: Duration,
    /// Uploads that were never finished, since they began.
    pub unfinished_uploads: Duration,
    /// Notifications of processors, since they came.
    pub notifications: Duration,
    /// Entries of blocklists, since they ended.
    pub ended_blocks: Duration,
    /// The decision log, since the decisions were made.
    pub decisions: Duration,
    /// Visits to shop pages, since they ended.
    pub sense_sessions: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            idempotency: HOUR * IDEMPOTENCY_LIFE_HOURS as u32,
            events: DAY * 90,
            deliveries: DAY * 30,
            unused_cards: DAY * 396,
            failures: DAY * 30,
            unfinished_uploads: HOUR,
            notifications: DAY * 90,
            ended_blocks: DAY * 30,
            decisions: DAY * 400,
            sense_sessions: DAY * 7,
        }
    }
}

/// Rows that a purge took away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Idempotency records.
    pub idempotency: u64,
    /// Events.
    pub events: u64,
    /// Deliveries.
    pub deliveries: u64,
    /// CVVs past their end.
    pub cvvs: u64,
    /// Cards long unused, with their CVVs.
    pub cards: u64,
    /// Uploads that were never finished.
    pub uploads: u64,
    /// Refresh tokens past their end.
    pub refreshes: u64,
    /// Sessions past their end.
    pub sessions: u64,
    /// Tickets past their end.
    pub tickets: u64,
    /// Counts of failed logins.
    pub failures: u64,
    /// Notifications of processors.
    pub notifications: u64,
    /// Entries of blocklists.
    pub blocks: u64,
    /// Decisions.
    pub decisions: u64,
    /// Visits to shop pages.
    pub sense_sessions: u64,
}
