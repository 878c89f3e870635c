//! `GET /v1/payouts`: a page of payouts.

use axum::extract::State;
use domain::{environment::Environment, fault::Faults, id::Mid, payout};
use engine::PayoutFilter;

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::{page, parsed, since, sort, until},
    render::{List, Reply, settlement::Paid},
    state::AppState,
};

/// Reads the query, lists, answers.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let (mid, filter) = read(&query)?;
    let at = filter.page;
    let found = state.engine().payouts(&principal, mid, filter).await?;
    Ok(Reply::ok(&List::of(at, found.total, found.rows.iter().map(Paid::from).collect())))
}

fn read(query: &Query) -> Result<(Option<Mid>, PayoutFilter), Faults> {
    let mut faults = Faults::new();
    let mid = parsed(query, "mid", "Mid", Mid::parse, &mut faults);
    let filter = PayoutFilter {
        mids: None,
        // The use case puts the caller's in its place.
        environment: Environment::Sandbox,
        state: parsed(query, "status", "Status", payout::State::parse, &mut faults),
        created_from: since(query, "createdFrom", "CreatedFrom", &mut faults),
        created_to: until(query, "createdTo", "CreatedTo", &mut faults),
        sort: sort(query),
        page: page(query),
    };
    if faults.is_empty() { Ok((mid, filter)) } else { Err(faults) }
}
