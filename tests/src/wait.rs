//! Waiting for a condition, with a deadline.

use std::time::{Duration, Instant};

/// How long a condition may take before it counts as never coming true: generous, because other tests run beside.
pub const PATIENCE: Duration = Duration::from_secs(60);

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Now, real time.
#[expect(clippy::disallowed_methods, reason = "the tests stand outside the product, where the clock is the machine's")]
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Looks again and again until there is something; panics after [`PATIENCE`], naming what did not happen.
pub async fn until<T, F>(what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
