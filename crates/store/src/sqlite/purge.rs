//! Purge: old rows go in small batches, each in the writer's next commit, so that no write waits for a big one.

use std::time::Duration;

use domain::time::Timestamp;
use rusqlite::Connection;

use super::{
    Engine, blocks, cards, decisions, deliveries, documents, events, fault::Fault, idempotency, notifications, refreshes,
};
use crate::{Error, Purged, Retention};

/// Rows of one batch.
const BATCH_ROWS: u32 = 500;

type Batch = fn(&Connection, Timestamp, u32) -> Result<usize, Fault>;

/// Takes away what is older than its retention.
pub async fn run(engine: &Engine, now: Timestamp, retention: &Retention) -> Result<Purged, Error> {
    Ok(Purged {
        cvvs: batches(engine, cards::purge_cvvs, now).await?,
        idempotency: batches(engine, idempotency::purge, now - retention.idempotency).await?,
        refreshes: batches(engine, refreshes::purge, now).await?,
        sessions: batches(engine, super::sessions::purge, now).await?,
        tickets: batches(engine, super::sessions::purge_tickets, now).await?,
        failures: batches(engine, super::sessions::purge_failures, now - retention.failures).await?,
        deliveries: batches(engine, deliveries::purge, now - retention.deliveries).await?,
        events: batches(engine, events::purge, now - retention.events).await?,
        cards: batches(engine, cards::purge, now - retention.unused_cards).await?,
        uploads: batches(engine, documents::purge, now - retention.unfinished_uploads).await?,
        notifications: batches(engine, notifications::purge, now - retention.notifications).await?,
        blocks: ended_blocks(engine, now, retention.ended_blocks).await?,
        decisions: batches(engine, decisions::purge, now - retention.decisions).await?,
        sense_sessions: batches(engine, super::sense::purge, now - retention.sense_sessions).await?,
    })
}

/// Few entries end, and each by its merchant's clock: they are looked through by id, a batch per commit.
async fn ended_blocks(engine: &Engine, now: Timestamp, keep: Duration) -> Result<u64, Error> {
    let (mut after, mut dropped) = (None, 0);
    loop {
        let batch = engine.call(move |db| blocks::purge(db, after, now, keep, BATCH_ROWS)).await?;
        dropped += batch.dropped;
        if batch.last.is_none() {
            return Ok(dropped);
        }
        after = batch.last;
    }
}

async fn batches(engine: &Engine, batch: Batch, before: Timestamp) -> Result<u64, Error> {
    let mut dropped = 0;
    loop {
        let rows = engine.call(move |db| batch(db, before, BATCH_ROWS)).await?;
        dropped += rows as u64;
        if rows == 0 {
            return Ok(dropped);
        }
    }
}
