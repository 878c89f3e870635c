//! How `/v1/webhooks` is served and described.

use super::{create, delete, deliveries, delivery, get, list, patch, redeliver, replay, rotate_key, test};
use crate::operation::{Access, Budget, Operation, Tag};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/webhooks", list)
            .id("listWebhooks")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("List endpoints"),
        Operation::post("/v1/webhooks", create)
            .id("createWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Add an endpoint"),
        Operation::get("/v1/webhooks/{id}", get)
            .id("getWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Read an endpoint"),
        Operation::patch("/v1/webhooks/{id}", patch)
            .id("updateWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Change an endpoint"),
        Operation::delete("/v1/webhooks/{id}", delete)
            .id("deleteWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Remove an endpoint"),
        Operation::post("/v1/webhooks/{id}/rotate-key", rotate_key)
            .id("rotateWebhookKey")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Exchange the signing key"),
        Operation::post("/v1/webhooks/{id}/test", test)
            .id("testWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Send a test event"),
        Operation::post("/v1/webhooks/{id}/replay", replay)
            .id("replayWebhook")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Send the events of a period once more"),
        Operation::get("/v1/webhooks/{id}/deliveries", deliveries)
            .id("listDeliveries")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("List deliveries"),
        Operation::get("/v1/webhooks/{id}/deliveries/{delivery}", delivery)
            .id("getDelivery")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Read a delivery"),
        Operation::post("/v1/webhooks/{id}/deliveries/{delivery}/redeliver", redeliver)
            .id("redeliver")
            .tag(Tag::Webhooks)
            .scope("webhooks")
            .summary("Send a delivery again"),
    ]
}
