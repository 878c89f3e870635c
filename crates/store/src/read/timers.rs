//! Timers: claimed with a lease, moved on by a change set that shows it.

use std::time::Duration;

use domain::{
    id::{LeaseToken, Mid},
    time::Timestamp,
    timer::{Kind, Leased},
};
use uuid::Uuid;

use crate::{Error, Store, sqlite::timers};

impl Store {
    /// Claims timers of a lane that are due at `due_by` (the lane's clock) and whose lease, if any, has run out at
    /// `real_now`; the earliest first. Each counts one more try. `SetTimer` and `ClearTimer` end the lease.
    pub async fn claim_timers(
        &self,
        lane: i64,
        due_by: Timestamp,
        real_now: Timestamp,
        lease_for: Duration,
        limit: u32,
        lease: LeaseToken,
    ) -> Result<Vec<Leased>, Error> {
        let claim = timers::Claim { lane, due_by, real_now, lease_until: real_now + lease_for, limit, lease };
        self.engine.call(move |db| timers::claim(db, &claim)).await
    }

    /// Gives a lease back: the timer is claimable at once. `false` when the lease was lost already.
    pub async fn release_timer(&self, kind: Kind, subject: Uuid, lease: LeaseToken) -> Result<bool, Error> {
        self.engine.call(move |db| timers::release(db, kind, subject, lease)).await
    }

    /// When the earliest timer of a lane is due. It may be held, also by a process that is gone: who wants it done waits
    /// until it is moved, or its lease runs out.
    pub async fn next_timer(&self, lane: i64) -> Result<Option<Timestamp>, Error> {
        self.engine.read(|db| timers::next(db, lane)).await
    }

    /// What timers of a kind are set for a merchant, due or not, a number at most. For kinds of which few are set.
    pub async fn timers_of(&self, kind: Kind, mid: Mid, limit: u32) -> Result<Vec<Uuid>, Error> {
        self.engine.read(|db| timers::of(db, kind, mid, limit)).await
    }

    /// Timers set, in all lanes.
    pub async fn pending_timers(&self) -> Result<u64, Error> {
        self.engine.list(|db| timers::count(db, None)).await
    }
}
