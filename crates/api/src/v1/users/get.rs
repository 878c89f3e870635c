//! `GET /v1/users/{id}`.

use axum::extract::{Path, State};

use crate::{
    extract::Caller,
    failure::Failure,
    render::{Reply, user::Body},
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    Ok(Reply::ok(&Body::from(&state.engine().user(&principal, super::id(&id)?).await?)))
}
