//! What many operations share: errors by rule, headers, credentials.

use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::components::Components;
use crate::{
    operation::{Access, Budget, Operation, Place, schema},
    render::{Tuple, problem::Problem},
};

/// Every error but validation: the common envelope.
#[derive(JsonSchema)]
#[schemars(rename = "Error", rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used; the envelope is what is serialised")]
struct Error {
    /// Always `false`.
    success: bool,
    /// What is wrong, for a person.
    result: Option<String>,
    /// Always null.
    status: Option<String>,
    /// Five digits; the first three are the HTTP status.
    #[schemars(regex(pattern = r"^[1-5][0-9]{4}$"))]
    status_code: String,
    /// One entry; none for 401.
    errors: Vec<Tuple<'static>>,
    /// `orderSessionKey` where an order is meant.
    custom_properties: std::collections::BTreeMap<String, String>,
}

/// What fails validation: PascalCase path to messages, all faults at once, and `TraceId`.
#[derive(JsonSchema)]
#[schemars(rename = "ValidationErrors")]
#[expect(dead_code, reason = "only its schema is used; the flat map is serialised by hand")]
struct ValidationErrors {
    /// One text: `00-{32 hex}-{16 hex}-01`.
    #[schemars(rename = "TraceId")]
    trace_id: Vec<String>,
    #[schemars(flatten)]
    paths: std::collections::BTreeMap<String, Vec<String>>,
}

/// Statuses that an operation may answer without saying so.
pub fn statuses(operation: &Operation) -> Vec<u16> {
    let writes = [Method::POST, Method::PUT, Method::PATCH].contains(&operation.method);
    let known = !matches!(operation.access, Access::Open | Access::Local | Access::Browser);
    let in_path = operation.parameters.iter().any(|of| of.place == Place::Path);
    let has = |name: &str| operation.parameters.iter().any(|of| of.place == Place::Header && of.name.eq_ignore_ascii_case(name));
    let unlocked = operation.method != Method::OPTIONS;
    let mut all = vec![500, 503];
    let mut add = |when: bool, statuses: &[u16]| {
        if when {
            all.extend(statuses);
        }
    };
    add(known || writes || in_path, &[400]);
    add(known, &[401, 403, 404]);
    add(operation.access == Access::Browser, &[403, 429]);
    add(in_path || operation.access == Access::Local, &[404]);
    add(known && operation.method != Method::GET, &[409]);
    add(writes, &[413, 415]);
    add(has("If-Match"), &[412]);
    add(operation.budget != Budget::Unlimited, &[429]);
    all.retain(|_| unlocked);
    all
}

/// The component of a status.
pub const fn name(status: u16) -> &'static str {
    match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        409 => "Conflict",
        412 => "PreconditionFailed",
        413 => "TooLarge",
        415 => "UnsupportedMediaType",
        429 => "TooManyRequests",
        502 => "BadGateway",
        503 => "Unavailable",
        _ => "InternalError",
    }
}

/// What a status means, when nothing more is said.
pub fn phrase(status: u16) -> &'static str {
    match status {
        200 => "Done",
        201 => "Created",
        202 => "Accepted; work goes on",
        204 => "Done, nothing to say",
        304 => "Not changed since",
        _ => StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Answer"),
    }
}

const fn about(status: u16) -> &'static str {
    match status {
        400 => "Validation: a flat map from path to messages, all faults at once. Or a malformed request (`40000`).",
        401 => "No, malformed or unknown bearer `40101`, expired `40102`, other environment `40103`, revoked `40104`.",
        403 => "Another tenant's `mid` `40301`, scope missing `40302`, role missing `40303`, origin refused `40304`.",
        404 => "Unknown path `40400`; unknown id, or an id of another tenant `40401`.",
        405 => "The path is known, the method is not; `Allow` names those that are. Any operation's path may answer it.",
        409 => {
            "Idempotency key used with another payload `40901`, first request still running `40902`, state does not allow it \
             `40903`, already taken `40904`."
        }
        412 => "The object has changed since the version in `If-Match`.",
        413 => "Larger than the limit.",
        415 => "The content type is not supported, or the body is compressed.",
        429 => "Too many requests of this class; come back after `Retry-After` seconds.",
        502 => "The processor answered badly.",
        503 => "Overloaded `50301` or draining `50302`: nothing was stored; send the same again after `Retry-After` seconds.",
        _ => "A fault of the server.",
    }
}

const SHARED: [u16; 13] = [400, 401, 403, 404, 405, 409, 412, 413, 415, 429, 500, 502, 503];

/// The common answers as components.
pub fn responses(components: &mut Components) -> Map<String, Value> {
    for schema in [schema::<Error>(), schema::<ValidationErrors>(), schema::<Problem<'static>>()] {
        components.answer(schema);
    }
    SHARED.into_iter().map(|status| (name(status).to_owned(), shared(status))).collect()
}

fn shared(status: u16) -> Value {
    let header = |name: &str| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")}));
    let mut headers = Map::from_iter([header("X-Trace-Id")]);
    match status {
        401 => headers.extend([header("WWW-Authenticate")]),
        405 => headers.extend([header("Allow")]),
        429 | 503 => headers.extend([header("Retry-After")]),
        _ => {}
    }
    let content: Map<_, _> = content(status)
        .into_iter()
        .map(|(content_type, mut schemas)| {
            let schema = if schemas.len() == 1 { schemas.remove(0) } else { json!({"anyOf": schemas}) };
            (content_type.to_owned(), json!({"schema": schema}))
        })
        .collect();
    json!({"description": about(status), "headers": headers, "content": content})
}

/// Bodies of a common error.
pub fn content(status: u16) -> [(&'static str, Vec<Value>); 2] {
    let refer = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let plain = if status == 400 { vec![refer("ValidationErrors"), refer("Error")] } else { vec![refer("Error")] };
    [("application/json", plain), ("application/problem+json", vec![refer("Problem")])]
}

/// Headers of answers.
pub fn headers() -> Value {
    let text = |about: &str| json!({"description": about, "schema": {"type": "string"}});
    json!({
        "X-Trace-Id": text("Names this request in the server's log: `00-{32 hex}-{16 hex}-01`."),
        "Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 0}},
        "WWW-Authenticate": text("The bearer challenge of RFC 6750."),
        "Allow": text("Methods that the path knows.")
    })
}

/// Credentials.
pub fn security_schemes() -> Value {
    json!({
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "`accessToken` of `POST /v1/oauth2/token`; it lives ten minutes."
        },
        "tokenizationMid": {
            "type": "apiKey", "in": "query", "name": "mid",
            "description": "The merchant, together with `environment`."
        },
        "tokenizationKey": {
            "type": "apiKey", "in": "query", "name": "environment",
            "description": "A tokenization key of the merchant in `mid`: public, good for `/v1/tokenize` only."
        },
        "processorSignature": {
            "type": "apiKey", "in": "header", "name": "webhook-signature",
            "description": "The processor's signature over id, timestamp and body (Standard Webhooks)."
        }
    })
}

/// What an operation asks for.
pub fn security(operation: &Operation) -> Value {
    let scopes: Vec<_> = operation.scope.into_iter().collect();
    match operation.access {
        Access::Open | Access::Local | Access::Browser => json!([]),
        Access::Bearer => json!([{"bearer": scopes}]),
        Access::BearerOrTokenizationKey => json!([{"bearer": scopes}, {"tokenizationMid": [], "tokenizationKey": []}]),
        Access::ProcessorSignature => json!([{"processorSignature": []}]),
    }
}
