//! After a change: another page, and what it says once.

use axum::response::{IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, header::SET_COOKIE};

use crate::{Portal, cookie};

/// Life of what is said, seconds.
const LIFE_SECS: u32 = 60;
/// Longest text, characters.
const CHARS_MAX: usize = 500;

/// On to another page by `303 See Other`, so that a reload sends nothing twice.
#[derive(Debug, Clone)]
pub struct Redirect {
    path: String,
    said: Option<String>,
    cookies: Vec<HeaderValue>,
}

impl Redirect {
    /// To a path of the portal.
    pub fn to(path: impl Into<String>) -> Self {
        Self { path: path.into(), said: None, cookies: vec![] }
    }

    /// Says something on the next page, once. It travels in a cookie: no secrets.
    #[must_use]
    pub fn saying(mut self, portal: &Portal, text: &str) -> Self {
        let text: String = text.chars().take(CHARS_MAX).collect();
        self.said = Some(text.clone());
        let cookie = cookie::set(portal, portal.cookies().flash, &URL_SAFE_NO_PAD.encode(text), Some(LIFE_SECS));
        self.cookies.push(cookie);
        self
    }

    /// Sets a cookie beside it.
    #[must_use]
    pub(crate) fn setting(mut self, cookie: HeaderValue) -> Self {
        self.cookies.push(cookie);
        self
    }
}

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        let mut response = axum::response::Redirect::to(&self.path).into_response();
        for cookie in self.cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

/// What is to be said on this page.
pub fn said(portal: &Portal, headers: &HeaderMap) -> Option<String> {
    let text = cookie::get(headers, portal.cookies().flash)?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// A path to go on to, when it is one of the portal's own.
pub fn own_path(path: &str) -> Option<&str> {
    let own = path.starts_with("/portal/") && !path.contains(['\\', '\n', '\r']) && !path.contains("//");
    own.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_on_to() {
        for (path, own) in [
            ("/portal/orders?page=2", true),
            ("//evil.example/portal/", false),
            ("https://evil.example/portal/", false),
            ("/portal/\\evil.example", false),
            ("/portal//evil.example", false),
            ("/v1/orders", false),
            ("", false),
        ] {
            assert_eq!(own_path(path).is_some(), own, "{path}");
        }
    }
}
