//! `PATCH /v1/webhooks/{id}`.

use axum::extract::{Path, State};

use super::request::draft;
use crate::{
    extract::{Call, Conditions},
    failure::Failure,
    json,
    render::{Reply, webhook::endpoint},
    state::AppState,
};

/// Reads, changes, answers the object.
pub async fn patch(
    State(state): State<AppState>,
    Path(id): Path<String>,
    conditions: Conditions,
    call: Call,
) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let (_, draft, faults) = draft(&json::parse(&call.body)?);
    let changed = state.engine().amend_webhook(&call.principal, id, draft, faults, conditions.write()).await?;
    Ok(Reply::ok(&endpoint(&changed)).etag(changed.version))
}
