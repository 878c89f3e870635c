//! `PUT /v1/onboarding/application/{id}`: a draft says something else.

use axum::extract::{Path, State};

use super::request;
use crate::{
    extract::{Call, Conditions},
    failure::Failure,
    json,
    render::{Reply, application},
    state::AppState,
};

/// Reads, replaces, answers the object.
pub async fn put(
    State(state): State<AppState>,
    Path(id): Path<String>,
    conditions: Conditions,
    call: Call,
) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let (new, faults) = request::application(&json::parse(&call.body)?);
    let written = state.engine().rewrite_application(&call.principal, id, conditions.write(), &new.draft, &faults).await?;
    Ok(Reply::ok(&application::object(&written)).etag(written.version))
}
