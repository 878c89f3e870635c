//! The whole document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{common, components::Components, describe};
use crate::operation::{Operation, Tag};

/// The document, and what is wrong with it.
pub struct Document {
    /// OpenAPI 3.1.
    pub value: Value,
    /// Component names that were used for different contents; a test holds that there are none.
    pub clashes: Vec<String>,
}

/// What a reader should know before the first call.
const ABOUT: &str = include_str!("about.md");

/// Describes operations.
pub fn document(operations: &[Operation]) -> Document {
    let mut components = Components::new();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for operation in operations {
        let described = describe::operation(operation, &mut components);
        let method = operation.method.as_str().to_ascii_lowercase();
        paths.entry(operation.path).or_default().insert(method, described);
    }
    let used = |tag: &&Tag| operations.iter().any(|operation| operation.tag == **tag);
    let tags: Vec<_> = Tag::ALL.iter().filter(used).map(|tag| tag_object(*tag, operations)).collect();
    let responses = common::responses(&mut components);
    let (schemas, clashes) = components.finish();
    let value = json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Recoup API",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Rescue of declined card payments",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        },
        "servers": [{"url": "/", "description": "This server"}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "headers": common::headers(),
            "securitySchemes": common::security_schemes()
        }
    });
    Document { value, clashes }
}

/// Paths are in no order, so a chapter says its own.
fn tag_object(tag: Tag, operations: &[Operation]) -> Value {
    let (name, about) = tag.text();
    let order: Vec<_> = operations.iter().filter(|operation| operation.tag == tag).map(|operation| operation.id).collect();
    json!({"name": name, "description": about, "x-operations": order})
}
