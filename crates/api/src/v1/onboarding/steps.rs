//! `POST …/submit` and `…/cancel`: 200 either way; the state's refusal is told in `errors`.

use axum::extract::{Path, State};

use crate::{
    extract::Call,
    failure::Failure,
    render::{Reply, application},
    state::AppState,
};

/// Hands it in.
pub async fn submit(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let step = state.engine().submit_application(&call.principal, super::id(&id)?).await?;
    Ok(application::stepped(&step.map(|_| "Application submitted successfully.")))
}

/// Withdraws it.
pub async fn cancel(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let step = state.engine().cancel_application(&call.principal, super::id(&id)?).await?;
    Ok(application::stepped(&step.map(|_| "Application cancelled successfully.")))
}
