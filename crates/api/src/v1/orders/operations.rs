//! How `/v1/orders` is served and described.

use domain::bounds::{ID_CHARS_MAX, TEXT_CHARS_MAX};
use serde_json::json;

use super::{block, cancel, explanation, external_cancel, get, list, refund, timeline};
use crate::{
    json::shape::{Shape, boolean, date_time, guid, integer, number, object, text, word},
    operation::{Operation, Schema, Tag, schema},
    read,
    render::{Envelope, order, orders::Page, refund as refunded},
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/orders", list)
            .id("listOrders")
            .tag(Tag::Orders)
            .scope("orders:read")
            .summary("List orders")
            .about("`Accept: text/csv` gives the flat members as CSV. Rows have no `attempts.items`, `orderItems` and `decision`.")
            .query("query", "Names, e-mail, any order id, reference")
            .query("status", "0 to 7, comma separated or repeated: 0 Draft, 1 Onhold, 2 Cancelled, 3 Problem, 4 Processing, 5 Capturerequired, 6 Returned, 7 Completed")
            .query_as("from", date_time().about("Placed at or after"))
            .query_as("to", date_time().about("Placed at or before"))
            .query_as("mid", guid().about("Only of this merchant"))
            .query_as("siteId", guid().about("Only of this site"))
            .query_as("channel", word(&["cit_web", "cit_call_center", "mit"]))
            .query_as("isMIT", boolean())
            .query_as("isTestMode", boolean())
            .query("externalOrderId", "The merchant's order id")
            .query_as("chargeback", boolean().about("With or without a dispute"))
            .query_as("siteResolved", boolean())
            .query_as("orderBy", word(&["createdOn", "orderPlacedDate", "updatedOn", "expiryDate", "amount"]).default(json!("createdOn")))
            .query_as("sort", word(&["asc", "desc"]).default(json!("desc")))
            .query_as("pageNumber", integer().about("Page, from 1").default(json!(1)))
            .query_as("pageSize", integer().about("Rows of a page, at most 200").default(json!(10)))
            .answers(200, schema::<Page<'static>>())
            .answers_as(200, "text/csv", Schema::Text),
        Operation::get("/v1/orders/{id}", get)
            .id("getOrder")
            .tag(Tag::Orders)
            .scope("orders:read")
            .summary("Read an order")
            .path_as("id", text(ID_CHARS_MAX).about("`orderSessionKey`, or with `by=external` the merchant's order id"))
            .query_as("by", word(&["external"]).about("`external`: newest order of the merchant's id"))
            .query_as("mid", guid().about("With `by=external`: whose order; default: the key's own"))
            .answers(200, schema::<order::Body<'static>>()),
        Operation::get("/v1/orders/{id}/timeline", timeline)
            .id("getOrderTimeline")
            .tag(Tag::Orders)
            .scope("orders:read")
            .path("id", "`orderSessionKey`")
            .summary("Read everything that happened to an order")
            .about(
                "In its true order. `kind`: `received site_resolved classified decided scheduled attempt attempt_result reconciled \
                 challenge credential_updated captured voided refunded chargeback external_payment hold release expired cancelled \
                 webhook`.",
            )
            .answers(200, schema::<crate::render::timeline::Body<'static>>()),
        Operation::get("/v1/orders/{id}/explanation", explanation)
            .id("getOrderExplanation")
            .tag(Tag::Orders)
            .scope("orders:read")
            .path("id", "`orderSessionKey`")
            .query_as("decision", word(&["latest", "all"]).default(json!("latest")).about("The newest decision, or all, oldest first"))
            .summary("Read why an order was worked as it was")
            .about(
                "Each decision is made again from what is stored of it, with the model and the rules of its time: `replayed` says \
                 that it came out the same, bit for bit. Of more than a hundred decisions the newest.",
            )
            .answers(200, schema::<crate::render::explanation::Body<'static>>()),
        Operation::post("/v1/orders/{id}/cancel", cancel)
            .id("cancelOrder")
            .tag(Tag::Orders)
            .scope("evaluate")
            .summary("Stop the rescue of an order")
            .about("No further attempt is made; one in flight is awaited and reversed if approved. Success is an **empty** body. A completed order is refunded instead: 409 `40903`.")
            .path("id", "`orderSessionKey`")
            .body(cancellation())
            .example("plain", "No member is needed", json!({}))
            .answers_empty(200),
        Operation::post("/v1/orders/{id}/external-cancel", external_cancel)
            .id("cancelOrderExternally")
            .tag(Tag::Orders)
            .scope("evaluate")
            .summary("Stop the rescue by the merchant's order id")
            .about("Acts on the newest open order of that id, after an evaluate that still runs. Success is an **empty** body.")
            .path_as("id", text(ID_CHARS_MAX).about("The merchant's order id, percent-encoded").example("INV-1001"))
            .query_as("mid", guid().about("Whose order; default: the key's own"))
            .body(cancellation())
            .example("plain", "No member is needed", json!({}))
            .answers_empty(200),
        block::operation(),
        Operation::post("/v1/orders/{id}/refund", refund)
            .id("refundOrder")
            .tag(Tag::Orders)
            .scope("refunds")
            .summary("Refund an order")
            .about(
                "The one amount in decimal major units. A business refusal is HTTP 200: `2001` more than is refundable, `2002` partial \
                 refund over the merchant's limit, `2003` disputed, `2004` refused by the processor. Without a key the same amount and \
                 message within 24 hours is answered as before.",
            )
            .path("id", "`orderSessionKey`")
            .body(
                object("RefundRequest", "What to give back.")
                    .required("amountToRefund", number().about("Decimal major units, `19.99`; above zero, number or text"))
                    .optional("refundMessage", text(TEXT_CHARS_MAX).about("For the records"))
                    .optional("idempotencyKey", read::shape::key()),
            )
            .example("part", "Five dollars", json!({"amountToRefund": 5.00, "refundMessage": "Damaged"}))
            .answers(200, schema::<refunded::Body<'static>>())
            .answers(502, schema::<Envelope<'static>>())
            .when("The processor's answer is unknown; the refund goes on behind it"),
    ]
}

fn cancellation() -> Shape {
    object("CancelRequest", "Nothing is needed.")
        .optional("idempotencyKey", read::shape::key())
        .optional("mid", read::shape::mid())
}
