//! `DELETE /v1/api-keys/{id}`.

use axum::extract::{Path, State};
use domain::id::KeyId;
use http::StatusCode;

use crate::{extract::Caller, failure::Failure, render::Reply, state::AppState};

/// Revokes it; 204.
pub async fn delete(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    let id = KeyId::parse(&id).ok_or_else(Failure::not_found)?;
    state.engine().remove_key(&principal, id).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
