//! Housekeeping: purge, counts, readiness.

use domain::{id::Mid, time::Timestamp};

use crate::{
    Error, Purged, Retention, Stats, Store,
    sqlite::{purge, stats},
};

impl Store {
    /// Takes away what is older than its retention at `now` (real time), in small batches between other writes.
    pub async fn purge(&self, now: Timestamp, retention: &Retention) -> Result<Purged, Error> {
        purge::run(&self.engine, now, retention).await
    }

    /// Counts of one merchant, or of all. Reads every order of the tenant: for people, not for every scrape.
    pub async fn stats(&self, mid: Option<Mid>) -> Result<Stats, Error> {
        self.engine.list(move |db| stats::of(db, mid)).await
    }

    /// Whether reads and the writer answer.
    pub async fn ping(&self) -> Result<(), Error> {
        self.engine.read(crate::sqlite::registry::version).await?;
        self.engine.call(|_| Ok(())).await
    }
}
