//! An HTTP client that knows nothing but paths, bodies and a token.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Method, header::HeaderMap};
use serde::Deserialize;
use serde_json::Value;

use crate::contract;

/// The text of every answer, for whoever looks for what must not be there.
#[derive(Debug, Clone, Default)]
pub struct Transcript(Arc<Mutex<Vec<String>>>);

impl Transcript {
    /// Everything that was answered so far.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, text: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }
}

/// A caller of the interface.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    transcript: Transcript,
}

/// An answer.
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as it came.
    pub text: String,
    /// Body as JSON; null when it is none.
    pub json: Value,
}

/// A file as it came.
#[derive(Debug)]
pub struct Download {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Client {
    /// A caller without a token.
    pub fn new(base: &str, transcript: Transcript) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(90)).build().expect("an HTTP client");
        Self { http, base: base.to_owned(), token: None, transcript }
    }

    /// The same caller with another token; none: without.
    #[must_use]
    pub fn with_token(&self, token: Option<&str>) -> Self {
        Self { token: token.map(str::to_owned), ..self.clone() }
    }

    /// The token in use.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Sends a request; an error when no whole answer comes. Every answer must be one that `/openapi.json` promises.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Result<Reply, reqwest::Error> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                request = request.header("content-type", "application/json");
            }
            request = request.body(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let told = headers.iter().filter(|(name, _)| *name != "content-length" && *name != "date");
        self.transcript.add(format!("{status} {:?} {text}", told.collect::<Vec<_>>()));
        if let Some(contract) = contract::known() {
            let content_type = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
            contract.check(&contract::Answer { method: method.as_str(), target: path, status, content_type, text: &text });
        }
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Reply { status, headers, text, json })
    }

    /// Sends a request; panics when no whole answer comes.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<String>) -> Reply {
        let sent = self.try_send(method.clone(), path, headers, body).await;
        sent.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"))
    }

    /// Sends bytes of any type; panics when no whole answer comes.
    pub async fn send_bytes(&self, method: Method, path: &str, headers: &[(&str, &str)], bytes: Vec<u8>) -> Reply {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base)).body(bytes);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"));
        self.transcript.add(format!("{status} {text}"));
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status, headers, text, json }
    }

    /// `GET` of a file; panics when it does not come whole.
    pub async fn download(&self, path: &str) -> Download {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(self.token.as_deref().unwrap_or_default());
        let response = request.send().await.unwrap_or_else(|error| panic!("GET {path}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap_or_else(|error| panic!("GET {path}: {error:?}"));
        Download { status, headers, bytes: bytes.into() }
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, &[], Some(body.to_string())).await
    }

    /// `POST` with a JSON body and headers.
    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
        self.send(Method::POST, path, headers, Some(body.to_string())).await
    }

    /// `PATCH` with a JSON body.
    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, &[], Some(body.to_string())).await
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, &[], None).await
    }

    /// `POST /v1/evaluate`, which must be answered 200.
    pub async fn evaluate(&self, body: &Value) -> Reply {
        self.post("/v1/evaluate", body).await.must(200)
    }

    /// An order by Recoup's id, which must be there.
    pub async fn order(&self, id: &str) -> Value {
        self.get(&format!("/v1/orders/{id}")).await.must(200).json
    }

    /// Moves the caller's test clock on; what is due in between has run when it answers.
    pub async fn advance(&self, by: &str) -> Reply {
        self.post("/v1/sandbox/clock", &serde_json::json!({"action": "advance", "by": by})).await.must(200)
    }

    /// The caller's test clock, as it stands.
    pub async fn now(&self) -> jiff::Timestamp {
        let clock = self.get("/v1/sandbox/clock").await.must(200);
        clock.text("now").parse().expect("the clock shows a time")
    }

    /// Vaults a card and gives its token.
    pub async fn tokenize(&self, number: &str, cvv: Option<&str>) -> String {
        let card =
            serde_json::json!({"number": number, "month": 12, "year": 2031, "verification_value": cvv, "full_name": "Ada Byron"});
        let body = serde_json::json!({"payment_method": {"credit_card": card}});
        let reply = self.post("/v1/tokenize", &body).await.must(200);
        reply.json["transaction"]["payment_method"]["token"].as_str().expect("a token").to_owned()
    }
}

