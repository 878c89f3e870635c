//! `POST /v1/orders/{id}/block`: the order's customer, its card, or both go on the blocklist.

use axum::extract::{Path, State};
use domain::{bounds::TEXT_CHARS_MAX, fault::Faults};
use engine::OrderBlockDraft;
use http::StatusCode;
use serde_json::json;

use crate::{
    extract::Call,
    failure::Failure,
    json::{
        self, Reader,
        shape::{boolean, object, text},
    },
    operation::{Operation, Tag, schema},
    render::{
        Reply,
        block::{Body, OfOrder},
    },
    state::AppState,
};

/// How it is served and described.
pub fn operation() -> Operation {
    Operation::post("/v1/orders/{id}/block", block)
        .id("blockOrder")
        .tag(Tag::Blocklist)
        .scope("blocklist")
        .path("id", "`orderSessionKey`")
        .summary("Block the customer or the card of an order")
        .about("At least one of the two. Open rescues of what is blocked are cancelled.")
        .body(
            object("OrderBlockDraft", "What of the order to block.")
                .optional("customer", boolean().about("Its payer"))
                .optional("paymentInstrument", boolean().about("Its card, with any expiry date"))
                .optional("reason", text(TEXT_CHARS_MAX).about("For yourself")),
        )
        .example("both", "Customer and card", json!({"customer": true, "paymentInstrument": true, "reason": "friendly fraud"}))
        .answers(201, schema::<OfOrder<'_>>())
        .when("Something was not blocked before.")
        .answers(200, schema::<OfOrder<'_>>())
        .when("All of it was.")
}

/// Reads, blocks; 201 when anything is new, else 200.
async fn block(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let order = super::id(&id)?;
    let (draft, faults) = {
        let node = json::parse(&call.body)?;
        let mut faults = Faults::new();
        let mut reader = Reader::new(&node, &mut faults);
        let draft = OrderBlockDraft {
            customer: reader.boolean("customer").unwrap_or(false),
            payment_instrument: reader.boolean("paymentInstrument").unwrap_or(false),
            reason: reader.text("reason", TEXT_CHARS_MAX),
        };
        (draft, faults)
    };
    let added = state.engine().block_order(&call.principal, order, Some(draft), faults).await?;
    let status = if added.iter().any(|added| added.is_new) { StatusCode::CREATED } else { StatusCode::OK };
    let entries = added.iter().map(|added| Body::from(&added.block)).collect();
    Ok(Reply::json(status, &OfOrder { order_id: order.to_string(), entries }))
}
