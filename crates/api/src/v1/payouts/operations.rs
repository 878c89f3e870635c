//! How `/v1/payouts` is served and described.

use serde_json::json;

use super::{get, list, patch};
use crate::{
    json::shape::{object, text, word},
    operation::{Operation, Tag, schema},
    render::{List, settlement::Paid},
};

const STATES: &[&str] = &["pending", "completed", "failed", "reversed"];

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/payouts", list)
            .id("listPayouts")
            .tag(Tag::Money)
            .scope("money:read")
            .summary("List payouts")
            .listed()
            .query_as("status", word(STATES).about("Only payouts that are so far"))
            .answers(200, schema::<List<Paid<'_>>>()),
        Operation::get("/v1/payouts/{id}", get)
            .id("getPayout")
            .tag(Tag::Money)
            .scope("money:read")
            .path("id", "Payout id")
            .summary("Read a payout")
            .answers(200, schema::<Paid<'_>>()),
        Operation::patch("/v1/payouts/{id}", patch)
            .id("updatePayout")
            .tag(Tag::Money)
            .scope("processors")
            .path("id", "Payout id")
            .summary("Say what became of a payout")
            .about("For the operator. Its settlement is PAID once it is completed; `payout.updated` is sent.")
            .body(
                object("PayoutChange", "What is left out stays.")
                    .optional("status", word(STATES))
                    .optional("bankReference", text(255).about("The bank's reference of the transfer")),
            )
            .example("made", "The transfer was made", json!({"status": "completed", "bankReference": "TRF-20261123-118"}))
            .answers(200, schema::<Paid<'_>>()),
    ]
}
