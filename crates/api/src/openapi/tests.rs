use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::document;
use crate::{
    operation::{Access, Place},
    v1,
};

fn made() -> Value {
    document(&v1::operations()).value
}

/// Every operation: method, path, object.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |(method, of)| (method.as_str(), path.as_str(), of)))
        .collect()
}

/// A schema of the document with all its components, so that references resolve.
fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"], "allOf": [schema]
    });
    jsonschema::validator_for(&whole).unwrap()
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str) {
    let faults: Vec<_> =
        validator(document, schema).iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{place}: {faults:#?}");
}

#[test]
fn the_document_as_it_stands() {
    insta::assert_json_snapshot!(made());
}

#[test]
fn component_names_mean_one_thing() {
    assert_eq!(document(&v1::operations()).clashes, Vec::<String>::new());
}

#[test]
fn all_operations_are_in_it_and_nothing_else() {
    let document = made();
    let served: BTreeSet<_> =
        v1::operations().iter().map(|of| (of.method.as_str().to_ascii_lowercase(), of.path.to_owned())).collect();
    let described: BTreeSet<_> =
        operations(&document).iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(served, described);
    assert_eq!(served.len(), v1::operations().len(), "a method of a path is declared twice");
}

#[test]
fn operations_are_complete() {
    let mut seen = BTreeSet::new();
    let mut faults = vec![];
    for of in v1::operations() {
        let place = format!("{} {}", of.method, of.path);
        let mut must = |holds: bool, what: &str| {
            if !holds {
                faults.push(format!("{place}: {what}"));
            }
        };
        must(!of.id.is_empty() && seen.insert(of.id), "an operationId of its own");
        let lower = of.id.starts_with(|c: char| c.is_ascii_lowercase());
        must(of.id.chars().all(|c| c.is_ascii_alphanumeric()) && lower, "operationId in camelCase");
        must(!of.summary.is_empty() && !of.summary.ends_with('.'), "a summary without full stop");
        must(of.answers.iter().any(|answer| (200..400).contains(&answer.status)), "a success among its answers");
        must(
            matches!(of.access, Access::Bearer | Access::BearerOrTokenizationKey) == of.scope.is_some() || OWN.contains(&of.id),
            "a scope",
        );
        let names: BTreeSet<_> = of.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let in_path: BTreeSet<_> = of.parameters.iter().filter(|p| p.place == Place::Path).map(|p| p.name).collect();
        must(in_path == names, "just the parameters of its path");
        let all: BTreeSet<_> = of.parameters.iter().map(|p| (p.place as u8, p.name)).collect();
        must(all.len() == of.parameters.len(), "each parameter once");
        must(of.bodies.iter().all(|body| !body.examples.is_empty()), "an example of each body");
    }
    assert!(faults.is_empty(), "these lack: {faults:#?}");
}

/// Calls of a known caller about itself: no scope is needed.
const OWN: [&str; 3] = ["logout", "setUpSecondFactor", "removeSecondFactor"];

#[test]
fn examples_are_what_they_are_examples_of() {
    let document = made();
    for (method, path, of) in operations(&document) {
        let mut contents: Vec<(String, &Value)> = vec![("request".into(), &of["requestBody"]["content"])];
        for (status, response) in of["responses"].as_object().unwrap() {
            contents.push((status.clone(), &response["content"]));
        }
        for (part, content) in contents {
            for (content_type, media) in content.as_object().into_iter().flatten() {
                for (name, example) in media["examples"].as_object().into_iter().flatten() {
                    check(
                        &document,
                        &media["schema"],
                        &example["value"],
                        &format!("{method} {path} {part} {content_type} {name}"),
                    );
                }
            }
        }
    }
}

#[test]
fn all_references_lead_somewhere() {
    fn walk(value: &Value, document: &Value) {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            assert!(target.starts_with('#') && document.pointer(&target[1..]).is_some(), "{target}");
        }
        match value {
            Value::Object(members) => members.values().for_each(|value| walk(value, document)),
            Value::Array(items) => items.iter().for_each(|value| walk(value, document)),
            _ => {}
        }
    }
    let document = made();
    walk(&document, &document);
}

#[test]
fn loose_requests_are_valid_and_senseless_ones_are_not() {
    let document = made();
    let schema = &document["paths"]["/v1/evaluate"]["post"]["requestBody"]["content"]["application/json"];
    let sound = &schema["examples"]["present"]["value"];
    let validator = validator(&document, &schema["schema"]);
    let with = |pointer: &str, value: Value| {
        let mut body = sound.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for (pointer, value, valid) in [
        ("/transaction/amount", json!("1999"), true),
        ("/transaction/amount", json!(0), false),
        ("/transaction/amount", json!("many"), false),
        ("/transaction/amount", json!(null), false),
        ("/transaction/responseCode", json!(51), true),
        ("/transaction/responseCode", json!(" "), false),
        ("/transaction/currency", json!("dollar"), false),
        ("/payer", json!(null), true),
        ("/payer", json!(7), false),
        ("/paymentMethod/expirationMonth", json!("12"), true),
        ("/paymentMethod/expirationMonth", json!(13), false),
        ("/orderId", json!("x".repeat(256)), false),
    ] {
        assert_eq!(validator.is_valid(&with(pointer, value.clone())), valid, "{pointer} = {value}");
    }
}
