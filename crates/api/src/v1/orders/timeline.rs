//! `GET /v1/orders/{id}/timeline`: everything that happened to an order, in its true order (`wire-api` §9).

use axum::extract::{Path, State};

use crate::{
    extract::Caller,
    failure::Failure,
    render::{Reply, timeline::Body},
    state::AppState,
};

/// Looks it up, answers.
pub async fn timeline(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let items = state.engine().timeline(&principal, id).await?;
    Ok(Reply::ok(&Body::of(id, &items)))
}
