//! How `/v1/processors` is served and described.

use serde_json::json;

use super::{create, delete, get, kinds, list, patch, webhook};
use crate::{
    json::shape::{Shape, any, boolean, currency, guid, integer, list as items, map, object, text, word},
    operation::{Access, Budget, Operation, Tag, schema},
    render::{
        List,
        processor::{Body, Kind},
    },
};

const ENVIRONMENTS: &[&str] = &["sandbox", "production"];
const STATUSES: &[&str] = &["ACTIVE", "PAUSED", "DOWN"];
const ABOUT: &str = "For the operator, and for merchants with the scope `processors` on their own accounts.";

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/processors", list)
            .id("listProcessors")
            .tag(Tag::Processors)
            .scope("processors")
            .summary("List processor accounts")
            .about(ABOUT)
            .listed()
            .query_as("environment", word(ENVIRONMENTS).about("Only accounts of this environment"))
            .answers(200, schema::<List<Body<'_>>>()),
        Operation::post("/v1/processors", create)
            .id("createProcessor")
            .tag(Tag::Processors)
            .scope("processors")
            .summary("Add a processor account")
            .about("It gets attempts once a route names it. `credentials` are sealed and never shown again.")
            .body(shape())
            .example("gateway", "A gateway behind the plain HTTP contract", example())
            .answers(201, schema::<Body<'_>>()),
        Operation::get("/v1/processors/kinds", kinds)
            .id("listProcessorKinds")
            .tag(Tag::Processors)
            .scope("processors")
            .summary("List the connectors and the settings they take")
            .answers(200, schema::<Vec<Kind>>()),
        Operation::get("/v1/processors/{id}", get)
            .id("getProcessor")
            .tag(Tag::Processors)
            .scope("processors")
            .path("id", "Processor id")
            .summary("Read a processor account")
            .versioned()
            .answers(200, schema::<Body<'_>>()),
        Operation::patch("/v1/processors/{id}", patch)
            .id("updateProcessor")
            .tag(Tag::Processors)
            .scope("processors")
            .path("id", "Processor id")
            .summary("Change a processor account")
            .versioned()
            .about("Members left out stay. A blank header value or `webhookSecret` takes the credential away.")
            .body(shape().all_optional().named("ProcessorChange"))
            .example("pause", "No new attempts", json!({"status": "PAUSED"}))
            .answers(200, schema::<Body<'_>>()),
        Operation::delete("/v1/processors/{id}", delete)
            .id("deleteProcessor")
            .tag(Tag::Processors)
            .scope("processors")
            .path("id", "Processor id")
            .summary("Take a processor account out of use")
            .versioned()
            .about("Refused while routes or unsettled attempts name it. What it did before can still be captured and refunded.")
            .answers_empty(204),
        Operation::post("/v1/processors/{id}/webhook", webhook)
            .id("receiveProcessorNotification")
            .tag(Tag::Processors)
            .access(Access::ProcessorSignature)
            .budget(Budget::Unlimited)
            .path("id", "Processor id")
            .summary("A processor's own notification")
            .about(
                "Signed by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`) with the account's \
                 `webhookSecret`, at most five minutes old; one id is taken once. Types: `attempt.result`, `refund.result`, \
                 `chargeback.received`; others are ignored.",
            )
            .header("webhook-id", "Id of the notification: the same however often it is sent")
            .header("webhook-timestamp", "Unix seconds of this sending")
            .header("webhook-signature", "`v1,` and base64 of HMAC-SHA256 over id, timestamp and body")
            .body(
                object("ProcessorNotification", "What happened.")
                    .required("type", text(255).about("Kind"))
                    .optional("timestamp", text(64).about("When it happened"))
                    .required("data", any().about("What it says, by kind")),
            )
            .example(
                "approved",
                "An attempt was approved",
                json!({"type": "attempt.result", "data": {"attempt_id": "0190b0a2-7c3e-7d4f-8a1b-2c3d4e5f6071", "approved": true, "response_code": "00"}}),
            )
            .answers_empty(204),
    ]
}

fn shape() -> Shape {
    object("ProcessorDraft", "A processor account.")
        .required("name", text(255).about("Shown in attempts"))
        .required("kind", text(255).about("Connector, of `/v1/processors/kinds`").example("http"))
        .required("environment", word(ENVIRONMENTS).about("Cannot be changed"))
        .required("baseUrl", text(2000).about("https address of the plain HTTP contract").example("https://pay.example/recoup"))
        .optional("mid", guid().about("Its merchant; operator only: absent = for every merchant"))
        .optional("status", word(STATUSES).about("Whether it takes attempts").default(json!("ACTIVE")))
        .optional("revealCard", boolean().about("Send the card number").default(json!(false)))
        .optional("connectTimeoutMs", integer().at_least(1).about("Time to connect").default(json!(2000)))
        .optional("totalTimeoutMs", integer().at_least(1).at_most(120_000).about("Time for a whole call").default(json!(20_000)))
        .optional(
            "credentials",
            object("ProcessorCredentials", "Write-only.")
                .optional("headers", map(text(4096)).about("Static headers of every call"))
                .optional("webhookSecret", text(255).about("Base64 of 24 to 64 bytes, with or without `whsec_`")),
        )
        .optional("capabilities", capabilities())
}

fn capabilities() -> Shape {
    object("ProcessorCapabilitiesDraft", "What it can and takes; routing heeds it.")
        .optional("authCapture", boolean().about("Authorise now, capture later").default(json!(true)))
        .optional("partial", boolean().about("May approve a part").default(json!(true)))
        .optional("networkToken", boolean().about("Takes network tokens").default(json!(false)))
        .optional("threeDS", boolean().about("Takes 3-D Secure data").default(json!(true)))
        .optional("lookup", boolean().about("Results can be looked up").default(json!(true)))
        .optional("updater", boolean().about("Offers an account updater").default(json!(false)))
        .optional("void", boolean().about("Can give an approval back").default(json!(true)))
        .optional("refund", boolean().about("Can refund").default(json!(true)))
        .optional("currencies", items(currency(), 200).about("Currencies it takes; empty: all"))
        .optional("networks", items(text(20), 200).about("Networks it takes; empty: all"))
}

fn example() -> serde_json::Value {
    json!({
        "name": "acquirer-eu", "kind": "http", "environment": "production", "baseUrl": "https://pay.example/recoup",
        "credentials": {"headers": {"Authorization": "Bearer …"}, "webhookSecret": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="},
        "capabilities": {"currencies": ["EUR", "GBP"], "networks": ["visa", "mastercard"]},
    })
}
