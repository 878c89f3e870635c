//! `POST /v1/users`: somebody is invited.

use axum::extract::State;
use http::StatusCode;

use super::request::new_user;
use crate::{
    extract::Call,
    failure::Failure,
    json,
    render::{Reply, user::Body},
    state::AppState,
};

/// Reads, makes, answers 201. The token of the invitation goes by mail alone.
pub async fn create(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let (new, faults) = new_user(&json::parse(&call.body)?);
    let (seen, _) = state.engine().create_user(&call.principal, new, faults).await?;
    Ok(Reply::json(StatusCode::CREATED, &Body::from(&seen)))
}
