//! `GET`, `PUT /v1/merchants/{mid}/channels`.

use axum::extract::{Path, State};
use domain::{channel::Mode, fault::Faults};

use crate::{
    extract::{Call, Caller, Conditions},
    failure::Failure,
    json::{self, Reader},
    read,
    render::{Reply, channels::OfMerchant},
    state::AppState,
};

/// Shows them.
pub async fn get(
    State(state): State<AppState>,
    Path(mid): Path<String>,
    conditions: Conditions,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let found = state.engine().channels_of_merchant(&principal, super::mid(&mid)?).await?;
    conditions.read(found.version, Reply::ok(&OfMerchant::from(&found)))
}

/// Switches those that are named; answers them all.
pub async fn put(
    State(state): State<AppState>,
    Path(mid): Path<String>,
    conditions: Conditions,
    call: Call,
) -> Result<Reply, Failure> {
    let mid = super::mid(&mid)?;
    let node = json::parse(&call.body)?;
    let mut faults = Faults::new();
    let switches = read::switches(&mut Reader::new(&node, &mut faults), false);
    let switches: Vec<(_, Mode)> = switches.into_iter().filter_map(|(channel, mode)| Some((channel, mode?))).collect();
    let found = state.engine().switch_merchant(&call.principal, mid, &switches, faults, conditions.write()).await?;
    Ok(Reply::ok(&OfMerchant::from(&found)).etag(found.version))
}
