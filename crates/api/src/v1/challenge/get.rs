//! `GET /v1/challenge/{orderSessionKey}`.

use axum::{
    extract::{Path, State},
    http::request::Parts,
    response::{IntoResponse as _, Response},
};
use domain::{fault::Faults, order::ChallengeState};
use engine::challenge::Seen;
use http::header::ORIGIN;

use super::{origin, render, target::target};
use crate::{
    extract::{Query, shared, spend_address},
    failure::Failure,
    operation::Budget,
    render::Reply,
    state::AppState,
};

/// Longest wait, seconds.
const WAIT_SECS_MAX: u32 = 25;

/// The state, now or when it changes.
pub async fn get(State(state): State<AppState>, Path(key): Path<String>, query: Query, parts: Parts) -> Response {
    match look(&state, &key, &query, &parts).await {
        Ok(reply) => shared(reply.into_response(), parts.headers.get(ORIGIN)),
        Err(failure) => origin::readable(failure, parts.headers.get(ORIGIN)),
    }
}

async fn look(state: &AppState, key: &str, query: &Query, parts: &Parts) -> Result<Reply, Failure> {
    spend_address(parts, state, Budget::Read)?;
    let id = super::key(key)?;
    // Who may not ask is refused at once, not after the wait.
    let first = state.engine().challenge(id, Seen::default()).await?;
    origin::check(&first, &parts.headers)?;
    let mut faults = Faults::new();
    let ui = first.site().map(|site| site.ui.clone()).unwrap_or_default();
    let success = target(&first, query.get("successUrl"), ui.success_url, "SuccessUrl", &mut faults);
    let fail = target(&first, query.get("failUrl"), ui.fail_url, "FailUrl", &mut faults);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let wait_secs = u64::from(query.bounded("wait", 0, 0, WAIT_SECS_MAX));
    let seen = query.parsed("seen", ChallengeState::parse).or(Some(first.challenge.state));
    let look = state.engine().challenge(id, Seen { state: seen, wait_secs }).await?;
    Ok(Reply::ok(&render::body(&look, success.as_deref(), fail.as_deref())))
}
