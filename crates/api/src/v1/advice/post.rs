//! `POST /v1/advice`.

use axum::extract::State;

use super::request;
use crate::{
    extract::OwnKey,
    failure::Failure,
    json,
    render::{Reply, advice::body},
    state::AppState,
};

/// Reads, advises, answers.
pub async fn post(State(state): State<AppState>, OwnKey(call): OwnKey) -> Result<Reply, Failure> {
    let (input, faults) = {
        let node = json::parse(&call.body)?;
        let payload_hash = state.engine().payload_hash(&json::canonical(&node));
        request::read(&node, call.key.as_deref(), payload_hash)
    };
    let advised = state.engine().advise(&call.principal, Some(input), faults).await?;
    Ok(Reply::ok(&body(&advised.view)).replayed(advised.replayed))
}
