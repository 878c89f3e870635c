//! An authenticated request: who calls, and with what.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use bytes::Bytes;
use engine::{AuthError, Principal};
use http::HeaderMap;

use super::{Limits, bearer, read_body};
use crate::{failure::Failure, state::AppState};

/// The caller of a request without body.
pub struct Caller(pub Principal);

/// A request with body: the caller is known before a byte of the body is read.
pub struct Call {
    /// Who calls.
    pub principal: Principal,
    /// The body's bytes.
    pub body: Bytes,
    /// The `Idempotency-Key` header.
    pub key: Option<String>,
}

impl Call {
    /// Reads a request whose body may be as large as `limits` says.
    pub async fn within(request: Request, state: &AppState, limits: Limits) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let principal = authenticate(&parts.headers, state).await?;
        let body = read_body(&parts.headers, body, limits).await?;
        Ok(Self { principal, body, key: key(&parts.headers) })
    }
}

impl FromRequest<AppState> for Call {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        Self::within(request, state, Limits::One).await
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        authenticate(&parts.headers, state).await.map(Self)
    }
}

/// The principal behind a bearer token; a key of the other environment is refused on a listener of its own.
pub async fn authenticate(headers: &HeaderMap, state: &AppState) -> Result<Principal, Failure> {
    let token = bearer(headers).ok_or(engine::Error::Unauthorized(AuthError::Invalid))?;
    let principal = state.engine().authenticate(token).await?;
    match state.listener() {
        Some(environment) if environment != principal.environment => {
            Err(Failure::coded(40103, "The access token belongs to the other environment."))
        }
        _ => Ok(principal),
    }
}

fn key(headers: &HeaderMap) -> Option<String> {
    let key = headers.get("idempotency-key")?;
    String::from_utf8(key.as_bytes().to_vec()).ok()
}
