//! Bodies: the document's examples, with variables for what is the user's own.

use serde_json::{Map, Value, json};

use super::Operation;

/// Members whose value is the user's, not the example's.
const OWN: &[(&str, &str)] = &[
    ("appkey", "{{appKey}}"),
    ("appsecret", "{{appSecret}}"),
    ("client_id", "{{appKey}}"),
    ("client_secret", "{{appSecret}}"),
    ("idempotencykey", "{{$guid}}"),
    ("mid", "{{mid}}"),
    ("ordersessionkey", "{{orderSessionKey}}"),
    ("refreshtoken", "{{refreshToken}}"),
    ("siteid", "{{siteId}}"),
];

/// A body of a request.
pub struct Body {
    /// What the example shows.
    pub summary: Option<String>,
    /// To be sent as a header; forms set their own.
    pub content_type: Option<&'static str>,
    /// It holds an idempotency key.
    pub has_key: bool,
    /// The collection's form of it.
    pub value: Value,
}

/// The bodies of an operation: every example of every content type. Plain text is what a browser's beacon calls the same JSON.
pub fn all(document: &Value, operation: &Operation<'_>) -> Vec<Body> {
    let contents = operation.object["requestBody"]["content"].as_object().into_iter().flatten();
    let told = contents.filter(|(content_type, _)| *content_type != "text/plain");
    told.flat_map(|(content_type, media)| of_type(document, operation, content_type, media)).collect()
}

fn of_type(document: &Value, operation: &Operation<'_>, content_type: &str, media: &Value) -> Vec<Body> {
    let examples: Vec<&Value> = media["examples"].as_object().into_iter().flatten().map(|(_, example)| example).collect();
    let make = |example: Option<&Value>| {
        let value = example.map_or_else(|| json!({}), |example| personal(operation, &example["value"]));
        let summary = example.and_then(|example| example["summary"].as_str()).map(str::to_owned);
        let has_key = value.get("idempotencyKey").is_some();
        let (content_type, value) = match content_type {
            "multipart/form-data" => (None, json!({"mode": "formdata", "formdata": fields(document, &media["schema"])})),
            "application/x-www-form-urlencoded" => (None, json!({"mode": "urlencoded", "urlencoded": pairs(&value)})),
            _ => (Some("application/json"), raw(&value)),
        };
        Body { summary, content_type, has_key, value }
    };
    if examples.is_empty() { vec![make(None)] } else { examples.into_iter().map(|example| make(Some(example))).collect() }
}

fn raw(value: &Value) -> Value {
    json!({"mode": "raw", "raw": format!("{value:#}"), "options": {"raw": {"language": "json"}}})
}

fn pairs(value: &Value) -> Vec<Value> {
    let members = value.as_object().into_iter().flatten();
    members
        .map(|(key, value)| json!({"key": key, "value": value.as_str().map_or_else(|| value.to_string(), str::to_owned)}))
        .collect()
}

/// The fields of a form by its schema.
fn fields(document: &Value, schema: &Value) -> Vec<Value> {
    let target = schema["$ref"].as_str().and_then(|target| document.pointer(target.strip_prefix('#')?));
    let properties = target.unwrap_or(schema)["properties"].as_object().into_iter().flatten();
    properties
        .map(|(key, of)| match of["format"].as_str() {
            Some("binary") => json!({"key": key, "type": "file", "src": null}),
            _ => json!({"key": key, "type": "text", "value": of["enum"][0].as_str().unwrap_or_default()}),
        })
        .collect()
}

/// The example with the user's own values.
fn personal(operation: &Operation<'_>, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let own = |name: &str, value: &Value| match own(operation, name) {
                Some(variable) if value.is_string() => variable.into(),
                _ => personal(operation, value),
            };
            members.iter().map(|(name, value)| (name.clone(), own(name, value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| personal(operation, item)).collect::<Vec<_>>().into(),
        value => value.clone(),
    }
}

fn own(operation: &Operation<'_>, name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    // Elsewhere `orderId` is the merchant's own, and free.
    if name == "orderid" && matches!(operation.id(), "capture" | "reportChargeback") {
        return Some("{{orderSessionKey}}");
    }
    OWN.iter().find(|(member, _)| *member == name).map(|(_, variable)| *variable)
}
