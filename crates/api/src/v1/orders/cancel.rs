//! `POST /v1/orders/{id}/cancel` and `/{external-order-id}/external-cancel`. Success is an **empty** body: existing
//! clients read any member as failure.

use axum::extract::{Path, State};
use domain::{fault::Faults, id::Mid};
use engine::Cancelled;
use http::StatusCode;

use crate::{
    extract::{Call, OwnKey, Query},
    failure::Failure,
    json::{self, Reader},
    read,
    render::Reply,
    state::AppState,
};

/// Cancels by Recoup's id.
pub async fn cancel(State(state): State<AppState>, Path(id): Path<String>, OwnKey(call): OwnKey) -> Result<Reply, Failure> {
    let (_, key) = read(&call)?;
    let done = state.engine().cancel(&call.principal, super::id(&id)?, key.as_deref()).await?;
    Ok(Reply::empty(StatusCode::OK).replayed(done == Cancelled::Replayed))
}

/// Cancels the newest open order of the merchant's id.
pub async fn external_cancel(
    State(state): State<AppState>,
    Path(external_id): Path<String>,
    query: Query,
    OwnKey(call): OwnKey,
) -> Result<Reply, Failure> {
    let (mid, key) = read(&call)?;
    let mid = mid.or(query.parsed("mid", Mid::parse));
    let done = state.engine().cancel_external(&call.principal, mid, &external_id, key.as_deref()).await?;
    Ok(Reply::empty(StatusCode::OK).replayed(done == Cancelled::Replayed))
}

/// A body is not needed; one that is no JSON is refused all the same.
fn read(call: &Call) -> Result<(Option<Mid>, Option<String>), Failure> {
    let node = json::parse(&call.body)?;
    let mut faults = Faults::new();
    let mut reader = Reader::new(&node, &mut faults);
    let found = (read::mid(&mut reader), read::optional_key(&mut reader, call.key.as_deref()));
    if faults.is_empty() { Ok(found) } else { Err(faults.into()) }
}
