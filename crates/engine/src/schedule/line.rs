//! One virtual time line for a whole engine, for simulations: the clock is set by hand, and what is due is worked in
//! order, each timer at its own moment.

use std::{sync::Arc, time::Duration};

use domain::{
    id::LeaseToken,
    time::{MINUTE, Timestamp},
};
use futures_util::{StreamExt as _, stream};

use crate::{Engine, Error, Moment, Result};

/// The lane of the engine's own clock.
const LANE: i64 = 0;
/// Timers claimed in one turn.
const CLAIMED_MAX: u32 = 4_096;
/// Turns without progress after which a timer counts as one that cannot be worked.
const IDLE_TURNS_MAX: u32 = 100;

/// How a time line is worked.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Timers at work side by side.
    pub at_once: usize,
    /// Timers this close are claimed together, and begun in their order; orders do not depend on each other.
    pub step: Duration,
    /// What chance follows from.
    pub seed: u64,
}

impl Engine {
    /// When the next timer is due; none: everything is done.
    pub async fn next_due(&self) -> Result<Option<Timestamp>> {
        Ok(self.store.next_timer(LANE).await?)
    }

    /// Works what is due before an instant, in order, and tells how many timers that were. The clock must be one that
    /// is set by hand; it ends where the last step began.
    ///
    /// # Errors
    /// The store, or a timer that fails again and again.
    pub async fn work_line(self: &Arc<Self>, line: Line, before: Timestamp) -> Result<u64> {
        let (mut worked, mut idle) = (0, 0);
        while let Some(due) = self.next_due().await?.filter(|due| *due < before) {
            self.clock.set(self.clock.now().max(due));
            let until = (due + line.step).min(before - Duration::from_micros(1));
            let done = self.work_step(line, until).await?;
            worked += done as u64;
            idle = if done > 0 { 0 } else { idle + 1 };
            if idle > IDLE_TURNS_MAX {
                return Err(Error::Internal("the time line met a timer that cannot be worked".into()));
            }
            if done == 0 {
                // What is due is leased by a turn that failed: it is claimed again when the lease is over.
                self.clock.set(self.clock.now() + Duration::from_secs(self.options.lease_secs.into()) + MINUTE);
            }
        }
        Ok(worked)
    }

    async fn work_step(self: &Arc<Self>, line: Line, until: Timestamp) -> Result<usize> {
        let lease = LeaseToken::at(self.clock.now(), self.random.bytes());
        let lease_for = Duration::from_secs(self.options.lease_secs.into()) + line.step;
        let claimed = self.store.claim_timers(LANE, until, self.clock.now(), lease_for, CLAIMED_MAX, lease).await?;
        let count = claimed.len();
        stream::iter(claimed)
            .for_each_concurrent(Some(line.at_once.max(1)), |leased| async move {
                let at = leased.timer.due;
                let moment = Moment::new(at, line.seed, leased.timer.subject.as_bytes());
                if let Err(error) = moment.during(self.work(&leased, at)).await {
                    tracing::error!(kind = %leased.timer.kind, subject = %leased.timer.subject, %error, "a timer could not be worked");
                }
            })
            .await;
        Ok(count)
    }
}
