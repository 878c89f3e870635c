//! A Postman collection (format v2.1) made of the OpenAPI document: a folder for each tag, an item for each operation and
//! each further example of it, credentials and ids as collection variables. The first request fetches a token and keeps it.

mod body;
mod item;
mod url;

use serde_json::{Value, json};

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// What the collection asks its user for, and what its requests keep for each other.
const VARIABLES: &[(&str, &str, &str)] = &[
    ("baseUrl", "http://127.0.0.1:8080", "Address of the server"),
    ("appKey", "", "AppKey of an API client"),
    ("appSecret", "", "Its AppSecret"),
    ("mid", "", "The merchant"),
    ("accessToken", "", "Kept by the token request"),
    ("refreshToken", "", "Kept by the token request"),
    ("cardToken", "", "Kept by the request that vaults a card"),
    ("transmitId", "", "Kept by the request that transmits a payment"),
    ("orderSessionKey", "", "Kept by the request that evaluates a payment"),
    ("webhookId", "", "Kept by the request that adds an endpoint"),
    ("siteId", "", "Kept by the request that adds a site"),
];

/// The collection as a file.
pub fn text(document: &Value) -> String {
    format!("{:#}\n", collection(document))
}

/// The collection.
pub fn collection(document: &Value) -> Value {
    let variables: Vec<_> = VARIABLES
        .iter()
        .map(|(key, value, about)| json!({"key": key, "value": value, "type": "string", "description": about}))
        .collect();
    json!({
        "info": {
            "name": document["info"]["title"],
            "version": document["info"]["version"],
            "description": document["info"]["description"],
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{accessToken}}", "type": "string"}]},
        "variable": variables,
        "item": folders(document),
    })
}

fn folders(document: &Value) -> Vec<Value> {
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.map(|tag| {
        let items: Vec<_> = operations(document)
            .filter(|of| of.object["tags"][0] == tag["name"])
            .flat_map(|of| item::of(document, &of))
            .collect();
        json!({"name": tag["name"], "description": tag["description"], "item": items})
    })
    .collect()
}

/// An operation of the document.
pub struct Operation<'a> {
    /// Upper case.
    pub method: String,
    /// With `{name}` for each parameter.
    pub path: &'a str,
    /// What the document says of it.
    pub object: &'a Value,
}

impl Operation<'_> {
    /// Its id.
    pub fn id(&self) -> &str {
        self.object["operationId"].as_str().unwrap_or_default()
    }

    /// Its parameters in a place.
    pub fn parameters(&self, place: &'static str) -> impl Iterator<Item = &Value> {
        self.object["parameters"].as_array().into_iter().flatten().filter(move |one| one["in"] == place)
    }
}

fn operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(|(method, object)| Operation { method: method.to_ascii_uppercase(), path, object })
    })
}

#[cfg(test)]
mod tests;
