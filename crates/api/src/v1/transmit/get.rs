//! `GET /v1/transmit/{transmitId}`: the stored transaction with its outcome history.

use axum::extract::{Path, State};

use crate::{
    extract::Caller,
    failure::Failure,
    render::{self, Reply},
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    let transmit = state.engine().transmitted(&principal, super::id(&id)?).await?;
    Ok(Reply::ok(&render::transmit::stored(&transmit)))
}
