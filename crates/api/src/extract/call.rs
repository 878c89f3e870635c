//! An authenticated request: who calls, and with what.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use bytes::Bytes;
use engine::{AuthError, Principal};

use super::{Arrival, Limits, bearer, keyed, read_body};
use crate::{failure::Failure, operation::Budget, state::AppState};

/// The caller of a request without body.
pub struct Caller(pub Principal);

/// A request with body: the caller is known before a byte of the body is read. An idempotency key is kept for it.
pub struct Call {
    /// Who calls.
    pub principal: Principal,
    /// The body's bytes.
    pub body: Bytes,
    /// The `Idempotency-Key` header.
    pub key: Option<String>,
}

/// The same for a call whose use case keeps the idempotency key itself.
pub struct OwnKey(pub Call);

impl Call {
    /// Reads a request whose body may be as large as `limits` says.
    pub async fn within(request: Request, state: &AppState, limits: Limits) -> Result<Self, Failure> {
        let (parts, call) = Self::read(request, state, limits).await?;
        keyed::remember(&parts, state, &call.principal, &call.body).await?;
        Ok(call)
    }

    async fn read(request: Request, state: &AppState, limits: Limits) -> Result<(Parts, Self), Failure> {
        let (parts, body) = request.into_parts();
        let principal = authenticate(&parts, state).await?;
        let body = read_body(&parts.headers, body, limits, state.guard()).await?;
        sit(&parts, state)?;
        let key = keyed::header(&parts.headers);
        Ok((parts, Self { principal, body, key }))
    }
}

impl FromRequest<AppState> for Call {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        Self::within(request, state, Limits::One).await
    }
}

impl FromRequest<AppState> for OwnKey {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        Call::read(request, state, Limits::One).await.map(|(_, call)| Self(call))
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let principal = authenticate(parts, state).await?;
        sit(parts, state)?;
        keyed::remember(parts, state, &principal, &[]).await?;
        Ok(Self(principal))
    }
}

/// The principal behind a bearer token, within its budget; a key of the other environment is refused on a listener of
/// its own. What may write is refused while the server drains.
pub async fn authenticate(parts: &Parts, state: &AppState) -> Result<Principal, Failure> {
    let token = bearer(&parts.headers).ok_or(engine::Error::Unauthorized(AuthError::Invalid))?;
    let principal = state.engine().authenticate(token).await?;
    if state.listener().is_some_and(|environment| environment != principal.environment) {
        return Err(Failure::coded(40103, "The access token belongs to the other environment."));
    }
    spend(parts, state, caller(&principal))?;
    Ok(principal)
}

/// Takes one from the budget that the operation names; refuses writes while the server drains.
pub fn spend(parts: &Parts, state: &AppState, caller: [u8; 16]) -> Result<(), Failure> {
    let budget = parts.extensions.get::<Budget>().copied().unwrap_or_else(|| Budget::of(&parts.method));
    if budget != Budget::Read {
        state.engine().admit()?;
    }
    state.guard().spend(budget, caller)
}

/// The same for browsers, which are known by their address only.
pub fn spend_address(parts: &Parts, state: &AppState, budget: Budget) -> Result<(), Failure> {
    let address = parts.extensions.get::<Arrival>().map_or([0; 16], |arrival| crate::guard::network(arrival.address()));
    state.guard().spend(budget, address)
}

/// A seat among the requests that are worked on, once the request has wholly arrived: slow senders take none.
pub fn sit(parts: &Parts, state: &AppState) -> Result<(), Failure> {
    parts.extensions.get::<Arrival>().map_or(Ok(()), |arrival| arrival.sit(state.guard()))
}

/// Clients have a budget each, and so have the people of a portal.
fn caller(principal: &Principal) -> [u8; 16] {
    principal.user.as_ref().map_or_else(|| principal.client.bytes(), |user| user.id.bytes())
}
