//! `GET /v1/api-keys/{id}`: a key, or all keys of a merchant when the id is one.

use axum::extract::{Path, State};
use domain::id::{KeyId, Mid};
use engine::Error;

use crate::{
    extract::Caller,
    failure::Failure,
    render::{Reply, key::Body},
    state::AppState,
};

/// Looks it up, answers.
pub async fn get(State(state): State<AppState>, Path(id): Path<String>, Caller(principal): Caller) -> Result<Reply, Failure> {
    let key = KeyId::parse(&id).ok_or_else(Failure::not_found)?;
    match state.engine().key(&principal, key).await {
        Ok(seen) => Ok(Reply::ok(&Body::of(&seen, None))),
        Err(Error::NotFound) => {
            let keys = state.engine().keys_of(&principal, Mid(key.0)).await?;
            Ok(Reply::ok(&keys.iter().map(|seen| Body::of(seen, None)).collect::<Vec<_>>()))
        }
        Err(other) => Err(other.into()),
    }
}
