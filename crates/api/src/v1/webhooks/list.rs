//! `GET /v1/webhooks`.

use axum::extract::State;
use domain::{
    bounds::{PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX},
    id::Mid,
};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    render::{List, Reply, webhook::endpoint},
    state::AppState,
};

/// Lists, answers one page. A merchant has few endpoints, so the whole list is read.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let all = state.engine().webhooks(&principal, query.parsed("mid", Mid::parse)).await?;
    let page_number = query.bounded("pageNumber", 1, 1, u32::MAX);
    let page_size = query.bounded("pageSize", PAGE_ROWS_DEFAULT, 1, PAGE_ROWS_MAX);
    let before = (page_number as usize - 1).saturating_mul(page_size as usize);
    let rows = all.iter().skip(before).take(page_size as usize).map(endpoint).collect();
    Ok(Reply::ok(&List { total_item_count: all.len() as u64, page_number, page_size, rows }))
}
