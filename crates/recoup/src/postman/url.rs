//! Addresses of requests.

use serde_json::{Value, json};

use super::Operation;

/// Ids that other requests keep: the beginning of the path, the parameter, and the variable.
const KNOWN: &[(&str, &str, &str)] = &[
    ("/v1/orders/", "id", "{{orderSessionKey}}"),
    ("/v1/transmit/", "id", "{{transmitId}}"),
    ("/v1/webhooks/", "id", "{{webhookId}}"),
    ("/v1/tokens/", "token", "{{cardToken}}"),
    ("/v1/sites/", "siteId", "{{siteId}}"),
    ("/v1/merchants/", "mid", "{{mid}}"),
];

/// The address of an operation.
pub fn of(operation: &Operation<'_>) -> Value {
    let segments: Vec<String> = operation.path.split('/').skip(1).map(segment).collect();
    let mut url = json!({
        "raw": format!("{{{{baseUrl}}}}/{}", segments.join("/")),
        "host": ["{{baseUrl}}"],
        "path": segments,
    });
    let variables: Vec<_> = operation
        .parameters("path")
        .map(|one| json!({"key": one["name"], "value": value(operation, one), "description": about(one)}))
        .collect();
    if !variables.is_empty() {
        url["variable"] = variables.into();
    }
    let query: Vec<_> = operation
        .parameters("query")
        .map(|one| {
            let default = &one["schema"]["default"];
            let value = default
                .as_str()
                .map_or_else(|| if default.is_null() { String::new() } else { default.to_string() }, str::to_owned);
            json!({"key": one["name"], "value": value, "disabled": true, "description": about(one)})
        })
        .collect();
    if !query.is_empty() {
        url["query"] = query.into();
    }
    url
}

fn segment(part: &str) -> String {
    part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).map_or_else(|| part.to_owned(), |name| format!(":{name}"))
}

fn value(operation: &Operation<'_>, parameter: &Value) -> &'static str {
    let known = |(begin, name, _): &&(&str, &str, &str)| operation.path.starts_with(begin) && parameter["name"] == **name;
    KNOWN.iter().find(known).map_or("", |(_, _, variable)| *variable)
}

fn about(parameter: &Value) -> Value {
    parameter.get("description").cloned().unwrap_or_default()
}
