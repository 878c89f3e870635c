//! `/sense.js` = `/widget.js`, and its hash.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use axum::response::{IntoResponse as _, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{
    HeaderValue, StatusCode,
    header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS},
};

use crate::render::Reply;

/// Collector and widget.
const SCRIPT: &str = include_str!("../../../assets/sense.js");

static INTEGRITY: LazyLock<String> = LazyLock::new(|| {
    let hash = digest::digest(&digest::SHA384, SCRIPT.as_bytes());
    format!("sha384-{}", STANDARD.encode(hash))
});

/// The script.
pub async fn script() -> Response {
    public(Reply::bytes(StatusCode::OK, Bytes::from_static(SCRIPT.as_bytes())).content_type("text/javascript; charset=utf-8"))
}

/// Its hash.
pub async fn sri() -> Response {
    public(Reply::bytes(StatusCode::OK, Bytes::from_static(INTEGRITY.as_bytes())).content_type("text/plain; charset=utf-8"))
}

/// Any page may load what is nobody's secret: checking `integrity` needs the reading that `*` allows.
fn public(reply: Reply) -> Response {
    let mut response = reply.into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_small_and_asks_nobody_else() {
        assert!(SCRIPT.len() < 24 * 1024, "{} bytes", SCRIPT.len());
        for forbidden in ["eval(", "new Function", "innerHTML", "document.write", "document.cookie", "http://", "https://"] {
            assert!(!SCRIPT.contains(forbidden), "{forbidden}");
        }
        assert!(INTEGRITY.starts_with("sha384-") && INTEGRITY.len() == 71);
    }
}
