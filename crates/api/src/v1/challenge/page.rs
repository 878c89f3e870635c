//! The page in the frame, with its style and script. It holds no data: its script asks for them.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use engine::challenge::{Look, Seen};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};

use crate::{failure::Failure, render::Reply, state::AppState};

const PAGE: &str = include_str!("../../../assets/challenge.html");
const GONE: &str = include_str!("../../../assets/challenge-gone.html");
const STYLE: &str = include_str!("../../../assets/challenge.css");
const SCRIPT: &str = include_str!("../../../assets/challenge.js");

/// What the page may load and who may frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
    form-action 'none'; base-uri 'none'; frame-ancestors ";

/// `GET /challenge/{orderSessionKey}`.
pub async fn page(State(state): State<AppState>, Path(key): Path<String>) -> Result<Response, Failure> {
    let look = match super::key(&key) {
        Ok(id) => state.engine().challenge(id, Seen::default()).await,
        Err(_) => Err(engine::Error::NotFound),
    };
    match look {
        Ok(look) => Ok(framed(html(StatusCode::OK, branded(&look)), &ancestors(&look))),
        Err(engine::Error::NotFound) => Ok(framed(html(StatusCode::NOT_FOUND, GONE.to_owned()), "'none'")),
        Err(error) => Err(error.into()),
    }
}

/// `GET /challenge.css`.
pub async fn style() -> Response {
    asset(STYLE, "text/css; charset=utf-8")
}

/// `GET /challenge.js`.
pub async fn script() -> Response {
    asset(SCRIPT, "text/javascript; charset=utf-8")
}

/// The page in the site's colours and language. These were checked when they were set: six digits, and here once more.
fn branded(look: &Look) -> String {
    let ui = look.site().map(|site| site.ui.clone()).unwrap_or_default();
    let colour = |of: Option<String>| of.filter(|text| is_colour(text)).unwrap_or_default();
    let language = ui.locale.filter(|text| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')).unwrap_or_default();
    PAGE.replace("{{colour}}", &colour(ui.primary_color))
        .replace("{{ink}}", &colour(ui.text_color))
        .replace("{{locale}}", if language.is_empty() { "en" } else { &language })
}

fn is_colour(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The site's origins; those that would not be one source each are left out.
fn ancestors(look: &Look) -> String {
    let Some(origins) = look.origins() else { return "*".to_owned() };
    let sound = |origin: &&String| origin.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b',' | b'\''));
    let listed: Vec<&str> = origins.iter().filter(sound).map(|origin| origin.trim_end_matches('/')).collect();
    if listed.is_empty() { "'none'".to_owned() } else { listed.join(" ") }
}

fn html(status: StatusCode, text: String) -> Reply {
    Reply::text(status, text).content_type("text/html; charset=utf-8")
}

fn framed(reply: Reply, ancestors: &str) -> Response {
    let mut response = reply.into_response();
    let policy = HeaderValue::from_str(&format!("{POLICY}{ancestors}"));
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_SECURITY_POLICY,
        policy.unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    );
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn asset(text: &'static str, content_type: &'static str) -> Response {
    let mut response =
        Reply::bytes(StatusCode::OK, Bytes::from_static(text.as_bytes())).content_type(content_type).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
