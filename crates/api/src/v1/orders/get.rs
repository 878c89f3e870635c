//! `GET /v1/orders/{id}`, by Recoup's id or with `?by=external` by the merchant's.

use axum::extract::{Path, State};
use domain::id::Mid;

use super::show::show;
use crate::{
    extract::{Caller, Query},
    failure::Failure,
    render::Reply,
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let external = query.get("by").is_some_and(|by| by.eq_ignore_ascii_case("external"));
    let view = if external {
        state.engine().order_by_external(&principal, query.parsed("mid", Mid::parse), &id).await?
    } else {
        state.engine().order(&principal, super::id(&id)?).await?
    };
    Ok(Reply::ok(&show(state.engine(), &view, true)))
}
