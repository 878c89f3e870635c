//! What all pages share: a trace id, a page for every problem, and headers that keep browsers from doing harm.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    body::Body,
    extract::{FromRequestParts as _, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;
use http::{HeaderName, HeaderValue, Method, header};

use crate::{
    Layout, Portal, Problem, Viewer, cookie,
    problem::{self, Left},
};

/// No script, style, frame or form but our own.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Around every page.
pub async fn edge(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let trace = portal.trace();
    let name = format!("00-{}-{}-01", hex(&trace), hex(&portal.trace()[..8]));
    let path = request.uri().path().to_owned();
    let said = cookie::get(request.headers(), portal.cookies().flash).is_some();
    let head = request.method() == Method::HEAD;
    let (parts, body) = request.into_parts();
    let again = parts.clone();
    let served = engine::trace::within(trace, next.run(Request::from_parts(parts, body)));
    let mut response = AssertUnwindSafe(served).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(path, trace = name, "a page panicked");
        Problem::Internal("a page panicked".into()).into_response()
    });
    if let Some(Left(problem)) = response.extensions_mut().remove::<Left>() {
        response = explained(&portal, again, problem, &name).await;
    }
    if head {
        *response.body_mut() = Body::empty();
    }
    if said && shows_flash(&response) {
        response.headers_mut().append(header::SET_COOKIE, cookie::forget(&portal, portal.cookies().flash));
    }
    harden(&portal, &mut response, &name);
    let class = response.status().as_u16() / 100;
    metrics::histogram!("recoup_portal_seconds", "status" => class.to_string()).record(start.elapsed().as_secs_f64());
    response
}

/// The page of a problem, in the viewer's own frame when there is one.
async fn explained(portal: &Portal, mut parts: http::request::Parts, problem: Problem, trace: &str) -> Response {
    let layout = match Viewer::from_request_parts(&mut parts, portal).await {
        Ok(viewer) => viewer.layout(),
        Err(_) => Layout::stranger(portal, &parts.headers),
    };
    problem::page(&problem, layout, trace)
}

fn shows_flash(response: &Response) -> bool {
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    html && !response.status().is_redirection()
}

fn harden(portal: &Portal, response: &mut Response, trace: &str) {
    let headers = response.headers_mut();
    let mut add = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(header::CACHE_CONTROL, "no-store");
    add(header::CONTENT_SECURITY_POLICY, POLICY);
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::REFERRER_POLICY, "same-origin");
    add(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    add(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if portal.is_secure() {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(value) = HeaderValue::from_str(trace) {
        headers.insert("x-trace-id", value);
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
