//! The shop's HTTP client: bearer tokens, renewed before they run out.

use domain::time::{MINUTE, Timestamp};
use engine::Clock;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::Mutex;

/// Bytes of a refusal's body that are shown.
const SHOWN_BYTES_MAX: usize = 300;

/// Why a call was of no use.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Trouble {
    /// No answer came.
    #[error("{path}: {reason}")]
    NoAnswer {
        /// What was called.
        path: String,
        /// Why.
        reason: String,
    },
    /// Another status than 2xx.
    #[error("{path}: HTTP {status}: {body}")]
    Refused {
        /// What was called.
        path: String,
        /// Its status.
        status: u16,
        /// The beginning of its body.
        body: String,
    },
    /// The answer says something else than the contract.
    #[error("{path}: {reason}")]
    Unexpected {
        /// What was called.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

impl Trouble {
    /// The answer says something else than the contract.
    pub fn unexpected(path: &str, reason: impl Into<String>) -> Self {
        Self::Unexpected { path: path.to_owned(), reason: reason.into() }
    }
}

/// A client of one merchant.
pub struct Client {
    http: reqwest::Client,
    base_url: String,
    app_key: String,
    app_secret: String,
    held: Mutex<Option<Held>>,
}

struct Held {
    access: String,
    refresh: String,
    ends_at: Timestamp,
}

impl Client {
    /// A client with an AppKey and its AppSecret.
    pub fn new(base_url: &str, app_key: &str, app_secret: &str) -> Result<Self, Trouble> {
        // A proxy of the environment has no business on loopback.
        let built = reqwest::Client::builder().no_proxy().timeout(MINUTE * 2).build();
        let http = built.map_err(|error| Trouble::NoAnswer { path: base_url.to_owned(), reason: error.to_string() })?;
        let text = str::to_owned;
        let (base_url, app_key, app_secret) = (text(base_url), text(app_key), text(app_secret));
        Ok(Self { http, base_url, app_key, app_secret, held: Mutex::default() })
    }

    /// `GET` with the bearer.
    pub async fn get(&self, path: &str) -> Result<Value, Trouble> {
        let request = self.request(Method::GET, path).bearer_auth(self.bearer().await?);
        answer(path, request).await
    }

    /// `POST` of JSON with the bearer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Trouble> {
        let request = self.request(Method::POST, path).bearer_auth(self.bearer().await?).json(body);
        answer(path, request).await
    }

    /// `POST` of JSON without a bearer; what authorises it stands in the query.
    pub async fn post_with(&self, path: &str, query: &str, body: &Value) -> Result<Value, Trouble> {
        answer(path, self.request(Method::POST, &format!("{path}?{query}")).json(body)).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base_url))
    }

    async fn bearer(&self) -> Result<String, Trouble> {
        let mut held = self.held.lock().await;
        let now = Clock::System.now();
        if let Some(held) = held.as_ref().filter(|held| held.ends_at > now + MINUTE) {
            return Ok(held.access.clone());
        }
        let keys = json!({"AppKey": self.app_key, "AppSecret": self.app_secret});
        let fresh = match held.take() {
            // A refresh token lives a day; behind a longer pause the keys still work.
            Some(spent) => match self.grant(&json!({"refreshToken": spent.refresh})).await {
                Err(Trouble::Refused { .. }) => self.grant(&keys).await?,
                result => result?,
            },
            None => self.grant(&keys).await?,
        };
        Ok(held.insert(fresh).access.clone())
    }

    async fn grant(&self, body: &Value) -> Result<Held, Trouble> {
        const PATH: &str = "/v1/oauth2/token";
        let reply = answer(PATH, self.request(Method::POST, PATH).json(body)).await?;
        let text = |name: &str| reply[name].as_str().map(str::to_owned);
        match (text("accessToken"), text("refreshToken"), reply["expires"].as_i64()) {
            (Some(access), Some(refresh), Some(expires)) => {
                Ok(Held { access, refresh, ends_at: Timestamp::from_millis(expires) })
            }
            _ => Err(Trouble::unexpected(PATH, "no tokens in the answer")),
        }
    }
}

async fn answer(path: &str, request: RequestBuilder) -> Result<Value, Trouble> {
    let lost = |error: reqwest::Error| Trouble::NoAnswer { path: path.to_owned(), reason: error.without_url().to_string() };
    let response = request.send().await.map_err(lost)?;
    let status = response.status();
    let body = response.text().await.map_err(lost)?;
    if !status.is_success() {
        let body = body.chars().take(SHOWN_BYTES_MAX).collect();
        return Err(Trouble::Refused { path: path.to_owned(), status: status.as_u16(), body });
    }
    serde_json::from_str(&body).map_err(|error| Trouble::unexpected(path, error.to_string()))
}
