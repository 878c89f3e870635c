//! `GET /v1/settlements/{id}`.

use axum::extract::{Path, State};

use crate::{
    extract::Caller,
    failure::Failure,
    render::{Reply, settlement::Body},
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    Ok(Reply::ok(&Body::from(&state.engine().settlement(&principal, super::id(&id)?).await?)))
}
