//! A server made of the document.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use client::{Client, Credentials, Error, Retry};
use serde::Serialize;
use serde_json::{Value, json};

use super::{document::Document, sample};

/// What it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Richness {
    /// The least that the document promises.
    Least,
    /// All that it knows.
    Most,
    /// What it shows.
    Shown,
}

/// A running server and a client of it.
pub struct Server {
    /// Its client.
    pub client: Client,
    shared: Arc<Shared>,
}

struct Shared {
    document: Document,
    richness: Richness,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    called: BTreeSet<String>,
    faults: Vec<String>,
    answer: Value,
}

impl Server {
    /// Starts it.
    pub async fn start(document: Document, richness: Richness) -> Self {
        let shared = Arc::new(Shared { document, richness, seen: Mutex::default() });
        let router = Router::new().fallback(serve).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let client = Client::new(&base).unwrap().with_credentials(Credentials::new("rk_test_1", "rs_1"));
        Self { client: client.with_retry(Retry { tries_max: 1, ..Retry::default() }), shared }
    }

    /// The operations that were called.
    pub fn called(&self) -> BTreeSet<String> {
        self.shared.seen.lock().unwrap().called.clone()
    }

    /// A call and its reply: the request broke nothing, and every member of the reply came from the answer.
    #[track_caller]
    pub fn check<T: Serialize>(&self, call: &str, reply: Result<T, Error>) {
        let place = format!("{call}, {:?}", self.shared.richness);
        let mut seen = self.shared.seen.lock().unwrap();
        assert!(seen.faults.is_empty(), "{place}: {:#?}", std::mem::take(&mut seen.faults));
        let reply = serde_json::to_value(reply.unwrap_or_else(|error| panic!("{place}: {error} in {:#}", seen.answer))).unwrap();
        if self.shared.richness == Richness::Most {
            assert_within(&reply, &seen.answer, &place);
        }
    }
}

/// Everything in a reply stands in the answer, under the same name.
#[track_caller]
fn assert_within(reply: &Value, answer: &Value, place: &str) {
    match (reply, answer) {
        (Value::Object(members), Value::Object(known)) => {
            for (name, value) in members {
                let place = format!("{place}: {name}");
                assert_within(value, known.get(name).unwrap_or_else(|| panic!("{place} is not in the document")), &place);
            }
        }
        (Value::Array(items), Value::Array(known)) => {
            assert_eq!(items.len(), known.len(), "{place}");
            items.iter().zip(known).for_each(|(item, known)| assert_within(item, known, place));
        }
        _ => assert_eq!(reply, answer, "{place}"),
    }
}

async fn serve(State(shared): State<Arc<Shared>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(operation) = shared.document.operation(method.as_str(), uri.path()) else {
        shared.fault(format!("{method} {uri} is not in the document"));
        return StatusCode::NOT_FOUND.into_response();
    };
    let (id, of) = (operation.id, operation.of);
    shared.seen.lock().unwrap().called.insert(id.to_owned());
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    for fault in shared.broken(of, &uri, &headers, &body) {
        shared.fault(format!("{id}: {fault}"));
    }
    let (status, answer) = shared.answer(id, of, &body);
    let text = answer.as_ref().map(ToString::to_string).unwrap_or_default();
    if id != "createAccessToken" {
        shared.seen.lock().unwrap().answer = answer.unwrap_or_default();
    }
    (status, [("content-type", "application/json")], text).into_response()
}

impl Shared {
    fn fault(&self, fault: String) {
        self.seen.lock().unwrap().faults.push(fault);
    }

    /// What a request breaks.
    fn broken(&self, of: &Value, uri: &Uri, headers: &HeaderMap, body: &Value) -> Vec<String> {
        let mut broken = Vec::new();
        let known = |name: &str| {
            let parameters = of["parameters"].as_array().into_iter().flatten();
            let schemes = of["security"].as_array().into_iter().flatten().filter_map(Value::as_object).flat_map(|all| all.keys());
            let in_scheme = schemes
                .map(|scheme| self.document.at(&format!("/components/securitySchemes/{scheme}")))
                .any(|scheme| scheme["in"] == "query" && scheme["name"] == name);
            parameters
                .filter(|one| one["in"] != "path")
                .any(|one| one["name"].as_str().is_some_and(|n| n.eq_ignore_ascii_case(name)))
                || in_scheme
        };
        for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let name = pair.split('=').next().unwrap();
            if !known(name) {
                broken.push(format!("the query {name} is not in the document"));
            }
        }
        if headers.contains_key("idempotency-key") && !known("Idempotency-Key") {
            broken.push("the header Idempotency-Key is not in the document".to_owned());
        }
        let needs_bearer = of["security"].as_array().unwrap().iter().all(|one| one.get("bearer").is_some())
            && !of["security"].as_array().unwrap().is_empty();
        if needs_bearer && !headers.contains_key("authorization") {
            broken.push("no bearer was sent".to_owned());
        }
        match of["requestBody"]["content"].get("application/json") {
            Some(media) if !body.is_null() => {
                broken.extend(self.document.faults(&media["schema"], body));
                broken.extend(self.document.unknown_members(&media["schema"], body, "body"));
            }
            Some(_) if of["requestBody"]["required"] == true => broken.push("the body is missing".to_owned()),
            None if !body.is_null() => broken.push("the document knows no body".to_owned()),
            _ => {}
        }
        broken
    }

    /// The first success of an operation.
    fn answer(&self, id: &str, of: &Value, body: &Value) -> (StatusCode, Option<Value>) {
        let successes = of["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
        let (status, response) = successes.min_by_key(|(status, _)| (*status).clone()).unwrap();
        let status = status.parse().unwrap();
        let Some(media) = response["content"].get("application/json") else { return (status, None) };
        // Tokens are null in refusals only, which have the same shape.
        if id == "createAccessToken" {
            let hour = 3_600_000 + 1_795_170_331_000_i64;
            return (status, Some(json!({"accessToken": "a", "refreshToken": "r", "expires": hour, "id": null})));
        }
        let schema = self.alternative(id, &media["schema"], body);
        let shown = media["examples"].as_object().into_iter().flatten().map(|(_, example)| &example["value"]);
        let mut shown = shown.filter(|value| self.document.faults(schema, value).is_empty());
        let made = match self.richness {
            Richness::Least => sample::least(&self.document, schema),
            Richness::Most => sample::most(&self.document, schema),
            Richness::Shown => shown.next().cloned().unwrap_or_else(|| sample::most(&self.document, schema)),
        };
        let faults = self.document.faults(schema, &made);
        assert!(faults.is_empty(), "the sample of {id} is none: {faults:?} in {made:#}");
        (status, Some(made))
    }

    /// Where answers differ: a set is answered as a set; a merchant's own key gets its one object.
    fn alternative<'a>(&self, id: &str, schema: &'a Value, body: &Value) -> &'a Value {
        let Some(all) = schema["anyOf"].as_array() else { return schema };
        match id {
            "transmit" => &all[usize::from(body.is_array())],
            _ => &all[usize::from(self.richness == Richness::Shown)],
        }
    }
}
