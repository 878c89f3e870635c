//! How `/v1/advice` is served and described.

use domain::{advice::Policy, bounds::ID_CHARS_MAX};
use serde_json::{Value, json};

use super::{attempts, cancel, explanation, get, post};
use crate::{
    json::shape::{Shape, boolean, date_time, integer, list, object, text, word},
    operation::{Budget, Operation, Tag, schema},
    read::{Amounts, shape},
    render::advice::Body,
};

const ABOUT: &str = "\
For those who charge the card themselves: Recoup says whether, when and how, by the same model and under the same network limits \
as a rescue. The body is that of `/v1/evaluate`, without a card number: a token, or `cardFingerprint`, `cardBinNumber`, \
`cardLast4Digits` and expiry. A second call with the same `orderId` returns the open advice; with another card or a new decline in \
it, that joins and the advice is decided anew.

`decision` `RETRY`: charge at `retryAtUtc`, as `how` says. `WAIT_FOR_DATA`: ask the account updater (or get a network token) first. \
`ASK_CUSTOMER`: only the customer can help. `NONE` while open: nothing is worth an attempt before the deadline. Report every attempt; \
`retry.due` is sent `leadSeconds` before `retryAtUtc`, and `retry.exhausted` once when an advice ends without success.";

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/advice", post)
            .id("createAdvice")
            .tag(Tag::Advice)
            .scope("advice")
            .budget(Budget::Evaluate)
            .summary("Ask when and how to retry a declined payment")
            .about(ABOUT)
            .body(request())
            .runnable("rebill", "A rebill without funds, on a card that is vaulted elsewhere", json!({
                "orderId": "INV-3001", "idempotencyKey": "5f0c2d34-9f0e-4a51-8a55-0f4b6f1c7a31",
                "isMIT": true, "isRecurring": true, "orderSource": "subscription",
                "transaction": {
                    "id": "tx-3001", "amount": 1999, "currency": "USD", "responseCode": "51", "responseCodeSource": "nmi",
                    "avsResultCode": "NA", "cvvResultCode": "NA", "cavvResultCode": "NA", "timezoneUtcOffset": "-05:00"
                },
                "paymentMethod": {
                    "cardFingerprint": "fp-7781", "cardBinNumber": "41111111", "cardLast4Digits": "1111", "expirationMonth": 12,
                    "expirationYear": 2031, "cardType": "DEBIT", "cardCountry": "US"
                },
                "attempts": [{"transactionId": "tx-2990", "timestampUtc": "2026-11-18T06:00:00Z", "responseCode": "51", "approved": false}],
                "policy": {"maxAttempts": 6, "minIntervalMinutes": 720, "allowedLocalHours": "06:00-22:00", "routes": ["acq-1", "acq-2"]}
            }))
            .answers(200, schema::<Body<'static>>())
            .showing(sample()),
        Operation::get("/v1/advice/{id}", get)
            .id("getAdvice")
            .tag(Tag::Advice)
            .scope("advice")
            .path("id", "`adviceId`")
            .summary("Read an advice")
            .answers(200, schema::<Body<'static>>()),
        Operation::get("/v1/advice/{id}/explanation", explanation)
            .id("getAdviceExplanation")
            .tag(Tag::Advice)
            .scope("advice")
            .path("id", "`adviceId`")
            .query_as("decision", word(&["latest", "all"]).default(json!("latest")).about("The newest decision, or all, oldest first"))
            .summary("Read why it was advised so")
            .about("As for orders: each decision is made again from what is stored of it, and `replayed` says that it came out the same.")
            .answers(200, schema::<crate::render::explanation::Body<'static>>()),
        Operation::post("/v1/advice/{id}/attempts", attempts)
            .id("reportAdvisedAttempt")
            .tag(Tag::Advice)
            .scope("advice")
            .budget(Budget::Evaluate)
            .path("id", "`adviceId`")
            .summary("Report an attempt, and get the next advice")
            .about(
                "It counts for the networks' limits and as transmitted. Made before `retryNotBeforeUtc` it is booked all the same, and \
                 `customProperties.tooEarly` says so. An approval of the whole amount ends the advice; one of a part leaves the rest \
                 due when the policy says `allowPartial`. An advice that has ended takes none: 409 `40903`.",
            )
            .body(attempt())
            .example("declined", "Tried on the second route, declined", json!({
                "idempotencyKey": "5f0c2d34-9f0e-4a51-8a55-0f4b6f1c7a32", "approved": false, "route": "acq-2",
                "transaction": {
                    "id": "tx-3002", "amount": 1999, "currency": "USD", "responseCode": "51", "responseCodeSource": "nmi"
                }
            }))
            .answers(200, schema::<Body<'static>>()),
        Operation::post("/v1/advice/{id}/cancel", cancel)
            .id("cancelAdvice")
            .tag(Tag::Advice)
            .scope("advice")
            .path("id", "`adviceId`")
            .summary("End an advice")
            .about("Success is an **empty** body, also for one that has ended without success. One that succeeded: 409 `40903`.")
            .body(object("AdviceCancelRequest", "Nothing is needed.").optional("idempotencyKey", shape::key()))
            .example("plain", "No member is needed", json!({}))
            .answers_empty(200),
    ]
}

fn request() -> Shape {
    let own = object("AdviceRequest", "A declined payment that the caller collects by itself.")
        .required("orderId", shape::order_id())
        .required("idempotencyKey", shape::key())
        .optional("mid", shape::mid())
        .optional("isDeclined", boolean().about("`false`: nothing is to be advised, it is stored as a copy").default(json!(true)))
        .optional("expiryDateUtc", date_time().about("The deadline, when the policy names none"));
    shape::payment_with(own, Amounts::Due, method()).optional("attempts", shape::prior_attempts()).optional("policy", policy())
}

fn method() -> Shape {
    shape::known_method(
        object("AdvisedPaymentMethod", "A vaulted card by token, or what tells it from others; never a card number.")
            .optional("cardNumber", text(64).about("Vault token (GUID). A card number is refused"))
            .optional("Token", boolean().about("Tolerated")),
    )
}

fn policy() -> Shape {
    object("AdvicePolicy", "The caller's own bounds, kept beside the networks' rules.")
        .optional(
            "deadlineUtc",
            date_time().about("Nothing is advised from then on, at most 60 days ahead. Default: the merchant's rescue window"),
        )
        .optional(
            "maxAttempts",
            integer()
                .at_least(1)
                .at_most(Policy::ATTEMPTS_MAX.into())
                .about("Attempts after this decline")
                .default(json!(Policy::ATTEMPTS_DEFAULT)),
        )
        .optional(
            "minIntervalMinutes",
            integer().at_least(0).at_most(Policy::MIN_INTERVAL_MINUTES_MAX.into()).about("Shortest time between two attempts"),
        )
        .optional(
            "allowedLocalHours",
            text(32).about("Hours of the cardholder's day, `HH:MM-HH:MM`; may wrap midnight").example("08:00-22:00"),
        )
        .optional("allowPartial", boolean().about("A part may be collected; the rest stays due").default(json!(false)))
        .optional(
            "routes",
            list(text(ID_CHARS_MAX), Policy::ROUTES_MAX).about("The caller's ways to charge, the preferred first"),
        )
        .optional(
            "leadSeconds",
            integer()
                .at_least(0)
                .at_most(Policy::LEAD_SECS_MAX.into())
                .about("How long before `retryAtUtc` `retry.due` is sent")
                .default(json!(Policy::LEAD_SECS_DEFAULT)),
        )
}

fn attempt() -> Shape {
    object("AdvisedAttempt", "An attempt that the caller made.")
        .required("idempotencyKey", shape::key())
        .required("approved", boolean())
        .required("transaction", shape::transaction(Amounts::Any).about("`responseCode` is required when it was declined"))
        .optional("route", text(ID_CHARS_MAX).about("The route that was taken"))
        .optional("paymentMethod", method().about("The card, when another than the one known was charged"))
}

fn sample() -> Value {
    json!({
        "adviceId": "0c9e1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c", "orderId": "INV-3001", "state": "OPEN", "decision": "RETRY",
        "decisionId": "1d9e1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c", "attemptNumber": 1, "attemptsRemaining": 5,
        "retryAtUtc": "2026-12-01T11:20:00.000000Z", "retryNotBeforeUtc": "2026-11-21T11:00:00.000000Z",
        "retryNotAfterUtc": "2026-12-01T17:20:00.000000Z", "deadlineUtc": "2026-12-11T10:15:30.000000Z",
        "how": {
            "amount": 1999, "currency": "USD", "credential": "same", "initiator": "MIT", "mitReason": "recurring", "omitCvv": true,
            "stepUp3ds": false, "route": "acq-1"
        },
        "declineClass": "NSF", "probability": 0.41, "boundBy": [], "modelVersion": "2026.11.2", "success": true,
        "result": "Success", "status": "RETRY", "statusCode": null, "errors": [], "customProperties": {}
    })
}
