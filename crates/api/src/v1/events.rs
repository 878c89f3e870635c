//! `GET /v1/events`: the feed of everything that webhooks tell (`wire-api` §7.5).

use std::{collections::BTreeMap, fmt::Write as _};

use axum::extract::State;
use domain::{
    event::Event,
    fault::Faults,
    id::{Mid, OrderId},
};
use engine::webhook::Feed;
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    json::shape::{guid, integer},
    operation::{Operation, Tag, schema},
    render::{Iso, Reply},
    state::AppState,
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/events", list)
            .id("listEvents")
            .tag(Tag::Webhooks)
            .scope("orders:read")
            .summary("Read the feed of events")
            .about(
                "All events of the caller's environment, oldest first, with the payloads that webhooks carry; kept 90 days. Without \
                 `after` it begins with the oldest.",
            )
            .query("after", "Cursor of an earlier page, or `latest`: only what comes from now on")
            .query_as("limit", integer().about("Events of a page, at most 1000").default(json!(100)))
            .query("types", "Names or patterns such as `order.*`, comma separated")
            .query_as("orderId", guid().about("Only of this order"))
            .query_as("mid", guid().about("Only of this merchant"))
            .query_as("wait", integer().about("Seconds to wait for the first event, at most 30").default(json!(0)))
            .answers(200, schema::<Page>()),
    ]
}

/// A page of events.
#[derive(JsonSchema)]
#[schemars(rename = "EventPage", rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used; the page is joined from stored text")]
struct Page {
    /// Oldest first.
    events: Vec<Entry>,
    /// `after` of the next page.
    next_cursor: String,
    /// Whether more is there already.
    has_more: bool,
}

/// An event with its place in the feed.
#[derive(JsonSchema)]
#[schemars(rename = "FeedEntry")]
#[expect(dead_code, reason = "only its schema is used")]
struct Entry {
    /// Place in the feed.
    cursor: String,
    /// `webhook-id`: the same on every delivery.
    #[schemars(regex(pattern = "^msg_"))]
    id: String,
    /// Exactly what webhooks carry.
    payload: Payload,
}

/// What a webhook carries.
#[derive(JsonSchema)]
#[schemars(rename = "Event", rename_all = "PascalCase")]
#[expect(dead_code, reason = "only its schema is used")]
struct Payload {
    /// Name of the event.
    event: String,
    /// When it happened.
    time_stamp: Iso,
    /// Members that depend on the event.
    event_data: BTreeMap<String, Value>,
    /// The merchant's order id.
    external_order_id: Option<String>,
    /// `orderSessionKey`.
    order_id: Option<OrderId>,
    /// Eight hexadecimal characters.
    confirmation_id: Option<String>,
    /// Made on the sandbox processor.
    is_test_mode: bool,
    /// Whether it was sent before.
    is_resent: bool,
}

/// Events of one page when the caller names no limit.
const LIMIT_DEFAULT: u32 = 100;
/// Most events of one page.
const LIMIT_MAX: u32 = 1_000;
/// Longest long-poll, seconds.
const WAIT_SECS_MAX: u32 = 30;

/// Reads the query, waits if asked to, answers.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let (events, next, has_more) = state.engine().events(&principal, &feed(&query)?).await?;
    Ok(Reply::text(http::StatusCode::OK, page(&events, next, has_more)))
}

fn feed(query: &Query) -> Result<Feed, Faults> {
    let mut faults = Faults::new();
    let mut id = |name: &str, path: &str, known: bool| {
        if query.get(name).is_some() && !known {
            faults.invalid(path);
        }
    };
    let (mid, order) = (query.parsed("mid", Mid::parse), query.parsed("orderId", OrderId::parse));
    let latest = query.get("after").is_some_and(|after| after.trim().eq_ignore_ascii_case("latest"));
    let after = query.parsed("after", |text| text.parse().ok());
    id("mid", "Mid", mid.is_some());
    id("orderId", "OrderId", order.is_some());
    id("after", "After", latest || after.is_some());
    let types = query.all("types").flat_map(|value| value.split(',')).map(str::trim).filter(|part| !part.is_empty());
    let feed = Feed {
        after,
        latest,
        limit: query.bounded("limit", LIMIT_DEFAULT, 1, LIMIT_MAX),
        types: types.map(str::to_owned).collect(),
        order,
        mid,
        wait_secs: query.bounded("wait", 0, 0, WAIT_SECS_MAX).into(),
    };
    if faults.is_empty() { Ok(feed) } else { Err(faults) }
}

/// The payloads are JSON text already: exactly the bytes that webhooks carry.
fn page(events: &[(u64, Event)], next: u64, has_more: bool) -> String {
    let size = events.iter().map(|(_, event)| event.payload.len() + 120).sum::<usize>() + 80;
    let mut out = String::with_capacity(size);
    out.push_str("{\"events\":[");
    for (place, (cursor, event)) in events.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let _ = write!(out, "{{\"cursor\":\"{cursor}\",\"id\":\"{}\",\"payload\":{}}}", event.id.wire(), event.payload);
    }
    let _ = write!(out, "],\"nextCursor\":\"{next}\",\"hasMore\":{has_more}}}");
    out
}

#[cfg(test)]
mod tests {
    use domain::{environment::Environment, event::Kind, id::EventId, time::Timestamp};

    use super::*;

    fn reading(pairs: &[(&str, &str)]) -> Result<Feed, Faults> {
        feed(&Query::from(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>()))
    }

    #[test]
    fn queries_are_read() {
        let feed = reading(&[("after", "42"), ("types", "order.*, payment.*"), ("limit", "5000"), ("wait", "90")]).unwrap();
        assert_eq!((feed.after, feed.limit, feed.wait_secs, feed.types.len()), (Some(42), 1000, 30, 2));
        assert!(reading(&[("after", "Latest")]).unwrap().latest);
        assert_eq!(reading(&[]).unwrap().limit, 100);
        for (name, path) in [("after", "After"), ("mid", "Mid"), ("orderId", "OrderId")] {
            assert!(reading(&[(name, "x")]).unwrap_err().has(path));
        }
    }

    #[test]
    fn payloads_are_embedded_as_they_are() {
        let event = Event {
            id: EventId::from_bytes([1; 16]),
            owner: Mid::from_bytes([2; 16]).into(),
            environment: Environment::Sandbox,
            order: None,
            sequence: 0,
            kind: Kind::OrderCompleted,
            at: Timestamp::EPOCH,
            payload: "{\"Event\":\"order.completed\"}".into(),
        };
        assert_eq!(
            page(&[(7, event)], 7, false),
            "{\"events\":[{\"cursor\":\"7\",\"id\":\"msg_01010101010101010101010101010101\",\
             \"payload\":{\"Event\":\"order.completed\"}}],\"nextCursor\":\"7\",\"hasMore\":false}"
        );
        assert_eq!(page(&[], 0, true), "{\"events\":[],\"nextCursor\":\"0\",\"hasMore\":true}");
    }
}
