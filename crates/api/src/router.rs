//! The edge that all requests pass, around the paths of all operations (`v1::operations`).

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use engine::{Answer, Ticket};
use futures_util::FutureExt as _;
use http::{
    HeaderValue, Method,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, RETRY_AFTER, WWW_AUTHENTICATE},
};
use tower::ServiceExt as _;

use crate::{
    extract::{Arrival, Trace, address, fold},
    failure::Failure,
    operation::Operation,
    render::problem::{self, Asked},
    state::AppState,
    v1,
};

/// Bytes of an answer that is kept or reshaped; larger ones are lists, and lists are only read.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The whole interface as one service.
pub fn router(state: AppState) -> Router {
    let operations = v1::operations();
    let table = table(&operations).with_state(state.clone());
    let resources = operations.iter().map(Operation::resource).collect();
    Router::new().fallback(edge).with_state(Edge { table, resources, state })
}

/// The paths of all operations, and what is said where there is none.
fn table(operations: &[Operation]) -> Router<AppState> {
    let table = Router::new()
        .fallback(|| async { Failure::unknown_path() })
        .method_not_allowed_fallback(|| async { Failure::wrong_verb() });
    operations.iter().fold(table, |table, operation| table.route(operation.path, operation.route()))
}

#[derive(Clone)]
struct Edge {
    table: Router,
    resources: Arc<[&'static str]>,
    state: AppState,
}

/// What all requests share: trace id, folded path, error bodies, headers, numbers.
async fn edge(State(edge): State<Edge>, mut request: Request) -> Response {
    let start = Instant::now();
    let trace = Trace::of(request.headers(), edge.state.traces());
    let arrival = Arrival::from(address(request.extensions(), request.headers(), edge.state.guard().behind_proxy()));
    request.extensions_mut().insert(arrival.clone());
    let as_problem = wants_problem(&request);
    let head = request.method() == Method::HEAD;
    if let Some(folded) = fold(request.uri()) {
        *request.uri_mut() = folded;
    }
    let path = request.uri().path().to_owned();
    let keyed = request.headers().contains_key("idempotency-key");
    let served = engine::trace::within(trace.id(), serve(edge.clone(), request, arrival));
    // A caller with a key who hangs up finds the answer later: the work goes on without it.
    let served = if keyed {
        tokio::spawn(served).await.map_err(|_| ())
    } else {
        AssertUnwindSafe(served).catch_unwind().await.map_err(|_| ())
    };
    let response = served.unwrap_or_else(|()| {
        tracing::error!(path, trace = trace.as_str(), "a handler panicked");
        Failure::coded(50000, "An internal error occurred.").into_response()
    });
    let asked = Asked { trace: trace.as_str(), as_problem, path: &path };
    let response = finished(reshaped(response, &asked).await, &asked, head);
    metrics::histogram!("recoup_http_seconds", "route" => resource(&edge.resources, &path), "status" => class(&response))
        .record(start.elapsed().as_secs_f64());
    response
}

/// Runs the handler and keeps its answer when it holds an idempotency key.
async fn serve(edge: Edge, request: Request, arrival: Arrival) -> Response {
    let response = match edge.table.oneshot(request).await {
        Ok(response) => response,
        Err(infallible) => match infallible {},
    };
    match arrival.released() {
        Some(ticket) if response.status().is_success() => keep(&edge.state, ticket, response).await,
        _ => response,
    }
}

async fn keep(state: &AppState, ticket: Ticket, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await else {
        return Failure::coded(50000, "An internal error occurred.").into_response();
    };
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let answer = Answer {
        status: parts.status.as_u16(),
        content_type: header(CONTENT_TYPE),
        etag: header(ETAG),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    // What was done is done: without its record a repeat is a new request, as it is after a day.
    if let Err(error) = state.engine().keep(ticket, &answer).await {
        tracing::error!(%error, "an answer could not be kept under its idempotency key");
    }
    Response::from_parts(parts, bytes.into())
}

/// Failures that have a shape of their own, as a problem for who wants problems.
async fn reshaped(response: Response, asked: &Asked<'_>) -> Response {
    let status = response.status();
    let own = (status.is_client_error() || status.is_server_error())
        && response.extensions().get::<Failure>().is_none()
        && response.headers().get(CONTENT_TYPE).is_some_and(|of| of.as_bytes().starts_with(b"application/json"));
    if !asked.as_problem || !own {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await.unwrap_or_default();
    let (shape, body) = problem::reshaped(status, &bytes, asked).into_response().into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(shape.headers);
    Response::from_parts(parts, body)
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
            if let Some(secs) = coded.retry_after() {
                response.headers_mut().insert(RETRY_AFTER, secs.into());
            }
            if let Some(value) = coded.challenge() {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(value));
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
        && response
            .headers()
            .get(CONTENT_TYPE)
            .is_none_or(|of| ![&b"application/"[..], b"text/html"].iter().any(|own| of.as_bytes().starts_with(own)));
    let general = || Failure::coded(status.as_u16() * 100, status.canonical_reason().unwrap_or("Error"));
    left.or_else(|| foreign.then(general))
}

fn wants_problem(request: &Request) -> bool {
    let wanted =
        |value: &HeaderValue| value.to_str().is_ok_and(|text| text.to_ascii_lowercase().contains("application/problem+json"));
    request.headers().get_all(ACCEPT).iter().any(wanted)
}

/// The label under which a request is counted: a closed list, whatever paths strangers try.
fn resource(known: &[&'static str], path: &str) -> &'static str {
    let name = path.strip_prefix("/v1/").or_else(|| path.strip_prefix('/')).unwrap_or("");
    let name = name.split('/').next().unwrap_or("");
    known.iter().find(|known| **known == name).copied().unwrap_or("other")
}

fn class(response: &Response) -> &'static str {
    match response.status().as_u16() {
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
