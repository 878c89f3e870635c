//! What became of every case, read over the HTTP interface once all final events are in.

use std::time::Duration;

use client::{Client, EngineState};
use domain::time::Timestamp;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::demo::{
    play::{Books, Case},
    receiver::Receiver,
    summary::Outcome,
    trouble::Trouble,
};

/// How long final events may take after the last day; deliveries are tried again after 5 s.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Requests under way at once.
const CONCURRENCY: usize = 16;

/// The end of all cases.
pub struct Ended {
    /// In the order of the cases.
    pub outcomes: Vec<Outcome>,
    /// Cases whose final event was delivered.
    pub final_events: u64,
    /// Cases that are still open.
    pub open: u64,
}

/// Waits for the final events, then reads every case.
pub async fn read(client: &Client, receiver: &Receiver, books: &Books) -> Result<Ended, Trouble> {
    let delivered = || books.cases.iter().filter(|case| receiver.has_ended(&case.order)).count();
    let all = async {
        while delivered() < books.cases.len() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    // Those that do not come are missing in the summary.
    let _ = tokio::time::timeout(PATIENCE, all).await;
    let reads = books.cases.iter().map(|case| read_one(client, case));
    let ends: Vec<(Outcome, bool)> = stream::iter(reads).buffered(CONCURRENCY).try_collect().await?;
    Ok(Ended {
        final_events: delivered() as u64,
        open: ends.iter().filter(|(_, is_open)| *is_open).count() as u64,
        outcomes: ends.into_iter().map(|(outcome, _)| outcome).collect(),
    })
}

async fn read_one(client: &Client, case: &Case) -> Result<(Outcome, bool), Trouble> {
    let order = client.order(&case.order).await?;
    let completed = order.completed_on.as_deref().and_then(Timestamp::parse);
    let rescued = order.amount_captured >= case.declined.amount.minor && order.engine_state == EngineState::Recovered;
    let outcome = Outcome {
        amount: case.declined.amount,
        attempts: order.attempts.total,
        rescued_after: completed.filter(|_| rescued).map(|at| at.since(case.declined.at)),
    };
    Ok((outcome, completed.is_none()))
}
