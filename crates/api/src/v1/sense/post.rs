//! `POST /v1/sense`.

use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use domain::environment::Environment;
use http::{StatusCode, header::ORIGIN};

use super::request;
use crate::{
    extract::{Arrival, Query, read_browser_body, shared, sit},
    failure::Failure,
    json,
    render::Reply,
    state::AppState,
};

/// A batch, bytes.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// Takes a batch; 204.
pub async fn post(State(state): State<AppState>, query: Query, request: Request) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    match take(&state, &query, request).await {
        Ok(reply) => shared(reply.into_response(), origin.as_ref()),
        Err(failure) => failure.into_response(),
    }
}

async fn take(state: &AppState, query: &Query, request: Request) -> Result<Reply, Failure> {
    let (parts, body) = request.into_parts();
    if let Some(arrival) = parts.extensions.get::<Arrival>() {
        state.guard().spend_sense(arrival.address())?;
    }
    let bytes = read_browser_body(&parts.headers, body, BODY_BYTES_MAX, state.guard()).await?;
    sit(&parts, state)?;
    let batch = request::read(&json::parse(&bytes)?)?;
    let origin = parts.headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    state.engine().take_sense(environment(state, query), batch, origin).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// The listener's, else as the script's address says.
fn environment(state: &AppState, query: &Query) -> Environment {
    let named = query.parsed("env", Environment::parse);
    state.listener().or(named).unwrap_or(Environment::Production)
}
