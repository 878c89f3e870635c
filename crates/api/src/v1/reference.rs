//! `/openapi.json` and `/docs`: this interface, for machines and for people.

use std::sync::LazyLock;

use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};

use crate::{
    openapi::{self, page},
    operation::{Operation, Schema, Tag},
    render::Reply,
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/openapi.json", document)
            .id("readDocument")
            .tag(Tag::Operations)
            .open()
            .summary("This document")
            .answers_as(200, "application/json", Schema::Object),
        Operation::get("/docs", docs)
            .id("readReference")
            .tag(Tag::Operations)
            .open()
            .summary("This document as a page")
            .answers_as(200, "text/html", Schema::Text),
        Operation::get("/docs/style.css", style)
            .id("readReferenceStyle")
            .tag(Tag::Operations)
            .open()
            .summary("The style sheet of the page")
            .answers_as(200, "text/css", Schema::Text),
    ]
}

/// Both forms, made once.
static TEXTS: LazyLock<(Bytes, Bytes)> = LazyLock::new(|| {
    let made = openapi::document(&super::operations());
    for name in made.clashes {
        tracing::error!(name, "a component of the document means two things");
    }
    let document = made.value;
    (document.to_string().into(), page::render(&document).into())
});

/// `GET /openapi.json`.
pub async fn document() -> Response {
    cacheable(Reply::bytes(StatusCode::OK, TEXTS.0.clone()).into_response())
}

/// `GET /docs`.
pub async fn docs() -> Response {
    let reply = Reply::bytes(StatusCode::OK, TEXTS.1.clone()).content_type("text/html; charset=utf-8");
    let mut response = cacheable(reply.into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, page::POLICY.clone());
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `GET /docs/style.css`.
pub async fn style() -> Response {
    let reply = Reply::bytes(StatusCode::OK, Bytes::from_static(page::STYLE.as_bytes()));
    cacheable(reply.content_type("text/css; charset=utf-8").into_response())
}

/// Nothing in it is anybody's secret, and it changes only with the program.
fn cacheable(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}
