//! `DELETE /v1/tokens/{token}`.

use axum::extract::{Path, State};
use domain::id::TokenId;
use http::StatusCode;

use crate::{extract::Caller, failure::Failure, render::Reply, state::AppState};

/// Deletes it; 204.
pub async fn delete(
    State(state): State<AppState>,
    Path(token): Path<String>,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let token = TokenId::parse(&token).ok_or_else(Failure::not_found)?;
    state.engine().delete_token(&principal, token).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
