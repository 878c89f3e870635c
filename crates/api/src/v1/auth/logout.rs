//! `POST /v1/auth/logout`: by the bearer, or by the session's id when the bearer has run out.

use axum::extract::State;
use domain::{bounds::TEXT_CHARS_MAX, fault::Faults};
use engine::{AuthError, Error};

use super::Stranger;
use crate::{
    extract::bearer,
    failure::Failure,
    json::{self, Reader},
    render::{Envelope, Reply},
    state::AppState,
};

/// Ends the session; 200.
pub async fn logout(State(state): State<AppState>, stranger: Stranger) -> Result<Reply, Failure> {
    let node = json::parse(&stranger.body)?;
    let mut faults = Faults::new();
    let session = Reader::new(&node, &mut faults).text("session", TEXT_CHARS_MAX);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    match (session, bearer(&stranger.parts.headers)) {
        (Some(session), _) => state.engine().logout_by_id(&session).await?,
        (None, Some(token)) => state.engine().logout(&state.engine().authenticate(token).await?).await?,
        (None, None) => return Err(Error::Unauthorized(AuthError::Invalid).into()),
    }
    Ok(Reply::ok(&Envelope::<&str>::success(None)))
}
