//! `GET /v1/merchants/{mid}/channels/history`: who switched which channel, newest first.

use axum::extract::{Path, State};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::page,
    render::{List, Reply, channels::Switched},
    state::AppState,
};

/// Lists, answers one page.
pub async fn history(
    State(state): State<AppState>,
    Path(mid): Path<String>,
    query: Query,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let at = page(&query);
    let found = state.engine().channel_history(&principal, super::mid(&mid)?, at).await?;
    let rows: Vec<_> = found.rows.iter().map(Switched::from).collect();
    Ok(Reply::ok(&List::of(at, found.total, rows)))
}
