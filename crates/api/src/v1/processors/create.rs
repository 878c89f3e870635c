//! `POST /v1/processors`.

use axum::extract::State;
use http::StatusCode;

use super::request::draft;
use crate::{
    extract::Call,
    failure::Failure,
    json,
    render::{Reply, processor::body},
    state::AppState,
};

/// Reads, makes, answers 201.
pub async fn create(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let (mid, draft, faults) = draft(&json::parse(&call.body)?);
    let made = state.engine().create_account(&call.principal, mid, &draft, faults).await?;
    Ok(Reply::json(StatusCode::CREATED, &body(&made)).etag(made.version))
}
