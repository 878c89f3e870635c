//! `POST …/convert`: an approved application becomes a merchant, once.

use axum::extract::{Path, State};

use crate::{
    extract::Call,
    failure::Failure,
    render::{Reply, application},
    state::AppState,
};

/// Converts, answers the merchant.
pub async fn convert(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let step = state.engine().convert_application(&call.principal, super::id(&id)?).await?;
    Ok(application::converted(&step.map(|converted| converted.mid)))
}
