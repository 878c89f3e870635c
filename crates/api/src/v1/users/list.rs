//! `GET /v1/users`.

use axum::extract::State;
use domain::{fault::Faults, id::Mid, scope::Staff};
use engine::users::Wanted;

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::{page, parsed},
    render::{List, Reply, user::Body},
    state::AppState,
};

/// Lists, answers one page.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let mut faults = Faults::new();
    let at = page(&query);
    let mid = parsed(&query, "mid", "Mid", Mid::parse, &mut faults);
    let role = parsed(&query, "role", "Role", Staff::parse, &mut faults);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let found = state.engine().users(&principal, Wanted { mid, role, page: at }).await?;
    let rows: Vec<_> = found.rows.iter().map(Body::from).collect();
    Ok(Reply::ok(&List::of(at, found.total, rows)))
}
