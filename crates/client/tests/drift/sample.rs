//! Values that a schema allows: with as little as it promises, or with all that it knows.

use serde_json::{Map, Value, json};

use super::document::Document;

/// The poorest value: required members only, null where null may be, empty lists.
pub fn least(document: &Document, schema: &Value) -> Value {
    made(document, schema, false)
}

/// The richest value: every member, nothing null, one item in each list.
pub fn most(document: &Document, schema: &Value) -> Value {
    made(document, schema, true)
}

fn made(document: &Document, schema: &Value, rich: bool) -> Value {
    let schema = document.resolved(schema);
    for choice in ["anyOf", "oneOf"] {
        if let Some(all) = schema[choice].as_array() {
            let null = all.iter().find(|one| one["type"] == "null");
            let real = all.iter().find(|one| one["type"] != "null").unwrap();
            return made(document, if rich { real } else { null.unwrap_or(real) }, rich);
        }
    }
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(all) = schema["enum"].as_array() {
        return all[0].clone();
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => return if rich { json!({"any": 1}) } else { Value::Null },
    };
    let real = types.iter().find(|kind| **kind != "null").copied().unwrap_or("null");
    if types.contains(&"null") && !rich {
        return Value::Null;
    }
    match real {
        "object" => object(document, schema, rich),
        "array" if rich && schema["maxItems"] != 0 && schema["items"].is_object() => {
            json!([made(document, &schema["items"], rich)])
        }
        "array" => json!([]),
        "integer" => schema["minimum"].as_i64().unwrap_or(0).max(i64::from(rich)).into(),
        "number" => json!(0.5),
        "boolean" => rich.into(),
        "string" => text(schema),
        _ => Value::Null,
    }
}

fn object(document: &Document, schema: &Value, rich: bool) -> Value {
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let members = schema["properties"].as_object().into_iter().flatten();
    let given = members.filter(|(name, _)| rich || required(name));
    let mut object: Map<String, Value> = given.map(|(name, of)| (name.clone(), made(document, of, rich))).collect();
    if rich && let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
        object.insert("further".into(), made(document, values, rich));
    }
    object.into()
}

fn text(schema: &Value) -> Value {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    match schema["format"].as_str() {
        Some("uuid") => "0193a1f0-0000-7000-8000-000000000001".into(),
        Some("date-time") if pattern.contains("{7}") => "2026-11-20T10:15:30.1234567Z".into(),
        Some("date-time") => "2026-11-20T10:15:30.123456Z".into(),
        _ if pattern == "^msg_" => "msg_1".into(),
        _ if pattern == "^[A-Z]{3}$" => "USD".into(),
        _ => "text".into(),
    }
}
