//! `GET /v1/chargebacks/{id}`.

use axum::extract::{Path, State};
use domain::id::ChargebackId;

use crate::{
    extract::Caller,
    failure::Failure,
    render::{Reply, chargeback::Body},
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    let id = ChargebackId::parse(&id).ok_or_else(Failure::not_found)?;
    Ok(Reply::ok(&Body::from(&state.engine().chargeback(&principal, id).await?)))
}
