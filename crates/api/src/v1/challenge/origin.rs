//! Which pages may ask about a challenge.

use axum::response::{IntoResponse as _, Response};
use engine::{Error, challenge::Look};
use http::{
    HeaderMap, HeaderValue,
    header::{HOST, ORIGIN},
};

use crate::{extract::shared, failure::Failure};

/// The code of [`Error::OriginRefused`].
const ORIGIN_REFUSED: u16 = 40304;

/// Our own page may, servers may, and pages of origins that are listed for the order's site.
pub fn check(look: &Look, headers: &HeaderMap) -> Result<(), Failure> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    let text = |value: &HeaderValue| value.to_str().unwrap_or("").to_ascii_lowercase();
    let (origin, host) = (text(origin), headers.get(HOST).map(text).unwrap_or_default());
    let ours = !host.is_empty() && origin.split_once("://").is_some_and(|(_, authority)| authority == host);
    if ours || look.admits(&origin) { Ok(()) } else { Err(Error::OriginRefused.into()) }
}

/// A failure that the page may read, unless it is that the page may not.
pub fn readable(failure: Failure, origin: Option<&HeaderValue>) -> Response {
    match failure {
        Failure::Coded(refused) if refused.code == ORIGIN_REFUSED => Failure::Coded(refused).into_response(),
        failure => shared(failure.into_response(), origin),
    }
}
