//! `GET /v1/sites/resolve`: which site a transaction would belong to.

use axum::extract::State;
use domain::{fault::Faults, id::Mid};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::parsed,
    render::{Reply, site::Resolution},
    state::AppState,
};

/// Resolves, answers.
pub async fn resolve(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let mut faults = Faults::new();
    let mid = parsed(&query, "mid", "Mid", Mid::parse, &mut faults);
    let (url, descriptor) = (query.get("siteUrl"), query.get("descriptor"));
    let found = state.engine().resolve_site(&principal, mid, url, descriptor, faults).await?;
    Ok(Reply::ok(&Resolution::from(found)))
}
