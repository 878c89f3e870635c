//! One operation.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};

use super::{common, components::Components};
use crate::{
    json::shape::{Mode, text},
    operation::{Access, Answer, Body, Budget, Operation, Parameter, Place},
};

/// Describes an operation.
pub fn operation(operation: &Operation, components: &mut Components) -> Value {
    let mut object = Map::new();
    object.insert("operationId".into(), operation.id.into());
    object.insert("tags".into(), json!([operation.tag.text().0]));
    object.insert("summary".into(), operation.summary.into());
    if !operation.about.is_empty() {
        object.insert("description".into(), operation.about.into());
    }
    if operation.deprecated {
        object.insert("deprecated".into(), true.into());
    }
    let parameters = parameters(operation, components);
    if !parameters.is_empty() {
        object.insert("parameters".into(), parameters.into());
    }
    if !operation.bodies.is_empty() {
        object.insert("requestBody".into(), request(&operation.bodies, components));
    }
    object.insert("responses".into(), responses(operation, components));
    object.insert("security".into(), common::security(operation));
    if let Some(scope) = operation.scope {
        object.insert("x-scope".into(), scope.into());
    }
    if operation.budget != Budget::Unlimited {
        object.insert("x-rate-limit".into(), operation.budget.as_str().into());
    }
    Value::Object(object)
}

fn parameters(operation: &Operation, components: &mut Components) -> Vec<Value> {
    let mut all: Vec<_> = operation.parameters.iter().map(|of| parameter(of, components)).collect();
    if has_key(operation) && !operation.parameters.iter().any(|of| of.name.eq_ignore_ascii_case("idempotency-key")) {
        let about = "Equals `idempotencyKey` of the body, which wins";
        all.push(parameter(&Parameter::new(Place::Header, "Idempotency-Key", text(255).about(about)), components));
    }
    all
}

/// Every POST, PUT and PATCH of a known caller honours the header.
fn has_key(operation: &Operation) -> bool {
    let writes = [Method::POST, Method::PUT, Method::PATCH].contains(&operation.method);
    writes && matches!(operation.access, Access::Bearer) && operation.budget != Budget::Read
}

fn parameter(of: &Parameter, components: &mut Components) -> Value {
    let place = match of.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    let mut schema = components.request(&of.shape, Mode::Strict);
    let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
    let mut object = json!({"name": of.name, "in": place, "required": of.place == Place::Path, "schema": schema});
    if let Some(about) = about {
        object["description"] = about;
    }
    object
}

fn request(bodies: &[Body], components: &mut Components) -> Value {
    let mut content = Map::new();
    for body in bodies {
        let schema = components.request(&body.shape, Mode::Required);
        let mut media = json!({"schema": schema});
        let examples: Map<_, _> = body
            .examples
            .iter()
            .map(|example| {
                let mut object = json!({"summary": example.summary, "value": example.value});
                if example.runnable {
                    object["x-runnable"] = true.into();
                }
                (example.name.to_owned(), object)
            })
            .collect();
        if !examples.is_empty() {
            media["examples"] = examples.into();
        }
        for content_type in body.content_types {
            content.insert((*content_type).to_owned(), media.clone());
        }
    }
    let required = bodies.iter().all(|body| body.shape.needs_something());
    json!({"required": required, "content": content})
}

fn responses(operation: &Operation, components: &mut Components) -> Value {
    let mut own: BTreeMap<u16, Vec<&Answer>> = BTreeMap::new();
    for answer in &operation.answers {
        own.entry(answer.status).or_default().push(answer);
    }
    let mut all = BTreeMap::new();
    for status in common::statuses(operation) {
        all.insert(status, json!({"$ref": format!("#/components/responses/{}", common::name(status))}));
    }
    for (status, answers) in own {
        let shared = all.contains_key(&status).then_some(status);
        all.insert(status, response(status, &answers, shared, components));
    }
    all.into_iter().map(|(status, response)| (status.to_string(), response)).collect::<Map<_, _>>().into()
}

/// Alternative schemas of one content type, and named examples.
type Media = (Vec<Value>, Vec<(String, Value)>);

/// Answers of one status, and the common ones of it beside them.
fn response(status: u16, answers: &[&Answer], shared: Option<u16>, components: &mut Components) -> Value {
    let mut content: BTreeMap<&str, Media> = BTreeMap::new();
    for (place, answer) in answers.iter().enumerate() {
        let Some((content_type, schema)) = answer.content else { continue };
        let schema = components.answer(schema);
        let (schemas, examples) = content.entry(content_type).or_default();
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
        if let Some(example) = &answer.example {
            let summary = if answer.about.is_empty() { common::phrase(status) } else { answer.about };
            examples.push((format!("answer{}", place + 1), json!({"summary": summary, "value": example})));
        }
    }
    if let Some(status) = shared {
        for (content_type, schemas) in common::content(status) {
            content.entry(content_type).or_default().0.extend(schemas);
        }
    }
    let mut abouts: Vec<&str> = vec![];
    for about in answers.iter().map(|answer| answer.about).filter(|about| !about.is_empty()) {
        if !abouts.contains(&about) {
            abouts.push(about);
        }
    }
    let about = if abouts.is_empty() { common::phrase(status).to_owned() } else { abouts.join("; or: ") };
    let mut object = json!({"description": about, "headers": {"X-Trace-Id": {"$ref": "#/components/headers/X-Trace-Id"}}});
    let media: Map<_, _> = content.into_iter().map(|(content_type, of)| (content_type.to_owned(), media(of))).collect();
    if !media.is_empty() {
        object["content"] = media.into();
    }
    object
}

fn media((mut schemas, examples): Media) -> Value {
    let schema = if schemas.len() == 1 { schemas.remove(0) } else { json!({"anyOf": schemas}) };
    let mut media = json!({"schema": schema});
    if !examples.is_empty() {
        media["examples"] = examples.into_iter().collect::<Map<_, _>>().into();
    }
    media
}
