//! How `/v1/settlements` is served and described.

use serde_json::json;

use super::{adjust, close, get, items, list};
use crate::{
    json::shape::{currency, integer, object, text, word},
    operation::{Operation, Schema, Tag, schema},
    render::{
        List,
        settlement::{Body, Line},
    },
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/settlements", list)
            .id("listSettlements")
            .tag(Tag::Money)
            .scope("money:read")
            .summary("List settlements")
            .about("Newest period first. `createdFrom` and `createdTo` narrow to periods that touch the span.")
            .listed()
            .query_as("status", word(&["OPEN", "CLOSED", "PAID"]).about("Only settlements that are so far"))
            .query_as("currency", currency().about("One currency only"))
            .answers(200, schema::<List<Body<'_>>>()),
        Operation::get("/v1/settlements/{id}", get)
            .id("getSettlement")
            .tag(Tag::Money)
            .scope("money:read")
            .path("id", "Settlement id")
            .summary("Read a settlement")
            .answers(200, schema::<Body<'_>>()),
        Operation::get("/v1/settlements/{id}/items", items)
            .id("listSettlementItems")
            .tag(Tag::Money)
            .scope("money:read")
            .path("id", "Settlement id")
            .summary("List the items of a settlement")
            .about("Oldest first. `format=csv` or `Accept: text/csv` answers CSV, up to 10000 rows on a page.")
            .query_as("pageNumber", integer().at_least(1).about("Page, from 1"))
            .query_as("pageSize", integer().at_least(1).about("Rows of a page"))
            .query_as("format", word(&["json", "csv"]).about("Else as `Accept` says"))
            .answers(200, schema::<List<Line<'_>>>())
            .answers_as(200, "text/csv", Schema::Text),
        Operation::post("/v1/settlements/{id}/close", close)
            .id("closeSettlement")
            .tag(Tag::Money)
            .scope("processors")
            .path("id", "Settlement id")
            .summary("Close a settlement")
            .about("For the operator, before the period is over; what comes later goes into the next one.")
            .answers(200, schema::<Body<'_>>()),
        Operation::post("/v1/settlements/{id}/adjustments", adjust)
            .id("adjustSettlement")
            .tag(Tag::Money)
            .scope("processors")
            .path("id", "Settlement id")
            .summary("Correct a settlement")
            .about("For the operator, while the settlement is open.")
            .body(
                object("SettlementAdjustment", "A correction.")
                    .required("amount", integer().about("Cents; negative takes away"))
                    .required("note", text(500).about("Why")),
            )
            .example("goodwill", "Something given back", json!({"amount": 500, "note": "Fee of 12 November waived"}))
            .answers(201, schema::<Body<'_>>()),
    ]
}
