//! `POST /v1/processors/{id}/webhook`: the processor's own notifications, under its own signature.

use axum::extract::{Path, Request, State};
use http::StatusCode;

use crate::{
    extract::{Limits, read_body, sit},
    failure::Failure,
    render::Reply,
    state::AppState,
};

/// Takes the exact bytes, for they are signed; 204.
pub async fn webhook(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let (parts, body) = request.into_parts();
    let body = read_body(&parts.headers, body, Limits::One, state.guard()).await?;
    sit(&parts, &state)?;
    state.engine().take_notification(id, &parts.headers, &body).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
