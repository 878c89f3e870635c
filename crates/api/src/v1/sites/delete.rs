//! `DELETE /v1/sites/{siteId}`: archives it.

use axum::extract::{Path, State};
use http::StatusCode;

use crate::{
    extract::{Caller, Conditions},
    failure::Failure,
    render::Reply,
    state::AppState,
};

/// Archives it; 204.
pub async fn delete(
    State(state): State<AppState>,
    Path(id): Path<String>,
    conditions: Conditions,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    state.engine().archive_site(&principal, super::id(&id)?, conditions.write()).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
