//! A gateway behind the plain HTTP contract: answers as it is told, remembers what it was asked, and signs notifications.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use aws_lc_rs::hmac;
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::Client;

/// What the gateway does with an attempt.
#[derive(Debug, Clone)]
pub enum Manner {
    /// Approves.
    Approve,
    /// Declines with this code.
    Decline(&'static str),
    /// Sends nothing to the issuer.
    Refuse,
    /// Breaks off; looked up, it does not know yet.
    Lose,
}

#[derive(Debug)]
struct Inner {
    manner: Mutex<Manner>,
    attempts: Mutex<Vec<Value>>,
    refunds: Mutex<Vec<Value>>,
    refunds_lost: Mutex<bool>,
    answers: Mutex<HashMap<String, Value>>,
}

/// A running gateway.
#[derive(Debug, Clone)]
pub struct Gateway {
    /// Its base URL.
    pub base: String,
    inner: Arc<Inner>,
}

/// The signing secret of every gateway here, base64.
pub const SECRET: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

impl Gateway {
    /// Starts it on a port of its own.
    pub async fn start(manner: Manner) -> Self {
        let inner = Arc::new(Inner {
            manner: Mutex::new(manner),
            attempts: Mutex::default(),
            refunds: Mutex::default(),
            refunds_lost: Mutex::new(false),
            answers: Mutex::default(),
        });
        let router = Router::new()
            .route("/authorize", post(authorize))
            .route("/inquire", post(inquire))
            .route("/refund", post(refund))
            .route("/void", post(|| async { Json(json!({"voided": true})) }))
            .with_state(inner.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("its address"));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("the gateway runs") });
        Self { base, inner }
    }

    /// Attempts it was asked for, oldest first.
    pub fn attempts(&self) -> Vec<Value> {
        self.inner.attempts.lock().unwrap().clone()
    }

    /// Refunds it was asked for.
    pub fn refunds(&self) -> Vec<Value> {
        self.inner.refunds.lock().unwrap().clone()
    }

    /// Loses the answers of refunds from now on.
    pub fn lose_refunds(&self) {
        *self.inner.refunds_lost.lock().unwrap() = true;
    }

    /// Behaves so from now on.
    pub fn behave(&self, manner: Manner) {
        *self.inner.manner.lock().unwrap() = manner;
    }
}

/// Sends a notification with a signature of now, or of `offset_secs` from now, under a secret.
pub async fn notify(client: &Client, processor: &str, id: &str, text: &str, secret: &str, offset_secs: i64) -> crate::Reply {
    let at = (crate::now().as_second() + offset_secs).to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(secret).expect("base64"));
    let signature = format!("v1,{}", STANDARD.encode(hmac::sign(&key, format!("{id}.{at}.{text}").as_bytes())));
    let headers = [("webhook-id", id), ("webhook-timestamp", at.as_str()), ("webhook-signature", signature.as_str())];
    client.send(reqwest::Method::POST, &format!("/v1/processors/{processor}/webhook"), &headers, Some(text.to_owned())).await
}

async fn authorize(State(inner): State<Arc<Inner>>, Json(asked): Json<Value>) -> Response {
    inner.attempts.lock().unwrap().push(asked.clone());
    let manner = inner.manner.lock().unwrap().clone();
    let answer = match manner {
        Manner::Approve => json!({"approved": true, "response_code": "00", "processor_reference": "ref"}),
        Manner::Decline(code) => json!({"approved": false, "response_code": code}),
        Manner::Refuse => return (StatusCode::BAD_REQUEST, Json(json!({"error": "no such account"}))).into_response(),
        Manner::Lose => return StatusCode::BAD_GATEWAY.into_response(),
    };
    inner.answers.lock().unwrap().insert(asked["attempt_id"].as_str().unwrap_or_default().to_owned(), answer.clone());
    Json(answer).into_response()
}

async fn inquire(State(inner): State<Arc<Inner>>, Json(asked): Json<Value>) -> Response {
    match inner.answers.lock().unwrap().get(asked["attempt_id"].as_str().unwrap_or_default()) {
        Some(answer) => Json(answer.clone()).into_response(),
        None => StatusCode::CONFLICT.into_response(),
    }
}

async fn refund(State(inner): State<Arc<Inner>>, Json(asked): Json<Value>) -> Response {
    inner.refunds.lock().unwrap().push(asked);
    if *inner.refunds_lost.lock().unwrap() {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    Json(json!({"refunded": true})).into_response()
}
