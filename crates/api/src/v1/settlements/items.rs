//! `GET /v1/settlements/{id}/items`, as JSON or CSV.

use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::{page, wants_csv},
    render::{List, Reply, csv, settlement::Line},
    state::AppState,
};

/// Rows of one CSV answer; `pageNumber` asks for those behind them.
pub const CSV_ROWS_MAX: u32 = 10_000;

/// Reads the query, lists, answers.
pub async fn items(
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
    headers: HeaderMap,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let as_csv = query.get("format").map_or_else(|| wants_csv(&headers), |word| word.trim().eq_ignore_ascii_case("csv"));
    let mut at = page(&query);
    if as_csv {
        at.size = query.bounded("pageSize", CSV_ROWS_MAX, 1, CSV_ROWS_MAX);
    }
    let offset = u64::from(at.number.saturating_sub(1)) * u64::from(at.size);
    let (settlement, found) = state.engine().settlement_items(&principal, id, at.size, offset).await?;
    let rows: Vec<_> = found.iter().map(Line::from).collect();
    if as_csv {
        return Ok(Reply::text(StatusCode::OK, csv::rows(&rows)).content_type("text/csv; charset=utf-8"));
    }
    Ok(Reply::ok(&List::of(at, settlement.items.into(), rows)))
}
