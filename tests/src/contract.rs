//! What the server says of itself in `/openapi.json`, held against everything that it answers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jsonschema::Validator;
use serde_json::{Value, json};

static KNOWN: OnceLock<Contract> = OnceLock::new();

/// Reads the document of the first server of this process; all of them are the same program.
pub async fn learn(base: &str) {
    if KNOWN.get().is_some() {
        return;
    }
    let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let reply = http.get(format!("{base}/openapi.json")).send().await.expect("the document is served");
    let document = reply.json().await.expect("the document is JSON");
    let _ = KNOWN.set(Contract::new(document));
}

/// The document, once a server has run.
pub fn known() -> Option<&'static Contract> {
    KNOWN.get()
}

/// The document of a server, with its schemas compiled when they are first needed.
pub struct Contract {
    document: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

/// What is judged of an answer.
pub struct Answer<'a> {
    /// Upper case.
    pub method: &'a str,
    /// Path and query as sent.
    pub target: &'a str,
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`; empty when absent.
    pub content_type: &'a str,
    /// The body.
    pub text: &'a str,
}

impl Contract {
    /// Takes a document. Replies hold every documented member and no other: within a test, objects are closed.
    pub fn new(mut document: Value) -> Self {
        close(&mut document["components"]["schemas"]);
        Self { document, compiled: Mutex::default() }
    }

    /// Every operation: method in lower case, path, object.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, of)| (method.as_str(), path.as_str(), of))
        })
    }

    /// Panics when the answer is not a documented one; names operation and place.
    #[track_caller]
    pub fn check(&self, answer: &Answer<'_>) {
        let path = answer.target.split(['?', '#']).next().unwrap_or_default();
        let Some(template) = self.template(path) else {
            assert!(
                [404, 405].contains(&answer.status),
                "{} {path} is not in the document: HTTP {}",
                answer.method,
                answer.status
            );
            return;
        };
        let method = if answer.method == "HEAD" { "get".to_owned() } else { answer.method.to_ascii_lowercase() };
        let place = format!("{} {template}: HTTP {}", answer.method, answer.status);
        let item = &self.document["paths"][template];
        let Some(operation) = item.get(&method) else {
            assert_eq!(answer.status, 405, "{place}: the document knows no such method; {}", answer.text);
            return;
        };
        let pointer = format!("/paths/{}/{method}/responses/{}", escaped(template), answer.status);
        let Some(response) = operation["responses"].get(answer.status.to_string()) else {
            panic!("{place} is not documented: {}", answer.text)
        };
        let (pointer, response) = match response["$ref"].as_str() {
            Some(target) => (target[1..].to_owned(), self.document.pointer(&target[1..]).unwrap_or(&Value::Null)),
            None => (pointer, response),
        };
        if answer.method == "HEAD" || answer.text.is_empty() {
            let may_be_empty = answer.method == "HEAD" || response.get("content").is_none();
            assert!(may_be_empty, "{place}: a body is documented and none came");
            return;
        }
        let essence = answer.content_type.split(';').next().unwrap_or_default().trim();
        assert!(response["content"].get(essence).is_some(), "{place}: {essence:?} is not documented: {}", answer.text);
        if !essence.ends_with("json") {
            return;
        }
        let body: Value = serde_json::from_str(answer.text).unwrap_or_else(|error| panic!("{place}: no JSON: {error}"));
        let validator = self.validator(&format!("{pointer}/content/{}/schema", escaped(essence)));
        let faults: Vec<_> = validator
            .iter_errors(&body)
            .map(|fault| format!("{} ({}): {fault}", fault.instance_path(), fault.schema_path()))
            .collect();
        assert!(faults.is_empty(), "{place} is not as documented: {faults:#?}\n{}", answer.text);
    }

    /// The path of the document that a path meets: literal segments before parameters.
    fn template(&self, path: &str) -> Option<&str> {
        let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
        let paths = self.document["paths"].as_object()?.keys();
        let fits = |template: &&String| {
            let pattern: Vec<_> = template.split('/').filter(|part| !part.is_empty()).collect();
            let meets = |(pattern, part): (&&str, &&str)| pattern.starts_with('{') || pattern.eq_ignore_ascii_case(part);
            pattern.len() == parts.len() && pattern.iter().zip(&parts).all(meets)
        };
        paths.filter(fits).min_by_key(|template| template.matches('{').count()).map(String::as_str)
    }

    fn validator(&self, pointer: &str) -> Arc<Validator> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let schema = json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "components": self.document["components"],
                "allOf": [self.document.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is not there"))]
            });
            Arc::new(jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{pointer}: {error}")))
        };
        Arc::clone(compiled.entry(pointer.to_owned()).or_insert_with(make))
    }
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            let is_object = members.get("type").is_some_and(|of| *of == "object") && members.contains_key("properties");
            if is_object && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

fn escaped(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}
