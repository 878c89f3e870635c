//! `POST /v1/sites`.

use axum::extract::State;
use http::StatusCode;

use super::request::draft;
use crate::{
    extract::Call,
    failure::Failure,
    json,
    render::{Reply, site::Site},
    state::AppState,
};

/// Reads, makes, answers 201.
pub async fn create(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let (draft, faults) = draft(&json::parse(&call.body)?);
    let made = state.engine().add_site(&call.principal, draft, faults).await?;
    Ok(Reply::json(StatusCode::CREATED, &Site::from(&made)).etag(made.version))
}
