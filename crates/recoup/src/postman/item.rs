//! Items: requests of a collection.

use serde_json::{Value, json};

use super::{
    Operation,
    body::{self, Body},
    url,
};

/// What a request keeps for others: operation, variable, and where it stands in the answer.
const KEPT: &[(&str, &str, &str)] = &[
    ("createAccessToken", "accessToken", "accessToken"),
    ("createAccessToken", "refreshToken", "refreshToken"),
    ("tokenize", "cardToken", "transaction.payment_method.token"),
    ("transmit", "transmitId", "transmitId"),
    ("evaluate", "orderSessionKey", "orderSessionKey"),
    ("createWebhook", "webhookId", "id"),
    ("createSite", "siteId", "id"),
];

/// The items of an operation: one for each example of its body.
pub fn of(document: &Value, operation: &Operation<'_>) -> Vec<Value> {
    let bodies = body::all(document, operation);
    match &bodies[..] {
        [] => vec![item(operation, None, false)],
        [one] => vec![item(operation, Some(one), false)],
        many => many.iter().map(|body| item(operation, Some(body), true)).collect(),
    }
}

fn item(operation: &Operation<'_>, body: Option<&Body>, is_one_of_many: bool) -> Value {
    let summary = operation.object["summary"].as_str().unwrap_or(operation.path);
    let example = body.filter(|_| is_one_of_many).and_then(|body| body.summary.as_deref());
    let name = example.map_or_else(|| summary.to_owned(), |example| format!("{summary}: {example}"));
    let mut request = json!({
        "method": operation.method,
        "header": headers(operation, body),
        "url": url::of(operation),
    });
    if let Some(about) = operation.object.get("description") {
        request["description"] = about.clone();
    }
    if let Some(body) = body {
        request["body"] = body.value.clone();
    }
    if !takes_bearer(operation) {
        request["auth"] = json!({"type": "noauth"});
    }
    let mut item = json!({"name": name, "request": request, "response": []});
    let script = script(operation);
    if !script.is_empty() {
        item["event"] = json!([{"listen": "test", "script": {"type": "text/javascript", "exec": script}}]);
    }
    item
}

fn headers(operation: &Operation<'_>, body: Option<&Body>) -> Vec<Value> {
    let mut all = Vec::new();
    if let Some(content_type) = body.and_then(|body| body.content_type) {
        all.push(json!({"key": "Content-Type", "value": content_type}));
    }
    for header in operation.parameters("header") {
        let name = header["name"].as_str().unwrap_or_default();
        let is_key = name.eq_ignore_ascii_case("idempotency-key");
        // The body's key wins; a header beside it would only puzzle.
        let off = !is_key || body.is_some_and(|body| body.has_key);
        let value = if is_key { "{{$guid}}" } else { "" };
        let about = header.get("description").cloned().unwrap_or_default();
        all.push(json!({"key": name, "value": value, "disabled": off, "description": about}));
    }
    all
}

fn takes_bearer(operation: &Operation<'_>) -> bool {
    operation.object["security"].as_array().is_some_and(|all| all.iter().any(|one| one.get("bearer").is_some()))
}

/// Keeps what others need; a refusal keeps nothing.
fn script(operation: &Operation<'_>) -> Vec<String> {
    let kept = KEPT.iter().filter(|(id, ..)| *id == operation.id());
    let lines: Vec<_> = kept
        .map(|(_, variable, place)| format!("    pm.collectionVariables.set(\"{variable}\", reply.{place} ?? \"\");"))
        .collect();
    if lines.is_empty() {
        return lines;
    }
    let begin = ["if (pm.response.code < 300) {", "    const reply = pm.response.json();"].map(str::to_owned);
    [&begin[..], &lines, &["}".to_owned()]].concat()
}
