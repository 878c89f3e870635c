//! `POST /v1/onboarding/application`: a new draft.

use axum::extract::State;
use http::StatusCode;

use super::request;
use crate::{
    extract::Call,
    failure::Failure,
    json,
    render::{Reply, application},
    state::AppState,
};

/// Reads, makes, answers 201.
pub async fn create(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let (new, faults) = request::application(&json::parse(&call.body)?);
    let made = state.engine().create_application(&call.principal, new, faults).await?;
    Ok(Reply::json(StatusCode::CREATED, &application::object(&made)).etag(made.version))
}
