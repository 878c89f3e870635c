//! `POST /v1/auth/password/forgot` and `/reset`.

use axum::extract::State;
use domain::{bounds::TEXT_CHARS_MAX, fault::Faults};
use engine::Error;
use http::StatusCode;

use super::Stranger;
use crate::{
    failure::Failure,
    json::{self, Reader},
    render::{Envelope, Reply},
    state::AppState,
};

/// Always 202, whether somebody has the address or not.
pub async fn forgot(State(state): State<AppState>, stranger: Stranger) -> Result<Reply, Failure> {
    let node = json::parse(&stranger.body)?;
    let mut faults = Faults::new();
    let email = Reader::new(&node, &mut faults).required_text("email", TEXT_CHARS_MAX);
    let Some(email) = email else { return Err(faults.into()) };
    state.engine().forgot_password(&email).await?;
    Ok(Reply::json(StatusCode::ACCEPTED, &Envelope::<&str>::success(None)))
}

/// Chooses a password with the token of a mail.
pub async fn reset(State(state): State<AppState>, stranger: Stranger) -> Result<Reply, Failure> {
    let node = json::parse(&stranger.body)?;
    let mut faults = Faults::new();
    let mut reader = Reader::new(&node, &mut faults);
    let token = reader.required_text("token", TEXT_CHARS_MAX);
    let password = reader.required_text("password", TEXT_CHARS_MAX);
    let (Some(token), Some(password)) = (token, password) else { return Err(faults.into()) };
    match state.engine().choose_password(&token, password).await {
        Ok(()) => Ok(Reply::ok(&Envelope::<&str>::success(None))),
        Err(Error::BadCredentials) => {
            stranger.failed(&state);
            Err(Failure::coded(40001, "The token is invalid, used or expired."))
        }
        Err(other) => Err(other.into()),
    }
}
