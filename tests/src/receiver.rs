//! A merchant's webhook endpoint: keeps what comes, and fails when it is told to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{Secret, until, verify};

/// One delivery as it arrived.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Headers.
    pub headers: HeaderMap,
    /// Exact bytes.
    pub body: Bytes,
    /// The same, read.
    pub payload: Value,
    /// What was answered.
    pub answered: u16,
}

impl Hit {
    /// `Event`.
    pub fn event(&self) -> &str {
        self.payload["Event"].as_str().unwrap_or_default()
    }

    /// `OrderId`.
    pub fn order(&self) -> &str {
        self.payload["OrderId"].as_str().unwrap_or_default()
    }

    /// `EventData.Sequence`.
    pub fn sequence(&self) -> u64 {
        self.payload["EventData"]["Sequence"].as_u64().unwrap_or_default()
    }

    /// Whether it was taken.
    pub fn taken(&self) -> bool {
        (200..300).contains(&self.answered)
    }

    /// Panics unless both schemes are signed with this key.
    #[track_caller]
    pub fn assert_signed(&self, secret: &Secret) {
        if let Err(wrong) = verify(&self.headers, &self.body, secret, &[secret]) {
            panic!("{wrong}: {:?} {}", self.headers, self.payload);
        }
    }
}

/// How the next deliveries are answered; the rest gets 200.
#[derive(Debug, Clone, Copy)]
pub struct Answering {
    /// Status.
    pub status: u16,
    /// How many.
    pub times: usize,
}

#[derive(Debug, Default)]
struct Kept {
    hits: Vec<Hit>,
    answering: Option<Answering>,
}

/// The endpoint.
#[derive(Debug)]
pub struct Receiver {
    /// Where it listens.
    pub url: String,
    kept: Arc<Mutex<Kept>>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Listens on a free port of loopback.
    pub async fn start() -> Self {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hooks", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(take).with_state(kept.clone());
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the receiver serves");
        });
        Self { url, kept, task }
    }

    /// Answers the next deliveries otherwise.
    pub fn answer(&self, answering: Answering) {
        lock(&self.kept).answering = Some(answering);
    }

    /// Everything that came.
    pub fn hits(&self) -> Vec<Hit> {
        lock(&self.kept).hits.clone()
    }

    /// What came for one order and was taken.
    pub fn of(&self, order: &str) -> Vec<Hit> {
        self.hits().into_iter().filter(|hit| hit.order() == order && hit.taken()).collect()
    }

    /// Waits for an event of an order to be taken.
    pub async fn event(&self, order: &str, event: &str) -> Hit {
        until(&format!("{event} of {order}"), || async { self.of(order).into_iter().find(|hit| hit.event() == event) }).await
    }

    /// Waits until something is true of everything that came.
    pub async fn until(&self, what: &str, test: impl Fn(&[Hit]) -> bool) -> Vec<Hit> {
        until(what, || async { Some(self.hits()).filter(|hits| test(hits)) }).await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(kept): State<Arc<Mutex<Kept>>>, headers: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
    let payload = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut kept = lock(&kept);
    let answered = match &mut kept.answering {
        Some(answering) if answering.times > 0 => {
            answering.times -= 1;
            answering.status
        }
        _ => 200,
    };
    kept.hits.push(Hit { headers, body, payload, answered });
    (StatusCode::from_u16(answered).unwrap_or(StatusCode::OK), "noted")
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
