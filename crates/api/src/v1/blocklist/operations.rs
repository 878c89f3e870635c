//! How `/v1/blocklist` is served and described.

use serde_json::json;

use super::{create, delete, list};
use crate::{
    json::shape::{date_time, guid, object, text, word},
    operation::{Operation, Tag, schema},
    render::{List, block::Body},
};

const KINDS: &[&str] = &["customer", "paymentInstrument", "email", "phone", "ip", "bin", "country"];

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/blocklist", list)
            .id("listBlocklist")
            .tag(Tag::Blocklist)
            .scope("blocklist")
            .summary("List what is blocked")
            .listed()
            .query_as("kind", word(KINDS).about("Only entries of this kind"))
            .answers(200, schema::<List<Body<'_>>>()),
        add(),
        Operation::delete("/v1/blocklist/{id}", delete)
            .id("deleteBlocklistEntry")
            .tag(Tag::Blocklist)
            .scope("blocklist")
            .path("id", "Entry id")
            .summary("Unblock")
            .answers_empty(204),
    ]
}

fn add() -> Operation {
    Operation::post("/v1/blocklist", create)
        .id("addBlocklistEntry")
        .tag(Tag::Blocklist)
        .scope("blocklist")
        .summary("Block a customer, a card or an origin")
        .about(
            "What matches is `DECLINED` with `BLOCKED` and never attempted; open rescues of a blocked customer or payment instrument \
             are cancelled at once, others before their next attempt. Values are kept in one normal form; the same value again is the \
             same entry, with the new `reason` and `expiresOn`. Card numbers are refused: send a token or a fingerprint.",
        )
        .body(
            object("BlocklistDraft", "What to block.")
                .optional("mid", guid().about("Merchant; required for partners and operators"))
                .required("kind", word(KINDS).about("What the value is"))
                .required(
                    "value",
                    text(255).about("Payer id; token or fingerprint; e-mail; phone; IP address; 6–8 digits; ISO 3166 alpha-2"),
                )
                .optional("reason", text(2000).about("For yourself"))
                .optional("expiresOn", date_time().about("Until when; for good when left out")),
        )
        .runnable("country", "Every card and address of a country", json!({"kind": "country", "value": "KP", "reason": "embargo"}))
        .answers(201, schema::<Body<'_>>())
        .when("It was not blocked before.")
        .answers(200, schema::<Body<'_>>())
        .when("It was; shown as it stands now.")
}
