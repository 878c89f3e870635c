//! The background work of a process: timers, webhooks, registry, clocks, keys, purge.

use std::{sync::Arc, time::Duration};

use domain::time::Timestamp;
use tokio::{task::JoinSet, time::sleep};

use crate::{Engine, Result};

/// How often the registry is looked at for changes made elsewhere.
const REGISTRY_MS: u64 = 500;
/// How often old rows are purged and signing keys looked at, seconds.
const HOUSEKEEPING_SECS: u64 = 300;

/// The running workers; they end when the engine drains.
pub struct Workers(JoinSet<()>);

impl Workers {
    /// Starts every worker.
    pub fn start(engine: &Arc<Engine>) -> Self {
        let mut tasks = JoinSet::new();
        tasks.spawn(timers(engine.clone()));
        tasks.spawn(webhooks(engine.clone()));
        tasks.spawn(crate::mail::run(engine.clone()));
        tasks.spawn(registry(engine.clone()));
        tasks.spawn(housekeeping(engine.clone()));
        tasks.spawn(learning(engine.clone()));
        tasks.spawn(crate::risk::run(engine.clone()));
        tasks.spawn(crate::marks::run(engine.clone()));
        tasks.spawn(crate::settlement::run(engine.clone()));
        Self(tasks)
    }

    /// Waits until every worker has finished what it has under way. Call after [`Engine::drain`].
    pub async fn finish(mut self) {
        while self.0.join_next().await.is_some() {}
    }
}

async fn timers(engine: Arc<Engine>) {
    let pause = Duration::from_millis(engine.options.poll_ms.into());
    while !engine.is_draining() {
        let worked = match engine.work_all_lanes().await {
            Ok(worked) => worked,
            Err(error) => {
                tracing::error!(%error, "timers could not be claimed");
                0
            }
        };
        if worked == 0 {
            wait(&engine.wake_timers, pause).await;
        }
    }
}

async fn webhooks(engine: Arc<Engine>) {
    let pause = Duration::from_millis(engine.options.poll_ms.into());
    while !engine.is_draining() {
        match engine.deliver_due().await {
            Ok(0) => wait(&engine.wake_webhooks, pause).await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "deliveries could not be claimed");
                sleep(pause).await;
            }
        }
    }
}

async fn registry(engine: Arc<Engine>) {
    while !engine.is_draining() {
        sleep(Duration::from_millis(REGISTRY_MS)).await;
        if let Err(error) = engine.refresh_registry().await {
            tracing::error!(%error, "the registry could not be read");
        }
    }
}

async fn housekeeping(engine: Arc<Engine>) {
    let mut slept_secs = HOUSEKEEPING_SECS;
    while !engine.is_draining() {
        if slept_secs >= HOUSEKEEPING_SECS {
            slept_secs = 0;
            if let Err(error) = engine.keep_house().await {
                tracing::error!(%error, "housekeeping failed");
            }
        }
        sleep(Duration::from_secs(1)).await;
        slept_secs += 1;
    }
}

/// Sees to it that the timer by which the deployment learns is set.
async fn learning(engine: Arc<Engine>) {
    if let Err(error) = engine.schedule_learning().await {
        tracing::error!(%error, "learning could not be scheduled");
    }
}

async fn wait(wake: &tokio::sync::Notify, at_most: Duration) {
    let _ = tokio::time::timeout(at_most, wake.notified()).await;
}

impl Engine {
    /// Works what is due in the system's lane and in those of running test clocks.
    pub(crate) async fn work_all_lanes(self: &Arc<Self>) -> Result<usize> {
        let real = self.clock.now();
        let mut worked = self.work_lane(0, real, |_| real).await?;
        for clock in self.virtual_time.all() {
            // A clock that is being advanced is worked by the advance itself.
            let Some(_turn) = self.clock_turn(clock.mid) else { continue };
            let now: Timestamp = clock.at(self.clock.now());
            worked += self.work_lane(clock.lane, now, |_| now).await?;
        }
        Ok(worked)
    }

    /// Takes note of what other processes changed.
    pub async fn refresh_registry(&self) -> Result<()> {
        if self.tenants.refresh().await? {
            self.load_clocks().await?;
        }
        self.refresh_models().await
    }

    async fn keep_house(&self) -> Result<()> {
        // A rotation by another process: what is sealed from now on goes under the new key.
        self.vault.reload()?;
        self.load_signing_keys().await?;
        let purged = self.store.purge(self.clock.now(), &self.options.retention).await?;
        tracing::debug!(?purged, "purged");
        Ok(())
    }
}
