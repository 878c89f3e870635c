//! `POST /v1/advice/{id}/attempts`.

use axum::extract::{Path, State};

use super::request;
use crate::{
    extract::OwnKey,
    failure::Failure,
    json,
    render::{Reply, advice::body},
    state::AppState,
};

/// Reads, books, answers with what follows.
pub async fn attempts(State(state): State<AppState>, Path(id): Path<String>, OwnKey(call): OwnKey) -> Result<Reply, Failure> {
    let (input, faults) = {
        let node = json::parse(&call.body)?;
        let payload_hash = state.engine().payload_hash(&json::canonical(&node));
        request::attempt(&node, call.key.as_deref(), payload_hash)
    };
    let advised = state.engine().report_attempt(&call.principal, super::id(&id)?, Some(input), faults).await?;
    Ok(Reply::ok(&body(&advised.view)).replayed(advised.replayed))
}
