//! `DELETE /v1/blocklist/{id}`.

use axum::extract::{Path, State};
use domain::id::BlockId;
use http::StatusCode;

use crate::{extract::Caller, failure::Failure, render::Reply, state::AppState};

/// Deletes it; 204.
pub async fn delete(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    let id = BlockId::parse(&id).ok_or_else(Failure::not_found)?;
    state.engine().delete_block(&principal, id).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
