//! `GET /v1/sites`.

use axum::extract::State;
use domain::{fault::Faults, id::Mid};
use engine::tenancy::{SiteBy, SiteFilter};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::{page, parsed, since, sort, until},
    render::{List, Reply, site::Site},
    state::AppState,
};

/// Lists, answers one page.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let (mid, filter) = filter(&query)?;
    let at = filter.page;
    let found = state.engine().list_sites(&principal, mid, filter).await?;
    let rows: Vec<_> = found.rows.iter().map(Site::from).collect();
    Ok(Reply::ok(&List::of(at, found.total, rows)))
}

fn filter(query: &Query) -> Result<(Option<Mid>, SiteFilter), Faults> {
    let mut faults = Faults::new();
    let mid = parsed(query, "mid", "Mid", Mid::parse, &mut faults);
    let by_name = |text: &str| text.eq_ignore_ascii_case("name").then_some(SiteBy::Name);
    let filter = SiteFilter {
        mids: None,
        // Archived sites are shown on request only.
        archived: Some(query.flag("archived").unwrap_or(false)),
        created_from: since(query, "createdFrom", "CreatedFrom", &mut faults),
        created_to: until(query, "createdTo", "CreatedTo", &mut faults),
        order_by: query.parsed("sortBy", by_name).unwrap_or_default(),
        sort: sort(query),
        page: page(query),
    };
    if faults.is_empty() { Ok((mid, filter)) } else { Err(faults) }
}
