//! `PATCH /v1/users/{id}`.

use axum::extract::{Path, State};

use super::request::change;
use crate::{
    extract::Call,
    failure::Failure,
    json,
    render::{Reply, user::Body},
    state::AppState,
};

/// Reads, changes, answers the object.
pub async fn patch(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let (change, faults) = change(&json::parse(&call.body)?);
    Ok(Reply::ok(&Body::from(&state.engine().change_user(&call.principal, id, change, faults).await?)))
}
