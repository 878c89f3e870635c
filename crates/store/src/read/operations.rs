//! What partners and operators look at: marks, the pulse of merchants, and orders that are not settled.

use domain::{environment::Environment, id::Mid, mark::Noted, order::Order, time::Timestamp};

use crate::{
    Error, Page, PageAt, Store,
    sqlite::{marks, orders, pulse},
};

/// How a merchant's traffic looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Orders since the first instant asked for.
    pub counted: u64,
    /// Of the newest orders since the second: how many were looked at.
    pub looked: u64,
    /// Of these, closed.
    pub closed: u64,
    /// Of these, captured wholly or in part; what was refunded later counts.
    pub rescued: u64,
    /// Of these, without a site that was named or matched.
    pub unresolved: u64,
}

impl Store {
    /// What these merchants did in an environment, for the certification checklist.
    pub async fn marks(&self, mids: &[Mid], environment: Environment) -> Result<Vec<Noted>, Error> {
        self.engine.read(|db| marks::of(db, mids, environment)).await
    }

    /// How the traffic of merchants looks: orders since `counted_from`, and the newest ones since `looked_from`, `limit` of
    /// each merchant at most. In the order of `mids`.
    pub async fn pulses(
        &self,
        mids: Vec<Mid>,
        environment: Environment,
        counted_from: Timestamp,
        looked_from: Timestamp,
        limit: u32,
    ) -> Result<Vec<Pulse>, Error> {
        let each = move |db: &rusqlite::Connection| {
            let one = |mid: &Mid| pulse::of(db, (*mid, environment), counted_from, looked_from, limit);
            mids.iter().map(one).collect()
        };
        self.engine.list(each).await
    }

    /// Orders of an environment whose result is unknown or that need the operator, the longest untouched first.
    pub async fn unsettled(&self, environment: Environment, at: PageAt) -> Result<Page<Order>, Error> {
        self.engine.list(move |db| orders::unsettled(db, environment, at)).await
    }
}
