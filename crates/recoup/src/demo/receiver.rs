//! The shop's own webhook receiver, on loopback: what was delivered is seen here.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use domain::{event::Kind, time::Timestamp};
use serde::Deserialize;

/// Where the subscription shop's events arrive; the other merchant's have a path of their own and are only counted.
pub const SHOP_PATH: &str = "/shop";

/// What was delivered.
#[derive(Default)]
pub struct Receiver(Mutex<Received>);

#[derive(Default)]
struct Received {
    deliveries: u64,
    /// The event that ended each order of the shop.
    ended: HashMap<String, Kind>,
    /// Orders of the shop with a planned attempt: the merchant's order id and when.
    planned: BTreeMap<String, (String, Timestamp)>,
}

/// What the receiver reads of a payload (`wire-api` §7.2).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Payload {
    event: String,
    order_id: Option<String>,
    external_order_id: Option<String>,
    #[serde(default)]
    event_data: Data,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    next_attempt_utc: Option<String>,
}

impl Receiver {
    /// What answers deliveries.
    pub fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route(SHOP_PATH, post(of_shop))
            .fallback(post(async |State(receiver): State<Arc<Self>>| receiver.lock().deliveries += 1))
            .with_state(self.clone())
    }

    /// Deliveries taken, repeated ones too.
    pub fn deliveries(&self) -> u64 {
        self.lock().deliveries
    }

    /// Orders of the shop whose final event was delivered.
    pub fn ended(&self) -> usize {
        self.lock().ended.len()
    }

    /// Whether an order's final event was delivered.
    pub fn has_ended(&self, order: &str) -> bool {
        self.lock().ended.contains_key(order)
    }

    /// The planned attempts from an instant on, the nearest first: when, and the merchant's order id.
    pub fn next(&self, from: Timestamp, most: usize) -> Vec<(Timestamp, String)> {
        let received = self.lock();
        let due = received.planned.values().filter(|(_, at)| *at >= from);
        let mut due: Vec<(Timestamp, String)> = due.map(|(order, at)| (*at, order.clone())).collect();
        due.sort();
        due.truncate(most);
        due
    }

    fn take(&self, payload: Payload) {
        let mut received = self.lock();
        received.deliveries += 1;
        let (Some(order), Some(kind)) = (payload.order_id, Kind::parse(&payload.event)) else { return };
        match kind {
            Kind::OrderScheduled => {
                if let Some(at) = payload.event_data.next_attempt_utc.as_deref().and_then(Timestamp::parse) {
                    received.planned.insert(order, (payload.external_order_id.unwrap_or_default(), at));
                }
            }
            Kind::OrderAttempted => {
                received.planned.remove(&order);
            }
            kind if kind.is_final() => {
                received.planned.remove(&order);
                received.ended.insert(order, kind);
            }
            _ => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Received> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn of_shop(State(receiver): State<Arc<Receiver>>, Json(payload): Json<Payload>) -> StatusCode {
    receiver.take(payload);
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(receiver: &Receiver, event: &str, order: &str, data: &serde_json::Value) {
        let payload = json!({"Event": event, "OrderId": order, "ExternalOrderId": format!("INV-{order}"), "EventData": data});
        receiver.take(serde_json::from_value(payload).unwrap());
    }

    #[test]
    fn plans_stand_until_they_are_carried_out_or_the_order_ends() {
        let receiver = Receiver::default();
        let at = |text: &str| json!({ "NextAttemptUtc": text });
        told(&receiver, "order.scheduled", "a", &at("2026-12-02T05:00:00Z"));
        told(&receiver, "order.scheduled", "b", &at("2026-12-01T05:00:00Z"));
        told(&receiver, "order.scheduled", "c", &at("2026-12-03T05:00:00Z"));
        let next = |receiver: &Receiver| receiver.next(Timestamp::EPOCH, 9).into_iter().map(|(_, id)| id).collect::<Vec<_>>();
        assert_eq!(next(&receiver), ["INV-b", "INV-a", "INV-c"]);
        told(&receiver, "order.attempted", "b", &json!({}));
        told(&receiver, "order.completed", "c", &json!({}));
        told(&receiver, "order.completed", "c", &json!({}));
        assert_eq!(next(&receiver), ["INV-a"]);
        assert_eq!((receiver.deliveries(), receiver.ended()), (6, 1));
        assert!(receiver.has_ended("c") && !receiver.has_ended("a"));
    }

    #[test]
    fn unknown_events_are_counted_only() {
        let receiver = Receiver::default();
        told(&receiver, "order.invented", "a", &json!({}));
        receiver.take(serde_json::from_value(json!({"Event": "webhook.disabled", "OrderId": null})).unwrap());
        assert_eq!((receiver.deliveries(), receiver.ended()), (2, 0));
    }
}
