//! `GET /v1/sites/{siteId}`.

use axum::extract::{Path, State};

use crate::{
    extract::{Caller, Conditions},
    failure::Failure,
    render::{Reply, site::Site},
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
    conditions: Conditions,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let found = state.engine().site_of(&principal, super::id(&id)?).await?;
    conditions.read(found.version, Reply::ok(&Site::from(&found)))
}
