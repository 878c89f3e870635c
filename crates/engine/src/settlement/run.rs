//! Booking behind the commits, off the hot path.

use std::{sync::Arc, time::Duration};

use crate::Engine;

/// Pause between two rounds, milliseconds: what is captured meanwhile is booked together.
const PAUSE_MS: u64 = 500;

/// Books what waits until the engine drains. What a crash leaves waits in the store and is booked after the next start.
pub(crate) async fn run(engine: Arc<Engine>) {
    while !engine.is_draining() {
        if let Err(error) = engine.book_settlements(None).await {
            tracing::error!(%error, "settlement items could not be booked");
        }
        tokio::time::sleep(Duration::from_millis(PAUSE_MS)).await;
    }
}
