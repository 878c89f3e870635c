//! `GET /v1/orders/{id}/explanation`: why an order was worked as it was (`wire-api` §9).

use axum::extract::{Path, State};
use engine::explain::Which;

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    render::{Reply, explanation::Body},
    state::AppState,
};

/// Looks it up, decides again, answers.
pub async fn explanation(
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let explained = state.engine().explanation(&principal, id, which(&query)).await?;
    Ok(Reply::ok(&Body::of(id, &explained)))
}

/// Which decisions are asked for; the newest unless all are.
pub fn which(query: &Query) -> Which {
    if query.get("decision").is_some_and(|word| word.trim().eq_ignore_ascii_case("all")) { Which::All } else { Which::Latest }
}
