//! `POST /v1/challenge/{orderSessionKey}`.

use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use engine::challenge::Seen;
use http::{StatusCode, header::ORIGIN};

use super::{origin, render, request};
use crate::{
    extract::{Limits, read_body, shared, sit, spend_address},
    failure::Failure,
    json,
    operation::Budget,
    render::Reply,
    state::AppState,
};

/// Takes the answer; 202.
pub async fn post(State(state): State<AppState>, Path(key): Path<String>, request: Request) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    match take(&state, &key, request).await {
        Ok(reply) => shared(reply.into_response(), origin.as_ref()),
        Err(failure) => origin::readable(failure, origin.as_ref()),
    }
}

async fn take(state: &AppState, key: &str, request: Request) -> Result<Reply, Failure> {
    let (parts, body) = request.into_parts();
    spend_address(&parts, state, Budget::Management)?;
    let id = super::key(key)?;
    let look = state.engine().challenge(id, Seen::default()).await?;
    origin::check(&look, &parts.headers)?;
    let bytes = read_body(&parts.headers, body, Limits::One, state.guard()).await?;
    sit(&parts, state)?;
    let (answer, faults) = request::read(&json::parse(&bytes)?);
    state.engine().answer_challenge(id, answer, faults).await?;
    Ok(Reply::json(StatusCode::ACCEPTED, &render::Taken { state: "attempted" }))
}
