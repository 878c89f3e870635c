//! `GET /v1/merchants/{mid}`.

use axum::extract::{Path, State};

use crate::{
    extract::{Caller, Conditions},
    failure::Failure,
    render::{Reply, merchant::Merchant},
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(
    State(state): State<AppState>,
    Path(mid): Path<String>,
    conditions: Conditions,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let found = state.engine().merchant_of(&principal, super::mid(&mid)?).await?;
    conditions.read(found.merchant.version, Reply::ok(&Merchant::from(&found)))
}
