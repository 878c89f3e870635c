//! `PATCH /v1/processors/{id}`.

use axum::extract::{Path, State};

use super::request::draft;
use crate::{
    extract::{Call, Conditions},
    failure::Failure,
    json,
    render::{Reply, processor::body},
    state::AppState,
};

/// Reads, changes, answers the object.
pub async fn patch(
    State(state): State<AppState>,
    Path(id): Path<String>,
    conditions: Conditions,
    call: Call,
) -> Result<Reply, Failure> {
    let (_, draft, faults) = draft(&json::parse(&call.body)?);
    let changed = state.engine().amend_account(&call.principal, super::id(&id)?, &draft, &faults, conditions.write()).await?;
    Ok(Reply::ok(&body(&changed)).etag(changed.version))
}
