//! `GET /v1/processors`.

use axum::extract::State;
use domain::{environment::Environment, fault::Faults, id::Mid};
use engine::routing::Listing;

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::{page, parsed},
    render::{List, Reply, processor::body},
    state::AppState,
};

/// Reads the query, lists, answers.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let mut faults = Faults::new();
    let listing = Listing {
        mid: parsed(&query, "mid", "Mid", Mid::parse, &mut faults),
        environment: parsed(&query, "environment", "Environment", Environment::parse, &mut faults),
        page: page(&query),
    };
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let found = state.engine().list_accounts(&principal, listing).await?;
    let rows: Vec<_> = found.rows.iter().map(body).collect();
    let at = listing.page;
    Ok(Reply::ok(&List::of(at, found.total, rows)))
}
