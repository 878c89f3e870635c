//! The events feed: what webhooks tell, to be read with a cursor (`wire-api` §7.5).

use std::time::Duration;

use domain::{
    environment::Environment,
    event::{Event, Kind},
    id::{AdviceId, EventId, Mid, OrderId},
};
use store::EventFilter;
use tokio::time::Instant;

use crate::{Engine, Principal, Result};

/// Longest long-poll, seconds.
const WAIT_SECS_MAX: u64 = 30;
/// Largest page.
const LIMIT_MAX: u32 = 1_000;
/// How often a long-poll looks when nothing wakes it, milliseconds: other processes on the same store tell events too.
const LOOK_MS: u64 = 1_000;
/// What comes within this time of a waking is read together, milliseconds.
const GATHER_MS: u64 = 20;

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
        let mut wanted = EventFilter {
            owners,
            environment: principal.environment,
            kinds: (!feed.types.is_empty()).then(|| kinds(&feed.types)),
            order: feed.order,
            after: if feed.latest { self.store.last_event().await? } else { feed.after.unwrap_or(0) },
            limit: feed.limit.clamp(1, LIMIT_MAX),
        };
        let deadline = Instant::now() + Duration::from_secs(feed.wait_secs.min(WAIT_SECS_MAX));
        loop {
            // Before the read, so that nothing told in between is slept over.
            let mut told = std::pin::pin!(self.wake_events.notified());
            told.as_mut().enable();
            let (events, more) = self.page(&mut wanted).await?;
            if !events.is_empty() || Instant::now() >= deadline || self.is_draining() {
                return Ok((events, wanted.after, more));
            }
            let look_at = deadline.min(Instant::now() + Duration::from_millis(LOOK_MS));
            tokio::select! {
                () = told => tokio::time::sleep(Duration::from_millis(GATHER_MS)).await,
                () = tokio::time::sleep_until(look_at) => {}
            }
        }
    }

    /// One page behind the cursor, which moves on over everything that was looked at, and whether more is there.
    async fn page(&self, wanted: &mut EventFilter) -> Result<(Vec<(u64, Event)>, bool)> {
        let limit = wanted.limit as usize;
        let (mut events, newest) = match self.events_of_order(wanted).await? {
            Some(found) => found,
            None => self.store.events_page(EventFilter { limit: wanted.limit + 1, ..wanted.clone() }).await?,
        };
        let more = events.len() > limit;
        events.truncate(limit);
        let last = events.last().map_or(wanted.after, |(cursor, _)| *cursor);
        wanted.after = if more { last } else { last.max(newest) };
        Ok((events, more))
    }

    /// The events of one order, or of one advice, are found by its row; `None` when it does not tell them all.
    async fn events_of_order(&self, wanted: &EventFilter) -> Result<Option<(Vec<(u64, Event)>, u64)>> {
        let Some(id) = wanted.order else { return Ok(None) };
        let newest = self.store.last_event().await?;
        let Some(told) = self.teller(id).await? else { return Ok(Some((vec![], newest))) };
        let ids = told.ids;
        if ids.len() + 1 < told.next_sequence as usize {
            return Ok(None);
        }
        let theirs = wanted.owners.as_ref().is_none_or(|owners| owners.contains(&told.mid.into()));
        if !theirs || told.environment != wanted.environment {
            return Ok(Some((vec![], newest)));
        }
        let mut events = self.store.events_by_id(&ids).await?;
        events.retain(|(cursor, event)| {
            *cursor > wanted.after && wanted.kinds.as_ref().is_none_or(|kinds| kinds.contains(&event.kind))
        });
        Ok(Some((events, newest)))
    }

    async fn teller(&self, id: OrderId) -> Result<Option<Told>> {
        if let Some(order) = self.store.order(id).await? {
            let (mid, environment, next_sequence) = (order.mid, order.environment, order.next_sequence);
            return Ok(Some(Told { mid, environment, next_sequence, ids: order.event_ids() }));
        }
        let advice = self.store.advice(AdviceId(id.0)).await?;
        Ok(advice.map(|advice| {
            let (mid, environment, next_sequence) = (advice.mid, advice.environment, advice.next_sequence);
            Told { mid, environment, next_sequence, ids: advice.event_ids() }
        }))
    }
}

/// Whose events, and which.
struct Told {
    mid: Mid,
    environment: Environment,
    next_sequence: u32,
    ids: Vec<EventId>,
}

/// The kinds that some pattern covers. Patterns that cover none leave a list that no event is in.
fn kinds(patterns: &[String]) -> Vec<Kind> {
    Kind::ALL.iter().copied().filter(|kind| patterns.iter().any(|pattern| kind.matches(pattern))).collect()
}
