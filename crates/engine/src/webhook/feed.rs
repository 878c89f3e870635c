//! The events feed: what webhooks tell, to be read with a cursor (`wire-api` §7.5).

use std::time::Duration;

use domain::{event::Event, id::Mid, id::OrderId};

use crate::{Engine, Principal, Result};

/// Longest long-poll, seconds.
const WAIT_SECS_MAX: u64 = 30;
/// Largest page.
const LIMIT_MAX: u32 = 1_000;
/// How often a long-poll looks, milliseconds.
const LOOK_MS: u64 = 250;

/// What is asked of the feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// After this cursor; none: from the oldest kept.
    pub after: Option<u64>,
    /// Only what comes from now on; `after` does not count then.
    pub latest: bool,
    /// Events of one page.
    pub limit: u32,
    /// Patterns; empty: all.
    pub types: Vec<String>,
    /// One order only.
    pub order: Option<OrderId>,
    /// One merchant only.
    pub mid: Option<Mid>,
    /// Long-poll, seconds.
    pub wait_secs: u64,
}

impl Engine {
    /// Events after a cursor, oldest first, the cursor to go on from, and whether more are there already.
    pub async fn events(&self, principal: &Principal, feed: &Feed) -> Result<(Vec<(u64, Event)>, u64, bool)> {
        principal.require("orders:read")?;
        let owners = self.visible_owners(principal, feed.mid).await?;
        let limit = feed.limit.clamp(1, LIMIT_MAX);
        let mut cursor = match (feed.latest, feed.after) {
            (true, _) => return Ok((vec![], self.store.last_event().await?, false)),
            (false, after) => after.unwrap_or(0),
        };
        let deadline = tokio::time::Instant::now() + Duration::from_secs(feed.wait_secs.min(WAIT_SECS_MAX));
        loop {
            let page = self.store.events_after(owners.as_deref(), principal.environment, cursor, limit).await?;
            let more = page.len() as u32 == limit;
            cursor = page.last().map_or(cursor, |(at, _)| *at);
            let found: Vec<_> = page.into_iter().filter(|(_, event)| wanted(feed, event)).collect();
            if !found.is_empty() || more || tokio::time::Instant::now() >= deadline || self.is_draining() {
                return Ok((found, cursor, more));
            }
            tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        }
    }
}

fn wanted(feed: &Feed, event: &Event) -> bool {
    let kind = feed.types.is_empty() || feed.types.iter().any(|pattern| event.kind.matches(pattern));
    kind && feed.order.is_none_or(|order| event.order == Some(order))
}
