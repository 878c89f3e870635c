//! Webhook endpoints and deliveries (`wire-api` §7.1).

use domain::{
    id::{DeliveryId, Mid, OrderId, WebhookId},
    webhook::{self, Delivery, DeliveryState, Try},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::Iso;

/// An endpoint; its key is shown only when it is new.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Webhook")]
#[serde(rename_all = "camelCase")]
pub struct Endpoint<'a> {
    id: WebhookId,
    mid: Option<Mid>,
    url: &'a str,
    events: &'a [String],
    description: Option<&'a str>,
    enabled: bool,
    state: &'static str,
    ordering: &'static str,
    failing_since: Option<Iso>,
    last_success_on: Option<Iso>,
    created_on: Iso,
    #[serde(skip_serializing_if = "Option::is_none")]
    hmac_signing_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// An endpoint without its key.
pub fn endpoint(endpoint: &webhook::Endpoint) -> Endpoint<'_> {
    Endpoint {
        id: endpoint.id,
        mid: endpoint.owner.mid(),
        url: &endpoint.url,
        events: &endpoint.events,
        description: endpoint.description.as_deref(),
        enabled: endpoint.state == webhook::State::Enabled,
        state: endpoint.state.as_str(),
        ordering: endpoint.ordering.as_str(),
        failing_since: endpoint.failing_since.map(Iso),
        last_success_on: endpoint.last_success_at.map(Iso),
        created_on: Iso(endpoint.created_at),
        hmac_signing_key: None,
        secret: None,
    }
}

/// A new or rotated endpoint with its key.
pub fn with_key<'a>(of: &'a webhook::Endpoint, key: &'a str) -> Endpoint<'a> {
    Endpoint { hmac_signing_key: Some(key), secret: Some(format!("whsec_{key}")), ..endpoint(of) }
}

/// A delivery.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Delivery")]
#[serde(rename_all = "camelCase")]
pub struct Shown<'a> {
    id: DeliveryId,
    webhook_id: WebhookId,
    event_id: String,
    event: &'static str,
    order_id: Option<OrderId>,
    state: &'static str,
    is_resent: bool,
    created_on: Iso,
    next_attempt_utc: Option<Iso>,
    attempts: Vec<Attempt<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeliveryAttempt")]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
struct Attempt<'a> {
    attempt_utc: Iso,
    status: Option<u16>,
    latency_ms: u32,
    error: Option<&'a str>,
    response: Option<&'a str>,
}

/// A delivery with its attempts.
pub fn delivery(delivery: &Delivery) -> Shown<'_> {
    Shown {
        id: delivery.id,
        webhook_id: delivery.endpoint,
        event_id: delivery.event.wire(),
        event: delivery.kind.as_str(),
        order_id: delivery.order,
        state: delivery.state.as_str(),
        is_resent: delivery.resent,
        created_on: Iso(delivery.created_at),
        next_attempt_utc: (delivery.state == DeliveryState::Pending).then_some(Iso(delivery.due)),
        attempts: delivery.tries.iter().map(attempt).collect(),
    }
}

fn attempt(attempt: &Try) -> Attempt<'_> {
    Attempt {
        attempt_utc: Iso(attempt.at),
        status: attempt.status,
        latency_ms: attempt.latency_ms,
        error: attempt.error.as_deref(),
        response: attempt.answer.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        environment::Environment,
        event::Kind,
        id::EventId,
        time::Timestamp,
        webhook::{Ordering, State},
    };

    use super::*;

    #[test]
    fn keys_are_shown_only_when_asked_for() {
        let at = Timestamp::parse("2026-11-20T10:15:30Z").unwrap();
        let of = webhook::Endpoint {
            id: WebhookId::from_bytes([1; 16]),
            version: 1,
            owner: Mid::from_bytes([2; 16]).into(),
            environment: Environment::Sandbox,
            url: "https://hooks.example.com".into(),
            events: vec!["*".into()],
            description: None,
            state: State::AutoDisabled,
            ordering: Ordering::Strict,
            secret: vec![7; 64],
            previous: None,
            failing_since: Some(at),
            last_success_at: None,
            created_at: at,
        };
        let plain = serde_json::to_string(&endpoint(&of)).unwrap();
        assert_eq!(
            plain,
            "{\"id\":\"01010101-0101-0101-0101-010101010101\",\"mid\":\"02020202-0202-0202-0202-020202020202\",\
             \"url\":\"https://hooks.example.com\",\"events\":[\"*\"],\"description\":null,\"enabled\":false,\
             \"state\":\"auto_disabled\",\"ordering\":\"strict\",\"failingSince\":\"2026-11-20T10:15:30.000000Z\",\
             \"lastSuccessOn\":null,\"createdOn\":\"2026-11-20T10:15:30.000000Z\"}"
        );
        let keyed = serde_json::to_string(&with_key(&of, "AAEC")).unwrap();
        assert!(keyed.ends_with(",\"hmacSigningKey\":\"AAEC\",\"secret\":\"whsec_AAEC\"}"));
    }

    #[test]
    fn deliveries_say_when_they_are_tried_next() {
        let at = Timestamp::parse("2026-11-20T10:15:30Z").unwrap();
        let mut of = Delivery {
            id: DeliveryId::from_bytes([1; 16]),
            version: 1,
            owner: Mid::from_bytes([2; 16]).into(),
            environment: Environment::Sandbox,
            endpoint: WebhookId::from_bytes([3; 16]),
            event: EventId::from_bytes([4; 16]),
            kind: Kind::OrderCompleted,
            order: None,
            sequence: 1,
            state: DeliveryState::Pending,
            due: at,
            resent: false,
            created_at: at,
            tries: vec![Try { at, status: Some(500), latency_ms: 12, error: None, answer: Some("no".into()) }],
            trace: None,
        };
        let text = serde_json::to_string(&delivery(&of)).unwrap();
        assert!(
            text.contains("\"eventId\":\"msg_04040404040404040404040404040404\"") && text.contains("\"nextAttemptUtc\":\"2026")
        );
        assert!(text.contains(
            "{\"attemptUtc\":\"2026-11-20T10:15:30.000000Z\",\"status\":500,\"latencyMs\":12,\"error\":null,\"response\":\"no\"}"
        ));
        of.state = DeliveryState::Delivered;
        assert!(serde_json::to_string(&delivery(&of)).unwrap().contains("\"nextAttemptUtc\":null"));
    }
}
