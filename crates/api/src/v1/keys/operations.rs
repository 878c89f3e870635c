//! How `/v1/api-keys` is served and described.

use domain::bounds::{SCOPE_CHARS_MAX, SCOPES_MAX};
use serde_json::json;

use super::{create, delete, get};
use crate::{
    json::shape::{date_time, guid, list, object, pattern, text, word},
    operation::{Operation, Tag, schema},
    render::key::Body,
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/api-keys", create)
            .id("createApiKey")
            .tag(Tag::Keys)
            .scope("keys")
            .summary("Make an API key")
            .about("A secret's `value` is told only here. A `secret` without `clientId` makes a client with an AppKey of its own; with one it joins that client, so that secrets can be changed without an outage. No key gets scopes that its maker lacks. What is wrong is told in `errors`, all other members null.")
            .body(
                object("ApiKeyDraft", "A key to make.")
                    .required("mid", guid().about("Merchant; a merchant's own key may leave it out"))
                    .required("name", pattern("^[^<>]*$", 2_000))
                    .required("type", word(&["secret", "public", "tokenization"]))
                    .optional("scopes", list(text(SCOPE_CHARS_MAX), SCOPES_MAX).about("Without them all of its role that the maker has"))
                    .optional("environment", word(&["sandbox", "production"]).about("Without it the caller's"))
                    .optional("clientId", guid().about("The client it joins"))
                    .optional("expiresOn", date_time().about("Until when it works")),
            )
            .example("secret", "A server that sends copies of payments", json!({
                "mid": "0190b0a2-0000-7d4f-8a1b-2c3d4e5f6071", "name": "Billing server", "type": "secret", "scopes": ["transmit"]
            }))
            .answers(201, schema::<Body>())
            .answers(400, schema::<Body>())
            .when("Something is wrong: members are null, `errors` says what."),
        Operation::get("/v1/api-keys/{id}", get)
            .id("getApiKey")
            .tag(Tag::Keys)
            .scope("keys")
            .path("id", "Key id, or a merchant's id for the list of its keys")
            .summary("Read an API key, or all keys of a merchant")
            .answers(200, schema::<Body>())
            .answers(200, schema::<Vec<Body>>()),
        Operation::delete("/v1/api-keys/{id}", delete)
            .id("deleteApiKey")
            .tag(Tag::Keys)
            .scope("keys")
            .path("id", "Key id")
            .summary("Revoke an API key")
            .about("Its access tokens fail with 40104 within 5 seconds, its refresh tokens at once; the client's other secrets work on.")
            .answers_empty(204),
    ]
}
