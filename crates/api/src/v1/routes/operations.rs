//! How `/v1/routes` is served and described.

use serde_json::json;

use super::{get, put};
use crate::{
    json::shape::{Shape, currency, guid, integer, list, object, text, word},
    operation::{Operation, Tag, schema},
    render::processor::Line,
};

const ENVIRONMENTS: &[&str] = &["sandbox", "production"];
const CHANNELS: &[&str] = &["cit_web", "cit_call_center", "mit"];

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/routes", get)
            .id("getRoutes")
            .tag(Tag::Processors)
            .scope("processors")
            .summary("Read a routing table")
            .versioned()
            .query_as("mid", guid().about("Merchant; operator only: absent = the general table"))
            .query_as("environment", word(ENVIRONMENTS).about("Default: the caller's"))
            .answers(200, schema::<Vec<Line<'_>>>()),
        Operation::put("/v1/routes", put)
            .id("replaceRoutes")
            .tag(Tag::Processors)
            .scope("processors")
            .summary("Replace a routing table")
            .versioned()
            .about(
                "Lower priority goes first; among lines of one priority that take the payment the weight decides. A merchant with \
                 a table of its own does not use the general one. An empty list takes the table away.",
            )
            .query_as("mid", guid().about("Merchant; operator only: absent = the general table"))
            .query_as("environment", word(ENVIRONMENTS).about("Default: the caller's"))
            .body(list(line(), engine::routing::LINES_MAX))
            .example(
                "two",
                "Euros to one account, everything else shared between two",
                json!([
                    {"priority": 1, "processorId": "0190b0a2-7c3e-7d4f-8a1b-2c3d4e5f6071", "when": {"currencies": ["EUR"]}},
                    {"priority": 2, "processorId": "0190b0a2-7c3e-7d4f-8a1b-2c3d4e5f6072", "weight": 3},
                    {"priority": 2, "processorId": "0190b0a2-7c3e-7d4f-8a1b-2c3d4e5f6073", "weight": 1},
                ]),
            )
            .answers(200, schema::<Vec<Line<'_>>>()),
    ]
}

fn line() -> Shape {
    object("Route", "One line.")
        .required("processorId", guid().about("The account"))
        .optional("priority", integer().at_least(0).about("Order of the lines; absent: the place in the list"))
        .optional(
            "weight",
            integer().at_least(0).at_most(1_000_000).about("Share within its priority; 0: none").default(json!(1)),
        )
        .optional(
            "when",
            object("RouteWhen", "Payments it is for; what is left out binds nothing.")
                .optional("siteIds", list(guid(), 200))
                .optional("channels", list(word(CHANNELS), 200))
                .optional("networks", list(text(20), 200))
                .optional("currencies", list(currency(), 200))
                .optional("countries", list(text(2), 200).about("Of the issuer, ISO 3166 alpha-2"))
                .optional("minAmount", integer().at_least(0).about("Cents"))
                .optional("maxAmount", integer().at_least(0).about("Cents"))
                .optional("attemptFrom", integer().at_least(1).about("First attempt it is for"))
                .optional("attemptTo", integer().at_least(1).about("Last attempt it is for")),
        )
}
