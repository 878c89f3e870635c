//! The whole interface in this process: a database in a folder of its own, a clock set by hand, one merchant.

use std::sync::Arc;

use axum::{Router, body::Body};
use domain::{
    client::Role,
    environment::Environment,
    id::{Mid, SiteId},
    time::Timestamp,
};
use engine::{
    Clock, Engine, Options, Random,
    admin::{NewClient, NewMerchant, NewSite},
};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use recoup_api::{self as api, AppState};
use serde_json::{Value, json};
use store::Store;
use tower::ServiceExt as _;
use vault::{Ring, Vault};

/// A running interface.
pub struct App {
    pub engine: Arc<Engine>,
    pub router: Router,
    pub mid: Mid,
    pub site: SiteId,
    pub client: NewClient,
    _folder: tempfile::TempDir,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl App {
    pub async fn start() -> Self {
        Self::in_environment(Environment::Sandbox, None).await
    }

    /// A key of one environment on a listener of (perhaps) one environment.
    pub async fn in_environment(environment: Environment, listener: Option<Environment>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recoup.db");
        store::migrate(&path).unwrap();
        let store = Store::open(&path, &store::Options::default()).unwrap();
        let now = Timestamp::parse("2026-11-20T10:15:30Z").unwrap();
        let ring = Ring::generate(now, &vault::System).unwrap();
        let vault = Arc::new(Vault::in_memory(ring, Box::new(vault::System)));
        let engine = Engine::new(store, vault, Clock::manual(now), Random::seeded(1), Options::default()).await.unwrap();
        let merchant = engine.create_merchant(NewMerchant { name: "Shop".into(), ..NewMerchant::default() }).await.unwrap();
        let site = NewSite { name: "Main".into(), is_default: true, descriptors: vec!["SHOP".into()], ..NewSite::default() };
        let site = engine.create_site(merchant.id, site).await.unwrap();
        let client = engine.create_client(Role::Merchant, environment, Some(merchant.id), None, "server", vec![]).await.unwrap();
        let metrics = || "recoup_up 1\n".to_owned();
        let state = match listener {
            Some(listener) => AppState::for_listener(engine.clone(), metrics, 7, listener),
            None => AppState::new(engine.clone(), metrics, 7),
        };
        Self { engine, router: api::router(state), mid: merchant.id, site: site.id, client, _folder: folder }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub async fn call(&self, method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, Some(token), Some(body)).await
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.call(Method::GET, path, Some(token), None).await
    }

    /// A fresh access token.
    pub async fn token(&self) -> String {
        let body = json!({"AppKey": self.client.app_key, "AppSecret": *self.client.app_secret});
        let answer = self.call(Method::POST, "/v1/oauth2/token", None, Some(&body)).await;
        answer.json()["accessToken"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
    }
}

/// A sound `/evaluate` with a card number; `key` is order id and idempotency key.
pub fn evaluate(key: &str) -> Value {
    json!({
        "orderId": key, "idempotencyKey": key, "isMIT": true,
        "transaction": {
            "id": format!("t-{key}"), "amount": 1999, "currency": "USD", "responseCode": "51", "responseCodeSource": "iso",
            "avsResultCode": "Y", "cvvResultCode": "M", "cavvResultCode": "NA"
        },
        "paymentMethod": {"cardNumber": "4111111111111111", "expirationMonth": 2, "expirationYear": 2031}
    })
}

/// Top-level member names in the order they stand.
pub fn members(body: &str) -> Vec<String> {
    let node: serde_json::Map<String, Value> = serde_json::from_str(body).unwrap();
    let mut names: Vec<(usize, String)> =
        node.keys().map(|key| (body.find(&format!("\"{key}\":")).unwrap(), key.clone())).collect();
    names.sort();
    names.into_iter().map(|(_, name)| name).collect()
}
