//! `GET`, `PUT /v1/sites/{siteId}/channels`.

use axum::extract::{Path, State};
use domain::fault::Faults;

use crate::{
    extract::{Call, Caller, Conditions},
    failure::Failure,
    json::{self, Reader},
    read,
    render::{Reply, channels::OfSite},
    state::AppState,
};

/// Shows them.
pub async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
    conditions: Conditions,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let found = state.engine().channels_of_site(&principal, super::id(&id)?).await?;
    conditions.read(found.version, Reply::ok(&OfSite::from(&found)))
}

/// Switches those that are named; answers them all.
pub async fn put(
    State(state): State<AppState>,
    Path(id): Path<String>,
    conditions: Conditions,
    call: Call,
) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let node = json::parse(&call.body)?;
    let mut faults = Faults::new();
    let switches = read::switches(&mut Reader::new(&node, &mut faults), true);
    let found = state.engine().switch_site(&call.principal, id, &switches, faults, conditions.write()).await?;
    Ok(Reply::ok(&OfSite::from(&found)).etag(found.version))
}
