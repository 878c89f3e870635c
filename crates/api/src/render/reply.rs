//! A finished reply.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, ETAG},
};
use serde::Serialize;

/// `Content-Type` of almost every reply.
pub const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
/// Room for most replies.
const BODY_BYTES_TYPICAL: usize = 512;

/// Status, body, whether it was answered before, and the version of what it shows.
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    content_type: HeaderValue,
    body: Bytes,
    replayed: bool,
    etag: Option<u64>,
}

impl Reply {
    /// 200 with a JSON body.
    pub fn ok(body: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// A JSON body.
    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        let mut bytes = Vec::with_capacity(BODY_BYTES_TYPICAL);
        match serde_json::to_writer(&mut bytes, body) {
            Ok(()) => Self { status, content_type: JSON, body: bytes.into(), replayed: false, etag: None },
            Err(error) => {
                tracing::error!(%error, "a reply could not be serialised");
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    content_type: JSON,
                    body: Bytes::new(),
                    replayed: false,
                    etag: None,
                }
            }
        }
    }

    /// A body that is JSON text already.
    pub fn text(status: StatusCode, body: String) -> Self {
        Self { status, content_type: JSON, body: body.into(), replayed: false, etag: None }
    }

    /// A body that is in shared memory already.
    pub const fn bytes(status: StatusCode, body: Bytes) -> Self {
        Self { status, content_type: JSON, body, replayed: false, etag: None }
    }

    /// A status and no body.
    pub const fn empty(status: StatusCode) -> Self {
        Self { status, content_type: JSON, body: Bytes::new(), replayed: false, etag: None }
    }

    /// Another content type.
    #[must_use]
    pub fn content_type(mut self, content_type: &'static str) -> Self {
        self.content_type = HeaderValue::from_static(content_type);
        self
    }

    /// Marks an answer that was given before.
    #[must_use]
    pub const fn replayed(mut self, replayed: bool) -> Self {
        self.replayed = replayed;
        self
    }

    /// 304: the caller has it already.
    pub const fn not_modified() -> Self {
        Self::empty(StatusCode::NOT_MODIFIED)
    }

    /// The version of the object that is shown, as a strong `ETag`.
    #[must_use]
    pub fn etag(mut self, version: impl Into<u64>) -> Self {
        self.etag = Some(version.into());
        self
    }

    /// The body.
    #[cfg(test)]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let bare = self.body.is_empty();
        let mut response = Response::new(self.body.into());
        *response.status_mut() = self.status;
        if !bare {
            response.headers_mut().insert(CONTENT_TYPE, self.content_type);
        }
        if self.replayed {
            response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
        }
        if let Some(Ok(tag)) = self.etag.map(|version| HeaderValue::from_str(&format!("\"{version}\""))) {
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }
}
