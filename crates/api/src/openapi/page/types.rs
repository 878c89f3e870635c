//! Schemas as tables.

use serde_json::Value;

use super::{html::Html, list, prose};

/// A named type with its members.
pub fn component(page: &mut Html, document: &Value, name: &str, schema: &Value) {
    page.raw("<article class=\"type\" id=\"type-").text(name).raw("\">\n").element("h3", "", name).raw("\n");
    prose::blocks(page, schema["description"].as_str().unwrap_or_default());
    members(page, document, schema);
    page.raw("</article>\n");
}

/// What a body is: its members when it is an object, else its type.
pub fn body(page: &mut Html, document: &Value, schema: &Value) {
    if let Some(all) = schema["anyOf"].as_array() {
        page.raw("<p class=\"facts\">");
        for (place, one) in all.iter().enumerate() {
            page.raw(if place == 0 { "" } else { ", or " });
            kind(page, one);
        }
        page.raw("</p>\n");
        return;
    }
    let Some(name) = referred(schema) else {
        page.raw("<p class=\"facts\">");
        kind(page, schema);
        page.raw("</p>\n");
        return;
    };
    page.raw("<p class=\"facts\">");
    kind(page, schema);
    page.raw("</p>\n");
    members(page, document, &document["components"]["schemas"][name]);
}

fn members(page: &mut Html, document: &Value, schema: &Value) {
    let Some(properties) = schema["properties"].as_object() else {
        page.raw("<p class=\"facts\">");
        kind(page, schema);
        page.raw("</p>\n");
        return;
    };
    let required: Vec<&str> = list(&schema["required"]).filter_map(Value::as_str).collect();
    let declared: Vec<&str> = list(&schema["x-order"]).filter_map(Value::as_str).collect();
    let order = if declared.is_empty() { &required } else { &declared };
    let mut all: Vec<_> = properties.iter().collect();
    all.sort_by_key(|(name, _)| order.iter().position(|known| known == name).unwrap_or(usize::MAX));
    page.raw("<table><thead><tr><th>Member</th><th>Type</th><th>Meaning</th></tr></thead><tbody>\n");
    for (name, schema) in all {
        page.raw("<tr><td>").element("code", "", name);
        if required.contains(&name.as_str()) {
            page.raw("<abbr class=\"must\" title=\"always there\">*</abbr>");
        }
        page.raw("</td><td>");
        let shown = if required.contains(&name.as_str()) { schema.clone() } else { without_null(schema) };
        kind(page, &shown);
        page.raw("</td><td>");
        prose::line(page, meaning(document, schema));
        rules(page, schema);
        page.raw("</td></tr>\n");
    }
    page.raw("</tbody></table>\n");
}

/// What is said of a member, or else of its type.
fn meaning<'d>(document: &'d Value, schema: &'d Value) -> &'d str {
    let of_type = || {
        let name = referred(schema).or_else(|| list(&schema["anyOf"]).find_map(referred))?;
        document["components"]["schemas"][name]["description"].as_str()
    };
    schema["description"].as_str().or_else(of_type).unwrap_or_default()
}

/// That `null` equals absent needs no mention for each optional member.
fn without_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    let null = |value: &Value| *value == "null" || value["type"] == "null";
    for keyword in ["type", "anyOf"] {
        if let Some(all) = schema.get_mut(keyword).and_then(Value::as_array_mut) {
            all.retain(|value| !null(value));
        }
    }
    schema
}

/// A type in a few words; named ones are links.
pub fn kind(page: &mut Html, schema: &Value) {
    if let Some(name) = referred(schema) {
        page.link(&format!("#type-{name}"), "", name);
        return;
    }
    if let Some(all) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()) {
        for (place, one) in all.iter().enumerate() {
            page.raw(if place == 0 { "" } else { " or " });
            kind(page, one);
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    // The first of several is what is meant; the rest is what is tolerated, as the introduction says.
    match types.first() {
        Some(&"array") => {
            page.raw("list of ");
            kind(page, &schema["items"]);
        }
        Some(&"object") if schema["additionalProperties"].is_object() => {
            page.raw("map of ");
            kind(page, &schema["additionalProperties"]);
        }
        own => {
            page.text(word(own.copied(), schema["format"].as_str()));
        }
    }
    if types.len() == 2 && types[1] == "null" {
        page.raw(" or null");
    }
}

fn word<'s>(own: Option<&'s str>, format: Option<&str>) -> &'s str {
    match (own, format) {
        (None, _) => "any",
        (Some("string"), Some("uuid")) => "GUID",
        (Some("string"), Some("date-time")) => "date-time",
        (Some("string"), Some("binary")) => "file",
        (Some("string"), _) => "text",
        (Some(own), _) => own,
    }
}

/// Limits, words, default and example.
pub fn rules(page: &mut Html, schema: &Value) {
    let mut words = vec![];
    for (keyword, sign) in [("minimum", "≥ "), ("maximum", "≤ "), ("maxLength", "length ≤ "), ("maxItems", "items ≤ ")] {
        let loose_truth = schema["type"][0] == "boolean";
        if let Some(bound) = schema.get(keyword).filter(|_| !loose_truth) {
            words.push(format!("{sign}{bound}"));
        }
    }
    if !words.is_empty() {
        page.element("span", "rule", &words.join(", "));
    }
    if let Some(all) = schema["enum"].as_array() {
        page.raw("<span class=\"rule\">");
        for word in all.iter().filter_map(Value::as_str) {
            page.element("code", "", word).raw(" ");
        }
        page.raw("</span>");
    }
    for (keyword, said) in [("default", "default "), ("examples", "such as ")] {
        let value = schema.get(keyword).map(|value| if keyword == "examples" { &value[0] } else { value });
        if let Some(value) = value {
            page.raw("<span class=\"rule\">").raw(said);
            page.element("code", "", &value.as_str().map_or_else(|| value.to_string(), str::to_owned)).raw("</span>");
        }
    }
}

fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}
