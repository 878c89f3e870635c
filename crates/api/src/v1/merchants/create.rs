//! `POST /v1/merchants`: a new merchant, for operators.

use axum::extract::State;
use http::StatusCode;

use super::request::draft;
use crate::{
    extract::Call,
    failure::Failure,
    json,
    render::{Reply, merchant::Merchant},
    state::AppState,
};

/// Reads, makes, answers 201.
pub async fn create(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let (draft, faults) = draft(&json::parse(&call.body)?);
    let made = state.engine().add_merchant(&call.principal, draft, faults).await?;
    Ok(Reply::json(StatusCode::CREATED, &Merchant::from(&made)).etag(made.merchant.version))
}
