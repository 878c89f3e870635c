//! When the deployment learns by itself: a timer like any other, so that of many processes on one store one does it.

use std::sync::Arc;

use domain::{
    change::{ChangeSet, Expectation, Write},
    environment::Environment,
    id::Mid,
    model,
    time::{HOUR, Timestamp},
    timer::{Kind, Leased, Timer},
};
use uuid::Uuid;

use crate::{Engine, Error, Result};

/// The timer belongs to no merchant.
const NOBODY: Mid = Mid(Uuid::nil());

impl Engine {
    /// Sets the timer, when none is set; takes it away when learning by itself is switched off.
    pub async fn schedule_learning(&self) -> Result<()> {
        let hours = self.options.learn.interval_hours;
        let is_set = !self.store.timers_of(Kind::Learn, NOBODY, 1).await?.is_empty();
        let write = match (hours, is_set) {
            (0, true) => Write::ClearTimer { kind: Kind::Learn, subject: Uuid::nil() },
            (1.., false) => Write::SetTimer(timer(self.clock.now() + HOUR * hours)),
            _ => return Ok(()),
        };
        self.apply(ChangeSet::new().with(write)).await?.map_err(|conflict| Error::Internal(conflict.to_string()))
    }

    /// The timer is due: it is moved on first, so that nobody else learns the same, then the lesson runs on its own.
    pub(crate) async fn learn_again(self: &Arc<Self>, leased: &Leased, now: Timestamp) -> Result<()> {
        let hours = self.options.learn.interval_hours;
        let write = if hours == 0 {
            Write::ClearTimer { kind: Kind::Learn, subject: leased.timer.subject }
        } else {
            Write::SetTimer(timer(now + HOUR * hours))
        };
        let mut set = ChangeSet::new().with(write);
        let Leased { timer, lease } = leased;
        set.expect(Expectation::Lease { kind: timer.kind, subject: timer.subject, lease: *lease });
        if hours == 0 || self.apply(set).await?.is_err() {
            return Ok(());
        }
        let engine = self.clone();
        tokio::spawn(async move {
            for kind in model::Kind::ALL {
                match engine.learn(*kind, false, |_| {}).await {
                    Ok(_) => {}
                    Err(Error::State { message, .. }) => tracing::debug!(%kind, message, "nothing was learnt"),
                    Err(error) => {
                        metrics::counter!("recoup_learn_errors_total", "kind" => kind.as_str()).increment(1);
                        tracing::error!(%kind, %error, "learning failed");
                    }
                }
            }
        });
        Ok(())
    }
}

fn timer(due: Timestamp) -> Timer {
    Timer { kind: Kind::Learn, subject: Uuid::nil(), mid: NOBODY, environment: Environment::Production, due, tries: 0 }
}
