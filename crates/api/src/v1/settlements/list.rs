//! `GET /v1/settlements`: a page of settlements.

use axum::extract::State;
use domain::{environment::Environment, fault::Faults, id::Mid, money::Currency, settlement};
use engine::SettlementFilter;

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::{page, parsed, since, sort, until},
    render::{List, Reply, settlement::Body},
    state::AppState,
};

/// Reads the query, lists, answers.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let (mid, filter) = read(&query)?;
    let at = filter.page;
    let found = state.engine().settlements(&principal, mid, filter).await?;
    Ok(Reply::ok(&List::of(at, found.total, found.rows.iter().map(Body::from).collect())))
}

fn read(query: &Query) -> Result<(Option<Mid>, SettlementFilter), Faults> {
    let mut faults = Faults::new();
    let mid = parsed(query, "mid", "Mid", Mid::parse, &mut faults);
    let filter = SettlementFilter {
        mids: None,
        // The use case puts the caller's in its place.
        environment: Environment::Sandbox,
        state: parsed(query, "status", "Status", settlement::State::parse, &mut faults),
        currency: parsed(query, "currency", "Currency", Currency::parse, &mut faults),
        from: since(query, "createdFrom", "CreatedFrom", &mut faults),
        to: until(query, "createdTo", "CreatedTo", &mut faults),
        sort: sort(query),
        page: page(query),
    };
    if faults.is_empty() { Ok((mid, filter)) } else { Err(faults) }
}
