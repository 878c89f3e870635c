//! `GET /v1/processors/{id}`.

use axum::extract::{Path, State};

use crate::{
    extract::{Caller, Conditions},
    failure::Failure,
    render::{Reply, processor::body},
    state::AppState,
};

/// Answers the object.
pub async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
    conditions: Conditions,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let account = state.engine().read_account(&principal, super::id(&id)?).await?;
    conditions.read(account.version, Reply::ok(&body(&account)))
}
