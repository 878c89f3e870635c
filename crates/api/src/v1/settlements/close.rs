//! `POST /v1/settlements/{id}/close`: the operator ends a period early.

use axum::extract::{Path, State};

use crate::{
    extract::Call,
    failure::Failure,
    json,
    render::{Reply, settlement::Body},
    state::AppState,
};

/// Closes it, answers it as it is then.
pub async fn close(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    json::parse(&call.body)?;
    Ok(Reply::ok(&Body::from(&state.engine().close_settlement(&call.principal, super::id(&id)?).await?)))
}
