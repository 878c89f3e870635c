//! How SenseJS is served and described.

use domain::{
    bounds::ID_CHARS_MAX,
    sense::{AGENT_CHARS_MAX, EVENTS_MAX, LANGUAGES_MAX, WORD_CHARS_MAX},
};

use serde_json::{Value, json};

use super::{post::post, script};
use crate::{
    extract::preflight,
    json::shape::{Shape, boolean, guid, integer, list, number, object, text},
    operation::{Access, Budget, Operation, Schema, Tag},
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    let script = |path: &'static str, id: &'static str| {
        Operation::get(path, script::script)
            .id(id)
            .tag(Tag::Browser)
            .open()
            .summary("The script for shop pages")
            .query("env", "`sandbox` or `production`, where the listener serves both; `production` when left out")
            .answers_as(200, "text/javascript", Schema::Text)
    };
    vec![
        script("/sense.js", "readSense"),
        script("/widget.js", "readWidget"),
        Operation::get("/sense.js.sri", script::sri)
            .id("readSenseIntegrity")
            .tag(Tag::Browser)
            .open()
            .summary("The script's hash, for the `integrity` attribute")
            .answers_as(200, "text/plain", Schema::Text),
        Operation::post("/v1/sense", post)
            .id("takeSense")
            .tag(Tag::Browser)
            .access(Access::Open)
            .budget(Budget::Unlimited)
            .summary("Take in what a shop page tells of a visit")
            .about(
                "Sent by the script, not by servers. The page's origin must be listed for the site (in the sandbox a site that lists \
                 none admits any). At most 64 KiB; limited by address. A batch is taken once, by `senseKey` and `seq`.",
            )
            .query("env", "`sandbox` or `production`, where the listener serves both; `production` when left out")
            .body_as(&["application/json", "text/plain"], batch())
            .example("visit", "A page was opened", example())
            .answers_empty(204),
        Operation::options("/v1/sense", preflight)
            .id("sensePreflight")
            .tag(Tag::Browser)
            .summary("Preflight of a browser")
            .answers_empty(204),
    ]
}

fn example() -> Value {
    json!({
        "mid": "3f2b8c1e-5a64-4d0e-8b1f-2c7d6e5a4b3c", "siteId": "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c",
        "senseKey": "0b9e5a64-1f2c-4d0e-8b1f-7d6e5a4b3c2d", "seq": 0, "orderId": "INV-1001",
        "device": {"languages": ["en"], "timeZone": "Europe/Brussels", "offsetMinutes": 60},
        "events": [{"t": 12, "type": "load"}, {"t": 2400, "type": "keys", "target": "email", "n": 14, "mean": 140, "dev": 55}],
    })
}

fn batch() -> Shape {
    let device = object("SenseDevice", "The browser.")
        .optional("hash", text(WORD_CHARS_MAX).forgiving().about("32 hexadecimal digits"))
        .optional("userAgent", text(AGENT_CHARS_MAX).forgiving())
        .optional("languages", list(text(WORD_CHARS_MAX), LANGUAGES_MAX).forgiving())
        .optional("timeZone", text(WORD_CHARS_MAX).forgiving().about("IANA name"))
        .optional("offsetMinutes", integer().forgiving().about("East of UTC"))
        .optional("screen", text(WORD_CHARS_MAX).forgiving())
        .optional("touch", integer().forgiving())
        .optional("storage", boolean().forgiving());
    let event = object("SenseEvent", "One thing that happened.")
        .optional("t", integer().forgiving().about("Milliseconds since the visit began"))
        .optional(
            "type",
            text(WORD_CHARS_MAX).forgiving().about("`load focus blur paste resize scroll keys field`; others are dropped"),
        )
        .optional("target", text(WORD_CHARS_MAX).forgiving().about("`email name phone address other`"))
        .optional("n", integer().forgiving().about("Waits between keys"))
        .optional("mean", number().forgiving().about("Of the waits, milliseconds"))
        .optional("dev", number().forgiving().about("Their deviation, milliseconds"))
        .optional("length", integer().forgiving().about("Of what the field holds"))
        .optional("hash", text(WORD_CHARS_MAX).forgiving().about("Keyed hash of what it holds, 32 hexadecimal digits"))
        .optional("autofilled", boolean().forgiving());
    object("SenseBatch", "What happened since the last batch.")
        .required("mid", guid().about("Merchant"))
        .required("siteId", guid().about("Site"))
        .required("senseKey", guid().about("The visit"))
        .optional("orderId", text(ID_CHARS_MAX).forgiving().about("The merchant's order id"))
        .optional("seq", integer().at_least(0).about("Number of the batch, from 0"))
        .optional("device", device)
        .optional("events", list(event, EVENTS_MAX))
}
