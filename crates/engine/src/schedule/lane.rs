//! A lane of timers worked up to an instant: the system's lane by real time, a test clock's lane by its own.

use std::{sync::Arc, time::Duration};

use domain::{id::LeaseToken, time::Timestamp, timer::Leased};
use futures_util::{StreamExt as _, stream};

use crate::{Engine, Result};

impl Engine {
    /// Claims what is due and works it side by side; tells how many timers were worked. Each runs at its own moment
    /// (`at` gives it), so that a late worker does not shift the virtual order of things.
    pub(super) async fn work_lane(
        self: &Arc<Self>,
        lane: i64,
        due_by: Timestamp,
        at: impl Fn(&Leased) -> Timestamp + Send + Sync + Copy,
    ) -> Result<usize> {
        let lease = LeaseToken::at(self.clock.now(), self.random.bytes());
        let lease_for = Duration::from_secs(self.options.lease_secs.into());
        let batch = self.options.timers_batch;
        let claimed = self.store.claim_timers(lane, due_by, self.clock.now(), lease_for, batch, lease).await?;
        let count = claimed.len();
        stream::iter(claimed)
            .for_each_concurrent(Some(batch as usize), |leased| async move {
                if let Err(error) = self.work(&leased, at(&leased)).await {
                    tracing::error!(kind = %leased.timer.kind, subject = %leased.timer.subject, %error, "a timer could not be worked");
                    metrics::counter!("recoup_timer_errors_total").increment(1);
                }
            })
            .await;
        metrics::counter!("recoup_timers_worked_total").increment(count as u64);
        Ok(count)
    }
}
