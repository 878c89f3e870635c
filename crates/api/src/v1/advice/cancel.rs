//! `POST /v1/advice/{id}/cancel`. Success is an empty body, as for orders.

use axum::extract::{Path, State};
use http::StatusCode;

use crate::{extract::Call, failure::Failure, json, render::Reply, state::AppState};

/// Cancels. A body is not needed; one that is no JSON is refused all the same.
pub async fn cancel(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    json::parse(&call.body)?;
    state.engine().cancel_advice(&call.principal, super::id(&id)?).await?;
    Ok(Reply::empty(StatusCode::OK))
}
