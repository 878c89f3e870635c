//! `GET /v1/webhooks`.

use axum::extract::State;
use domain::id::Mid;

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::page,
    render::{List, Reply, webhook::endpoint},
    state::AppState,
};

/// Lists, answers one page. A merchant has few endpoints, so the whole list is read.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let all = state.engine().webhooks(&principal, query.parsed("mid", Mid::parse)).await?;
    Ok(Reply::ok(&List::cut(page(&query), &all, endpoint)))
}
