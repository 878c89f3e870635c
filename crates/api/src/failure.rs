//! Everything that is not a success: one enum, and the one map from the engine's errors to status and code
//! (`wire-api` §1.5).

use std::{borrow::Cow, time::Duration};

use axum::response::{IntoResponse, Response};
use domain::{fault::Faults, id::OrderId};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, ETAG},
};

use crate::{json::NotJson, render::Reply};

/// Why a request is not answered as asked. It becomes a body at the edge, where the trace id and the wished form
/// are known.
#[derive(Debug, Clone)]
pub enum Failure {
    /// 400 with the flat map of §1.6.
    Invalid(Faults),
    /// The envelope with a five-digit code.
    Coded(Coded),
    /// A reply with a shape of its own (`/oauth2/token`).
    Shaped(Box<Reply>),
    /// No failure at all: the answer that was given before under the same idempotency key.
    Answered(Box<engine::Answer>),
}

/// A five-digit code and what goes with it.
#[derive(Debug, Clone)]
pub struct Coded {
    /// Five digits; the first three are the HTTP status.
    pub code: u16,
    /// For a person.
    pub message: Cow<'static, str>,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// Seconds after which it may be sent again, where that helps.
    pub wait_secs: u32,
}

/// Seconds after which a refused request may be sent again, when nothing else is known.
const RETRY_AFTER_SECS: u32 = 1;

impl Failure {
    /// A code and its message.
    pub fn coded(code: u16, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Coded(Coded { code, message: message.into(), order: None, wait_secs: RETRY_AFTER_SECS })
    }

    /// 429, and how long to wait.
    pub fn throttled(wait: Duration) -> Self {
        let secs = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let wait_secs = u32::try_from(secs).unwrap_or(u32::MAX).max(RETRY_AFTER_SECS);
        Self::Coded(Coded { code: 42900, message: "Too many requests.".into(), order: None, wait_secs })
    }

    /// 404 of an unknown path.
    pub fn unknown_path() -> Self {
        Self::coded(40400, "The path is unknown.")
    }

    /// 404 of an unknown id.
    pub fn not_found() -> Self {
        Self::coded(40401, "Not found.")
    }

    /// 405.
    pub fn wrong_verb() -> Self {
        Self::coded(40500, "The method is not allowed here.")
    }

    /// 413.
    pub fn too_large() -> Self {
        Self::coded(41300, "The request is too large.")
    }

    /// 415.
    pub fn unsupported() -> Self {
        Self::coded(41500, "The content type is not supported.")
    }

    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) | Self::Shaped(_) => StatusCode::BAD_REQUEST,
            Self::Answered(_) => StatusCode::OK,
            Self::Coded(coded) => coded.status(),
        }
    }
}

impl Coded {
    /// The first three digits.
    pub const fn status(&self) -> StatusCode {
        match StatusCode::from_u16(self.code / 100) {
            Ok(status) => status,
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// `Retry-After`, where trying again helps.
    pub const fn retry_after(&self) -> Option<u32> {
        match self.code {
            40902 | 42900..=42999 | 50300..=50399 => Some(self.wait_secs),
            _ => None,
        }
    }

    /// `WWW-Authenticate`, where a token is missing.
    pub const fn challenge(&self) -> Option<&'static str> {
        match self.code / 100 {
            401 => Some("Bearer realm=\"recoup\", error=\"invalid_token\""),
            _ => None,
        }
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Invalid(faults)
    }
}

impl From<NotJson> for Failure {
    fn from(error: NotJson) -> Self {
        if error == NotJson::TooMany {
            return Self::too_large();
        }
        let mut faults = Faults::new();
        faults.add("$", error.to_string());
        Self::Invalid(faults)
    }
}

impl From<Reply> for Failure {
    fn from(reply: Reply) -> Self {
        Self::Shaped(Box::new(reply))
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        use engine::{AuthError, Error};
        let message = error.to_string();
        let (code, order) = match error {
            Error::Invalid(faults) => return Self::Invalid(faults),
            Error::BadCredentials => (40001, None),
            Error::BadRefreshToken => (40002, None),
            Error::OtherEnvironment => (40003, None),
            Error::Unauthorized(AuthError::Invalid) | Error::SignatureRefused => (40101, None),
            Error::Unauthorized(AuthError::Expired) => (40102, None),
            Error::Unauthorized(AuthError::Revoked) => (40104, None),
            Error::ForeignMerchant => (40301, None),
            Error::ScopeMissing(_) => (40302, None),
            Error::RoleMissing | Error::SandboxOnly => (40303, None),
            Error::OriginRefused => (40304, None),
            Error::NotFound => (40401, None),
            Error::KeyReused => (40901, None),
            Error::InProgress => (40902, None),
            Error::State { order, .. } => (40903, order),
            Error::Taken(_) => (40904, None),
            Error::Precondition => (41200, None),
            Error::TooLarge => (41300, None),
            Error::Overloaded => (50301, None),
            Error::Draining => (50302, None),
            Error::Upstream => (50200, None),
            Error::Internal(detail) => {
                tracing::error!(detail, "a request failed");
                return Self::coded(50000, "An internal error occurred.");
            }
        };
        Self::Coded(Coded { code, message: message.into(), order, wait_secs: RETRY_AFTER_SECS })
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = match &self {
            Self::Shaped(reply) => return (**reply).clone().into_response(),
            Self::Answered(answer) => return answered(answer),
            failure => failure.status().into_response(),
        };
        response.extensions_mut().insert(self);
        response
    }
}

fn answered(answer: &engine::Answer) -> Response {
    let mut response = Response::new(answer.body.clone().into());
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    for (name, value) in [(CONTENT_TYPE, &answer.content_type), (ETAG, &answer.etag)] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    response
}
