//! `POST /v1/orders/{id}/cancel` and `/{external-order-id}/external-cancel`. Success is an **empty** body: existing
//! clients read any member as failure.

use axum::extract::{Path, State};
use domain::{fault::Faults, id::Mid};
use http::StatusCode;

use crate::{
    extract::{Call, Query},
    failure::Failure,
    json::{self, Reader},
    read,
    render::Reply,
    state::AppState,
};

/// Cancels by Recoup's id.
pub async fn cancel(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    mid(&call.body)?;
    state.engine().cancel(&call.principal, super::id(&id)?).await?;
    Ok(Reply::empty(StatusCode::OK))
}

/// Cancels the newest open order of the merchant's id.
pub async fn external_cancel(
    State(state): State<AppState>,
    Path(external_id): Path<String>,
    query: Query,
    call: Call,
) -> Result<Reply, Failure> {
    let mid = mid(&call.body)?.or(query.parsed("mid", Mid::parse));
    state.engine().cancel_external(&call.principal, mid, &external_id).await?;
    Ok(Reply::empty(StatusCode::OK))
}

/// A body is not needed; one that is no JSON is refused all the same.
fn mid(body: &[u8]) -> Result<Option<Mid>, Failure> {
    let node = json::parse(body)?;
    let mut faults = Faults::new();
    let mid = read::mid(&mut Reader::new(&node, &mut faults));
    if faults.is_empty() { Ok(mid) } else { Err(faults.into()) }
}
