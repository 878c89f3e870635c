//! `POST /v1/evaluate`: rescue a declined payment.

mod operations;
mod request;

pub use operations::operations;

use axum::extract::State;

use crate::{
    extract::OwnKey,
    failure::Failure,
    json,
    render::{self, Reply},
    state::AppState,
};

/// Reads, evaluates, answers.
pub async fn post(State(state): State<AppState>, OwnKey(call): OwnKey) -> Result<Reply, Failure> {
    let (input, faults) = {
        let node = json::parse(&call.body)?;
        let payload_hash = state.engine().payload_hash(&json::canonical(&node));
        request::read(&node, call.key.as_deref(), payload_hash)
    };
    let evaluated = state.engine().evaluate(&call.principal, Some(input), faults).await?;
    Ok(Reply::ok(&render::evaluate::body(&evaluated.verdict)).replayed(evaluated.replayed))
}
