//! `GET /v1/payouts/{id}`.

use axum::extract::{Path, State};
use domain::id::PayoutId;

use crate::{
    extract::Caller,
    failure::Failure,
    render::{Reply, settlement::Paid},
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    let id = PayoutId::parse(&id).ok_or_else(Failure::not_found)?;
    Ok(Reply::ok(&Paid::from(&state.engine().payout(&principal, id).await?)))
}
