//! `GET /v1/blocklist`.

use axum::extract::State;
use domain::{block::Kind, environment::Environment, fault::Faults, id::Mid};
use engine::BlockFilter;

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::{page, parsed, since, sort, until},
    render::{List, Reply, block::Body},
    state::AppState,
};

/// Reads the query, lists, answers.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let (mid, filter) = read(&query)?;
    let at = filter.page;
    let found = state.engine().blocklist(&principal, mid, filter).await?;
    let rows: Vec<_> = found.rows.iter().map(Body::from).collect();
    Ok(Reply::ok(&List::of(at, found.total, rows)))
}

fn read(query: &Query) -> Result<(Option<Mid>, BlockFilter), Faults> {
    let mut faults = Faults::new();
    let mid = parsed(query, "mid", "Mid", Mid::parse, &mut faults);
    let filter = BlockFilter {
        mids: None,
        // The use case puts the caller's in its place.
        environment: Environment::Sandbox,
        kind: parsed(query, "kind", "Kind", Kind::parse, &mut faults),
        created_from: since(query, "createdFrom", "CreatedFrom", &mut faults),
        created_to: until(query, "createdTo", "CreatedTo", &mut faults),
        sort: sort(query),
        page: page(query),
    };
    if faults.is_empty() { Ok((mid, filter)) } else { Err(faults) }
}
