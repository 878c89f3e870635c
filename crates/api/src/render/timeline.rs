//! The timeline of an order.

use domain::id::OrderId;
use engine::timeline::Item;
use schemars::JsonSchema;
use serde::Serialize;

/// The reply.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Timeline")]
pub struct Body<'a> {
    /// The order's `orderSessionKey`.
    order_id: String,
    /// Everything that happened, oldest first.
    items: Vec<Entry<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TimelineItem")]
struct Entry<'a> {
    /// From 1.
    sequence: usize,
    /// When, UTC.
    at_utc: String,
    /// What happened.
    kind: &'a str,
    /// `engine merchant customer operator processor`.
    actor: &'a str,
    /// In a sentence.
    summary: &'a str,
    /// In detail; members depend on the kind.
    data: &'a serde_json::Value,
}

impl<'a> Body<'a> {
    /// The reply for an order.
    pub fn of(order: OrderId, items: &'a [Item]) -> Self {
        let entries = (1..).zip(items).map(|(sequence, item)| Entry {
            sequence,
            at_utc: item.at.iso6(),
            kind: item.kind.as_str(),
            actor: item.actor.as_str(),
            summary: &item.summary,
            data: &item.data,
        });
        Self { order_id: order.to_string(), items: entries.collect() }
    }
}
