//! `PATCH /v1/sites/{siteId}`.

use axum::extract::{Path, State};

use super::request::draft;
use crate::{
    extract::{Call, Conditions},
    failure::Failure,
    json,
    render::{Reply, site::Site},
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
    let (draft, faults) = draft(&json::parse(&call.body)?);
    let changed = state.engine().amend_site(&call.principal, id, draft, faults, conditions.write()).await?;
    Ok(Reply::ok(&Site::from(&changed)).etag(changed.version))
}
