//! How `/v1/webhooks` is served and described.

use super::{create, delete, deliveries, delivery, get, list, patch, redeliver, replay, rotate_key, test};
use domain::bounds::{TEXT_CHARS_MAX, WEBHOOK_URL_CHARS_MAX};
use serde_json::json;

use crate::{
    json::shape::{Shape, boolean, date_time, guid, integer, list as list_of, object, text, word},
    operation::{Operation, Tag, schema},
    read,
    render::{
        List,
        webhook::{Endpoint, Shown},
    },
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/webhooks", list)
            .id("listWebhooks")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("List endpoints")
            .query_as("pageNumber", integer().about("Page, from 1").default(json!(1)))
            .query_as("pageSize", integer().about("Rows of a page, at most 200").default(json!(10)))
            .query_as("mid", guid().about("Only of this merchant"))
            .answers(200, schema::<List<Endpoint<'static>>>()),
        Operation::post("/v1/webhooks", create)
            .id("createWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Add an endpoint")
            .about("`hmacSigningKey` and `secret` (the same key with the prefix of Standard Webhooks) are shown only here and on rotation.")
            .body(draft("WebhookDraft", true))
            .runnable("all", "Everything", json!({"url": "https://example.com/recoup", "events": ["*"], "description": "Shop"}))
            .answers(201, schema::<Endpoint<'static>>()),
        Operation::get("/v1/webhooks/{id}", get)
            .id("getWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Read an endpoint")
            .versioned()
            .path("id", "Endpoint")
            .answers(200, schema::<Endpoint<'static>>()),
        Operation::patch("/v1/webhooks/{id}", patch)
            .id("updateWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Change an endpoint")
            .versioned()
            .path("id", "Endpoint")
            .about("`enabled: true` wakes an endpoint that was disabled after five days without success.")
            .body(draft("WebhookChange", false))
            .example("disable", "No more deliveries", json!({"enabled": false}))
            .answers(200, schema::<Endpoint<'static>>()),
        Operation::delete("/v1/webhooks/{id}", delete)
            .id("deleteWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Remove an endpoint")
            .versioned()
            .path("id", "Endpoint")
            .answers_empty(204),
        Operation::post("/v1/webhooks/{id}/rotate-key", rotate_key)
            .id("rotateWebhookKey")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Exchange the signing key")
            .versioned()
            .path("id", "Endpoint")
            .about("During the overlap `webhook-signature` carries both signatures; the other headers change at its end.")
            .body(object("KeyRotation", "How long both keys count.").optional(
                "overlapHours",
                integer().at_least(0).about("Hours").default(json!(24)),
            ))
            .example("day", "One day of both", json!({"overlapHours": 24}))
            .answers(200, schema::<Endpoint<'static>>()),
        Operation::post("/v1/webhooks/{id}/test", test)
            .id("testWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Send a test event")
            .path("id", "Endpoint")
            .about("Sends a sample with `IsTestMode: true` and answers the delivery.")
            .body(object("WebhookTest", "Which event.").optional("event", text(TEXT_CHARS_MAX).about("Default `order.completed`")))
            .example("completed", "A rescued order", json!({"event": "order.completed"}))
            .answers(200, schema::<Shown<'static>>()),
        Operation::post("/v1/webhooks/{id}/replay", replay)
            .id("replayWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Send the events of a period once more")
            .path("id", "Endpoint")
            .about("They are sent with `IsResent: true`.")
            .body(
                object("ReplayRequest", "Which events.")
                    .required("from", date_time().about("From this moment on"))
                    .optional("to", date_time().about("Default: everything since then"))
                    .optional("events", list_of(text(TEXT_CHARS_MAX), EVENTS_MAX).about("Names or patterns; default: all")),
            )
            .example("day", "One day", json!({"from": "2026-11-20T00:00:00Z", "to": "2026-11-21T00:00:00Z", "events": ["order.*"]}))
            .answers(202, schema::<super::replay::Body>()),
        Operation::get("/v1/webhooks/{id}/deliveries", deliveries)
            .id("listDeliveries")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("List deliveries")
            .path("id", "Endpoint")
            .query_as("pageNumber", integer().about("Page, from 1").default(json!(1)))
            .query_as("pageSize", integer().about("Rows of a page, at most 200").default(json!(10)))
            .answers(200, schema::<List<Shown<'static>>>()),
        Operation::get("/v1/webhooks/{id}/deliveries/{delivery}", delivery)
            .id("getDelivery")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Read a delivery")
            .path("id", "Endpoint")
            .path("delivery", "Delivery")
            .answers(200, schema::<Shown<'static>>()),
        Operation::post("/v1/webhooks/{id}/deliveries/{delivery}/redeliver", redeliver)
            .id("redeliver")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Send a delivery again")
            .path("id", "Endpoint")
            .path("delivery", "Delivery")
            .answers(202, schema::<Shown<'static>>()),
    ]
}

const EVENTS_MAX: usize = 100;

fn draft(name: &'static str, new: bool) -> Shape {
    let url = text(WEBHOOK_URL_CHARS_MAX).about("https, no private address; http only to this machine in the sandbox");
    let events = list_of(text(TEXT_CHARS_MAX), EVENTS_MAX).about("`*`, `order.*`, or names");
    let draft = object(name, "An endpoint.");
    let draft = if new {
        draft.required("url", url).required("events", events)
    } else {
        draft.optional("url", url).optional("events", events)
    };
    draft
        .optional("description", text(TEXT_CHARS_MAX))
        .optional("enabled", boolean().default(json!(true)))
        .optional(
            "ordering",
            word(&["strict", "none"]).about("`strict`: events of one order arrive in their order").default(json!("strict")),
        )
        .optional("mid", read::shape::mid())
}
