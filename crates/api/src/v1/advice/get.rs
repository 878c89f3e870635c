//! `GET /v1/advice/{id}`.

use axum::extract::{Path, State};

use crate::{
    extract::Caller,
    failure::Failure,
    render::{Reply, advice::body},
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    let view = state.engine().advice(&principal, super::id(&id)?).await?;
    Ok(Reply::ok(&body(&view)))
}
