//! Cross-origin calls: `/tokenize`, `/sense` and `/challenge` are called from shop pages (`wire-api` §1.2).

use axum::response::{IntoResponse as _, Response};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_MAX_AGE, ORIGIN, VARY,
    },
};

/// How long a browser may remember a preflight, seconds.
const PREFLIGHT_SECS: &str = "600";

/// `OPTIONS` of what shop pages call. Whose shop it is may be known from the bearer of the call itself only, so the origin is
/// judged there.
pub async fn preflight(headers: HeaderMap) -> Response {
    let response = StatusCode::NO_CONTENT.into_response();
    let mut response = shared(response, headers.get(ORIGIN));
    let fixed: [(HeaderName, &str); 3] = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, idempotency-key, traceparent"),
        (ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECS),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Lets pages of an origin read the response.
pub fn shared(mut response: Response, origin: Option<&HeaderValue>) -> Response {
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("x-trace-id"));
    }
    response
}
