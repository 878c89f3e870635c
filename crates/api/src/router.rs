//! The table of contents: every path of the interface, and the edge that all requests pass.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
    routing::{delete, get, post},
};
use futures_util::FutureExt as _;
use http::{
    HeaderValue, Method,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use tower::ServiceExt as _;

use crate::{
    extract::{Trace, fold},
    failure::Failure,
    render::problem::{self, Asked},
    state::AppState,
    v1,
};

/// The whole interface as one service.
pub fn router(state: AppState) -> Router {
    let table = table().with_state(state.clone());
    Router::new().fallback(edge).with_state(Edge { table, state })
}

fn table() -> Router<AppState> {
    Router::new()
        .route("/v1/oauth2/token", post(v1::token::post))
        .route("/v1/tokenize", post(v1::tokenize::post).options(v1::tokenize::preflight))
        .route("/v1/tokens/{token}", delete(v1::tokenize::delete))
        .route("/v1/transmit", post(v1::transmit::post))
        .route("/v1/transmit/{id}", get(v1::transmit::get).patch(v1::transmit::patch))
        .route("/v1/transmit/{id}/outcome", post(v1::transmit::outcome))
        .route("/v1/evaluate", post(v1::evaluate::post))
        .route("/v1/outcome", post(v1::outcome::post))
        .route("/v1/capture", post(v1::capture::post))
        .route("/v1/orders", get(v1::orders::list))
        .route("/v1/orders/{id}", get(v1::orders::get))
        .route("/v1/orders/{id}/cancel", post(v1::orders::cancel))
        .route("/v1/orders/{id}/external-cancel", post(v1::orders::external_cancel))
        .route("/v1/orders/{id}/refund", post(v1::orders::refund))
        .route("/v1/webhooks", get(v1::webhooks::list).post(v1::webhooks::create))
        .route("/v1/webhooks/{id}", get(v1::webhooks::get).patch(v1::webhooks::patch).delete(v1::webhooks::delete))
        .route("/v1/webhooks/{id}/rotate-key", post(v1::webhooks::rotate_key))
        .route("/v1/webhooks/{id}/test", post(v1::webhooks::test))
        .route("/v1/webhooks/{id}/replay", post(v1::webhooks::replay))
        .route("/v1/webhooks/{id}/deliveries", get(v1::webhooks::deliveries))
        .route("/v1/webhooks/{id}/deliveries/{delivery}", get(v1::webhooks::delivery))
        .route("/v1/webhooks/{id}/deliveries/{delivery}/redeliver", post(v1::webhooks::redeliver))
        .route("/v1/events", get(v1::events::list))
        .route("/v1/sandbox/clock", get(v1::sandbox::get).post(v1::sandbox::post))
        .route("/healthz", get(v1::health::healthz))
        .route("/readyz", get(v1::health::readyz))
        .route("/metrics", get(v1::health::metrics))
        .fallback(|| async { Failure::unknown_path() })
        .method_not_allowed_fallback(|| async { Failure::wrong_verb() })
}

#[derive(Clone)]
struct Edge {
    table: Router,
    state: AppState,
}

/// What all requests share: trace id, folded path, error bodies, headers, numbers.
async fn edge(State(edge): State<Edge>, mut request: Request) -> Response {
    let start = Instant::now();
    let trace = Trace::of(request.headers(), edge.state.traces());
    let as_problem = wants_problem(&request);
    let head = request.method() == Method::HEAD;
    if let Some(folded) = fold(request.uri()) {
        *request.uri_mut() = folded;
    }
    let path = request.uri().path().to_owned();
    let served = AssertUnwindSafe(edge.table.oneshot(request)).catch_unwind().await;
    let response = match served {
        Ok(Ok(response)) => response,
        Ok(Err(infallible)) => match infallible {},
        Err(_) => {
            tracing::error!(path, trace = trace.as_str(), "a handler panicked");
            Failure::coded(50000, "An internal error occurred.").into_response()
        }
    };
    let asked = Asked { trace: trace.as_str(), as_problem, path: &path };
    let response = finished(response, &asked, head);
    metrics::histogram!("recoup_http_seconds", "route" => resource(&path), "status" => class(&response))
        .record(start.elapsed().as_secs_f64());
    response
}

fn finished(mut response: Response, asked: &Asked<'_>, head: bool) -> Response {
    if let Some(failure) = failure_of(&mut response) {
        let rendered = problem::render(&failure, asked).into_response();
        let (parts, body) = rendered.into_parts();
        *response.status_mut() = parts.status;
        response.headers_mut().remove(CONTENT_LENGTH);
        response.headers_mut().extend(parts.headers);
        *response.body_mut() = body;
        if let Failure::Coded(coded) = &failure {
            for (name, value) in [(RETRY_AFTER, coded.retry_after()), (WWW_AUTHENTICATE, coded.challenge())] {
                if let Some(value) = value {
                    response.headers_mut().insert(name, HeaderValue::from_static(value));
                }
            }
        }
    }
    if head {
        *response.body_mut() = axum::body::Body::empty();
    }
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(trace) = HeaderValue::from_str(asked.trace) {
        headers.insert("x-trace-id", trace);
    }
    response
}

/// A failure that a handler or extractor left, or one for a refusal of the framework's own.
fn failure_of(response: &mut Response) -> Option<Failure> {
    let left = response.extensions_mut().remove::<Failure>();
    let status = response.status();
    let foreign = left.is_none()
        && (status.is_client_error() || status.is_server_error())
        && response.headers().get(CONTENT_TYPE).is_none_or(|of| !of.as_bytes().starts_with(b"application/"));
    let general = || Failure::coded(status.as_u16() * 100, status.canonical_reason().unwrap_or("Error"));
    left.or_else(|| foreign.then(general))
}

fn wants_problem(request: &Request) -> bool {
    let wanted =
        |value: &HeaderValue| value.to_str().is_ok_and(|text| text.to_ascii_lowercase().contains("application/problem+json"));
    request.headers().get_all(ACCEPT).iter().any(wanted)
}

/// The label under which a request is counted: a closed list, whatever paths strangers try.
fn resource(path: &str) -> &'static str {
    const RESOURCES: [&str; 13] = [
        "oauth2", "tokenize", "tokens", "transmit", "evaluate", "outcome", "capture", "orders", "webhooks", "events", "sandbox",
        "healthz", "readyz",
    ];
    let name = path.strip_prefix("/v1/").or_else(|| path.strip_prefix('/')).unwrap_or("");
    let name = name.split('/').next().unwrap_or("");
    RESOURCES.into_iter().find(|known| *known == name).unwrap_or("other")
}

fn class(response: &Response) -> &'static str {
    match response.status().as_u16() {
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
