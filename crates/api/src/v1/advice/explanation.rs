//! `GET /v1/advice/{id}/explanation` (`wire-api` §9).

use axum::extract::{Path, State};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    render::{Reply, explanation::Body},
    state::AppState,
    v1::orders::which,
};

/// Looks it up, decides again, answers.
pub async fn explanation(
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let explained = state.engine().advice_explanation(&principal, id, which(&query)).await?;
    Ok(Reply::ok(&Body::of(domain::id::OrderId(id.0), &explained)))
}
