//! `POST /v1/webhooks`: a new endpoint; its key is shown only here and on rotation.

use axum::extract::State;
use http::StatusCode;

use super::request::draft;
use crate::{
    extract::Call,
    failure::Failure,
    json,
    render::{Reply, webhook::with_key},
    state::AppState,
};

/// Reads, makes, answers 201.
pub async fn create(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let (mid, draft, faults) = draft(&json::parse(&call.body)?);
    let created = state.engine().create_webhook(&call.principal, mid, draft, faults).await?;
    Ok(Reply::json(StatusCode::CREATED, &with_key(&created.endpoint, &created.key)).etag(created.endpoint.version))
}
