//! `DELETE /v1/users/{id}`.

use axum::extract::{Path, State};
use http::StatusCode;

use crate::{extract::Caller, failure::Failure, render::Reply, state::AppState};

/// Forgets it; 204.
pub async fn delete(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    state.engine().remove_user(&principal, super::id(&id)?).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
