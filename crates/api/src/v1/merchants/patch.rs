//! `PATCH /v1/merchants/{mid}`.

use axum::extract::{Path, State};

use super::request::draft;
use crate::{
    extract::{Call, Conditions},
    failure::Failure,
    json,
    render::{Reply, merchant::Merchant},
    state::AppState,
};

/// Reads, changes, answers the object.
pub async fn patch(
    State(state): State<AppState>,
    Path(mid): Path<String>,
    conditions: Conditions,
    call: Call,
) -> Result<Reply, Failure> {
    let mid = super::mid(&mid)?;
    let (draft, faults) = draft(&json::parse(&call.body)?);
    let changed = state.engine().amend_merchant(&call.principal, mid, draft, faults, conditions.write()).await?;
    Ok(Reply::ok(&Merchant::from(&changed)).etag(changed.merchant.version))
}
