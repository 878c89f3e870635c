//! How challenges are served and described.

use domain::bounds::TEXT_CHARS_MAX;
use serde_json::json;

use super::{get::get, page, post::post, render};
use crate::{
    extract::preflight,
    json::shape::{Shape, integer, object, text, word},
    operation::{Access, Budget, Operation, Schema, Tag, schema},
    read::shape::address,
};

const ABOUT: &str = "\
For the customer's browser: the `orderSessionKey` of an open challenge is all it needs, and a page's origin must be listed for the \
order's site. With `wait` the answer comes when the state changes, at the latest after so many seconds; with `seen` at once when it \
is another. An ended challenge tells its end until five minutes after its time; later, and for any other key, 404.";

const ANSWER: &str = "\
Takes one of three tries and attempts the payment with what was given; how it ends is told by the same address, the events \
`challenge.*` and the order. Only what was asked for counts; amount, card number and merchant cannot be changed. While an answer is \
being tried, another one is that one again. 404 once closed.";

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    let asset = |path: &'static str, id: &'static str, kind: &'static str| {
        let operation = if kind == "text/css" { Operation::get(path, page::style) } else { Operation::get(path, page::script) };
        operation.id(id).tag(Tag::Browser).open().summary("A part of the page").answers_as(200, kind, Schema::Text)
    };
    vec![
        Operation::get("/challenge/{orderSessionKey}", page::page)
            .id("showChallenge")
            .tag(Tag::Browser)
            .open()
            .path("orderSessionKey", "The order's key")
            .summary("The page that asks the customer")
            .about("For a frame; pages of the origins that are listed for the order's site may show it.")
            .answers_as(200, "text/html", Schema::Text)
            .answers_as(404, "text/html", Schema::Text),
        asset("/challenge.css", "readChallengeStyle", "text/css"),
        asset("/challenge.js", "readChallengeScript", "text/javascript"),
        Operation::get("/v1/challenge/{orderSessionKey}", get)
            .id("getChallenge")
            .tag(Tag::Browser)
            .access(Access::Open)
            .budget(Budget::Unlimited)
            .path("orderSessionKey", "The order's key")
            .query_as("wait", integer().at_least(0).at_most(25).about("Seconds to wait for a change"))
            .query_as("seen", word(render::STATES).about("The state that the caller knows"))
            .query("successUrl", "Where to go after a payment; of the site's hosts")
            .query("failUrl", "Where to go without one; of the site's hosts")
            .summary("How far a challenge is")
            .about(ABOUT)
            .answers(200, schema::<render::Body<'_>>()),
        Operation::post("/v1/challenge/{orderSessionKey}", post)
            .id("answerChallenge")
            .tag(Tag::Browser)
            .access(Access::Open)
            .budget(Budget::Unlimited)
            .path("orderSessionKey", "The order's key")
            .summary("Give what was asked for")
            .about(ANSWER)
            .body(answer())
            .example("cvv", "The verification value", json!({"verificationValue": "123"}))
            .answers(202, schema::<render::Taken>()),
        Operation::options("/v1/challenge/{orderSessionKey}", preflight)
            .id("challengePreflight")
            .tag(Tag::Browser)
            .path("orderSessionKey", "The order's key")
            .summary("Preflight of a browser")
            .answers_empty(204),
    ]
}

fn answer() -> Shape {
    let data = || text(TEXT_CHARS_MAX);
    let step_up = object("StepUp", "What came of the 3-D Secure step.")
        .optional("result", word(&["authenticated", "failed"]).about("Of the sandbox's simulated bank"))
        .optional("threeDsVersion", data())
        .optional("ecommerceIndicator", data())
        .optional("authenticationValue", data().about("Of the shop's own 3-D Secure server"))
        .optional("directoryServerTransactionId", data());
    object("ChallengeAnswer", "What was asked for.")
        .optional("verificationValue", text(16).about("CVV, 3–4 digits"))
        .optional("billingInformation", address("ChallengeAddress", "The corrected billing address."))
        .optional("expirationMonth", integer().at_least(1).at_most(12))
        .optional("expirationYear", integer().about("Two or four digits"))
        .optional("stepUp", step_up)
}