impl Reply {
    /// The reply, when it has this status; panics with its body otherwise.
    #[expect(clippy::return_self_not_must_use, reason = "often only the status matters")]
    #[track_caller]
    pub fn must(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// A text member; panics when it is absent or no text.
    #[track_caller]
    pub fn text(&self, member: &str) -> &str {
        self.json[member].as_str().unwrap_or_else(|| panic!("no text {member} in {self:?}"))
    }

    /// `status` and `statusCode` as they stand.
    pub fn verdict(&self) -> (&str, Option<&str>) {
        (self.json["status"].as_str().unwrap_or("-"), self.json["statusCode"].as_str())
    }

    /// `orderSessionKey`.
    #[track_caller]
    pub fn order(&self) -> String {
        self.text("orderSessionKey").to_owned()
    }

    /// A header; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The names of the body's members, in their order.
    pub fn member_names(&self) -> Vec<String> {
        member_names(&self.text)
    }

    /// The paths of a validation map, sorted, without `TraceId`; panics when the answer is no such map.
    #[track_caller]
    pub fn faults(&self) -> Vec<(String, String)> {
        assert_eq!(self.status, 400, "{self:?}");
        let map = self.json.as_object().unwrap_or_else(|| panic!("no map: {self:?}"));
        let trace = map.get("TraceId").and_then(|trace| trace[0].as_str()).unwrap_or_else(|| panic!("no TraceId: {self:?}"));
        assert_trace(trace);
        assert_eq!(trace, self.header("x-trace-id"), "{self:?}");
        let mut faults: Vec<_> = map
            .iter()
            .filter(|(path, _)| *path != "TraceId")
            .map(|(path, messages)| {
                assert_eq!(messages.as_array().map(Vec::len), Some(1), "one entry per path: {self:?}");
                (path.clone(), messages[0].as_str().unwrap_or("-").to_owned())
            })
            .collect();
        faults.sort();
        faults
    }

    /// Checks the error envelope of a five-digit code.
    #[track_caller]
    pub fn assert_error(&self, code: u32) {
        assert_eq!(u32::from(self.status), code / 100, "{self:?}");
        assert_eq!(self.json["success"], false, "{self:?}");
        assert_eq!(self.json["status"], Value::Null, "{self:?}");
        assert_eq!(self.json["statusCode"], code.to_string(), "{self:?}");
        assert!(self.json["errors"].is_array() && self.json["customProperties"].is_object(), "{self:?}");
        assert_eq!(self.member_names(), ["success", "result", "status", "statusCode", "errors", "customProperties"], "{self:?}");
        assert_trace(self.header("x-trace-id"));
    }
}

#[track_caller]
fn assert_trace(text: &str) {
    let parts: Vec<_> = text.split('-').collect();
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let sound = matches!(parts[..], ["00", trace, span, "01"] if hex(trace, 32) && hex(span, 16));
    assert!(sound, "no trace id: {text:?}");
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {} {}", self.status, self.text)
    }
}

/// The names of an object's members, in the order in which they stand in the text.
pub fn member_names(text: &str) -> Vec<String> {
    struct Names(Vec<String>);
    impl<'de> Deserialize<'de> for Names {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Collect;
            impl<'de> serde::de::Visitor<'de> for Collect {
                type Value = Names;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object")
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                    let mut names = Vec::new();
                    while let Some((name, _)) = map.next_entry::<String, serde::de::IgnoredAny>()? {
                        names.push(name);
                    }
                    Ok(Names(names))
                }
            }
            deserializer.deserialize_map(Collect)
        }
    }
    serde_json::from_str::<Names>(text).map(|names| names.0).unwrap_or_default()
}
