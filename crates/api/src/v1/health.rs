//! `/healthz`, `/readyz`, `/metrics` (`wire-api` §17).

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    Extension,
    extract::{ConnectInfo, State},
};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{
    failure::Failure,
    operation::{Access, Operation, Schema, Tag, schema},
    render::Reply,
    state::AppState,
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/healthz", healthz)
            .id("isAlive")
            .tag(Tag::Operations)
            .open()
            .summary("Whether the process lives")
            .answers(200, schema::<Alive>()),
        Operation::get("/readyz", readyz)
            .id("isReady")
            .tag(Tag::Operations)
            .open()
            .summary("Whether requests can be served")
            .answers(200, schema::<Ready>())
            .answers(503, schema::<Ready>()),
        Operation::get("/metrics", metrics)
            .id("readMetrics")
            .tag(Tag::Operations)
            .open()
            .access(Access::Local)
            .summary("Numbers for Prometheus")
            .about("Prometheus text, for callers on this machine; others get 404.")
            .answers_as(200, "text/plain", Schema::Text),
    ]
}

/// 200 while the process lives.
pub async fn healthz() -> Reply {
    Reply::ok(&Alive { status: "ok" })
}

/// The process lives.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Liveness")]
struct Alive {
    /// `ok`.
    status: &'static str,
}

/// What is ready and what is not.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Readiness")]
struct Ready {
    status: &'static str,
    checks: BTreeMap<&'static str, Value>,
}

/// 200 when requests can be served, else 503 and what is missing.
pub async fn readyz(State(state): State<AppState>) -> Reply {
    let found = state.engine().readiness().await;
    let draining = state.engine().is_draining();
    let ready = !draining && found.iter().all(|(_, word)| word == "ok");
    let mut checks: BTreeMap<&'static str, Value> = found.into_iter().map(|(name, word)| (name, Value::from(word))).collect();
    checks.insert("draining", draining.into());
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Reply::json(status, &Ready { status: if ready { "ok" } else { "unavailable" }, checks })
}

/// Prometheus text, for callers on this machine.
pub async fn metrics(State(state): State<AppState>, peer: Option<Extension<ConnectInfo<SocketAddr>>>) -> Result<Reply, Failure> {
    let local = peer.is_some_and(|Extension(ConnectInfo(peer))| peer.ip().to_canonical().is_loopback());
    if !local {
        return Err(Failure::unknown_path());
    }
    Ok(Reply::text(StatusCode::OK, state.metrics()).content_type("text/plain; version=0.0.4; charset=utf-8"))
}
