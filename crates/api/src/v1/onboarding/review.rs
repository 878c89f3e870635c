//! `POST …/review`: the operator begins or ends a review.

use axum::extract::{Path, State};
use domain::{bounds::TEXT_CHARS_MAX, fault::Faults};
use engine::onboarding::Decision;

use crate::{
    extract::Call,
    failure::Failure,
    json::{self, Reader},
    render::{Reply, application},
    state::AppState,
};

/// Reads, decides, answers the object.
pub async fn review(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let (decision, reason) = read(&call.body)?;
    let reviewed = state.engine().review_application(&call.principal, id, decision, reason).await?;
    let reviewed = reviewed.map_err(|refusal| Failure::coded(40903, refusal.to_string()))?;
    Ok(Reply::ok(&application::object(&reviewed)).etag(reviewed.version))
}

fn read(body: &[u8]) -> Result<(Decision, Option<String>), Failure> {
    let node = json::parse(body)?;
    let mut faults = Faults::new();
    let mut reader = Reader::new(&node, &mut faults);
    let decision = reader.required_parsed("decision", Decision::parse);
    let reason = reader.text("reason", TEXT_CHARS_MAX);
    match decision {
        Some(decision) if faults.is_empty() => Ok((decision, reason)),
        _ => Err(faults.into()),
    }
}
