//! The document, and what is looked up in it.

use serde_json::{Value, json};

/// The OpenAPI document.
pub struct Document(Value);

/// An operation that a request meets.
pub struct Operation<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its object.
    pub of: &'a Value,
}

impl Document {
    /// As the server would answer it.
    pub fn load() -> Self {
        Self(api::description())
    }

    /// By JSON pointer.
    pub fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or_else(|| panic!("no {pointer} in the document"))
    }

    /// All ids.
    pub fn operation_ids(&self) -> Vec<String> {
        let paths = self.0["paths"].as_object().unwrap();
        let all = paths.values().flat_map(|item| item.as_object().unwrap().values());
        all.map(|of| of["operationId"].as_str().unwrap().to_owned()).collect()
    }

    /// The operation of a method and a path with its ids; literal segments go before `{…}`.
    pub fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let paths = self.0["paths"].as_object().unwrap();
        let fits = |template: &str| {
            let (asked, known): (Vec<_>, Vec<_>) = (path.split('/').collect(), template.split('/').collect());
            asked.len() == known.len() && asked.iter().zip(&known).all(|(asked, known)| asked == known || known.starts_with('{'))
        };
        let mut fitting: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
        fitting.sort_by_key(|(template, _)| template.matches('{').count());
        let of = fitting.into_iter().find_map(|(_, item)| item.get(method.to_lowercase()))?;
        Some(Operation { id: of["operationId"].as_str()?, of })
    }

    /// A schema with its references followed.
    pub fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(target) => self.resolved(self.at(&target[1..])),
            None => schema,
        }
    }

    /// What a value breaks of a schema.
    pub fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let whole = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "components": self.0["components"], "allOf": [schema]
        });
        let validator = jsonschema::validator_for(&whole).unwrap();
        validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
    }

    /// Members of a value that no alternative of a schema names.
    pub fn unknown_members(&self, schema: &Value, value: &Value, place: &str) -> Vec<String> {
        let schema = self.resolved(schema);
        if let Some(all) = schema["anyOf"].as_array() {
            let each = all.iter().filter(|one| self.faults(one, value).is_empty());
            return each.map(|one| self.unknown_members(one, value, place)).min_by_key(Vec::len).unwrap_or_default();
        }
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .flat_map(|(n, item)| self.unknown_members(&schema["items"], item, &format!("{place}[{n}]")))
                .collect(),
            Value::Object(members) if schema["properties"].is_object() => members
                .iter()
                .flat_map(|(name, value)| match schema["properties"].get(name) {
                    Some(schema) => self.unknown_members(schema, value, &format!("{place}.{name}")),
                    None => vec![format!("{place}.{name} is not in the document")],
                })
                .collect(),
            _ => vec![],
        }
    }
}
