//! Forms: bounded, and only with the token that the page was given.

use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use http::{HeaderMap, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Limited};
use serde::de::DeserializeOwned;

use crate::{Portal, Problem, cookie};

/// Largest form, bytes.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// The member that holds the token.
pub const TOKEN: &str = "csrf";

/// The fields of a form that one of our own pages sent. Members that may be absent are `Option` or `#[serde(default)]`,
/// repeated ones are `Vec`.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Portal> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let plain = b"application/x-www-form-urlencoded";
        if !parts.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(plain)) {
            return Err(Problem::Unreadable("This is no form."));
        }
        let bytes = read(body).await?;
        let pairs: Vec<(String, String)> =
            serde_html_form::from_bytes(&bytes).map_err(|_| Problem::Unreadable("The form cannot be read."))?;
        let token = pairs.iter().find(|(name, _)| name == TOKEN).map_or("", |(_, token)| token);
        check(portal, &parts.headers, token)?;
        serde_html_form::from_bytes(&bytes).map(Self).map_err(|error| {
            tracing::debug!(%error, "a form has other fields than its page");
            Problem::Unreadable("A field of the form is missing or cannot be read.")
        })
    }
}

async fn read(body: Body) -> Result<bytes::Bytes, Problem> {
    let read = Limited::new(body, FORM_BYTES_MAX).collect().await;
    read.map(http_body_util::Collected::to_bytes).map_err(|_| Problem::Unreadable("The form is too large or did not arrive."))
}

/// Fails when a token was not made for this browser.
pub fn check(portal: &Portal, headers: &HeaderMap, token: &str) -> Result<(), Problem> {
    let secret = secret(portal, headers).ok_or(Problem::Stale)?;
    if portal.engine().is_form_token(secret, token) { Ok(()) } else { Err(Problem::Stale) }
}

/// What the tokens of a browser are made from: its session, or its visit before it has one.
pub fn secret<'a>(portal: &Portal, headers: &'a HeaderMap) -> Option<&'a str> {
    let names = portal.cookies();
    cookie::get(headers, names.session).or_else(|| cookie::get(headers, names.visit))
}
