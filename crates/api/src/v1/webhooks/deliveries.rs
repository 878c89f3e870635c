//! `/v1/webhooks/{id}/deliveries`: what was sent, what came back, and sending it again.

use axum::extract::{Path, State};
use domain::id::DeliveryId;
use http::StatusCode;

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::page,
    render::{self, List, Reply},
    state::AppState,
};

/// `GET …/deliveries`, newest first.
pub async fn deliveries(
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let at = page(&query);
    let found = state.engine().deliveries(&principal, super::id(&id)?, at).await?;
    let rows = found.rows.iter().map(render::webhook::delivery).collect();
    Ok(Reply::ok(&List::of(at, found.total, rows)))
}

/// `GET …/deliveries/{deliveryId}`.
pub async fn delivery(
    State(state): State<AppState>,
    Path((id, delivery)): Path<(String, String)>,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let found = state.engine().delivery(&principal, super::id(&id)?, delivery_id(&delivery)?).await?;
    Ok(Reply::ok(&render::webhook::delivery(&found)))
}

/// `POST …/deliveries/{deliveryId}/redeliver`; 202.
pub async fn redeliver(
    State(state): State<AppState>,
    Path((id, delivery)): Path<(String, String)>,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let fresh = state.engine().redeliver(&principal, super::id(&id)?, delivery_id(&delivery)?).await?;
    Ok(Reply::json(StatusCode::ACCEPTED, &render::webhook::delivery(&fresh)))
}

fn delivery_id(text: &str) -> Result<DeliveryId, Failure> {
    DeliveryId::parse(text).ok_or_else(Failure::not_found)
}
