//! `POST /v1/auth/mfa/setup` and `/remove`: a user's own second factor.

use axum::extract::State;
use domain::{bounds::TEXT_CHARS_MAX, fault::Faults};
use engine::SetUp;

use crate::{
    extract::OwnKey,
    failure::Failure,
    json::{self, Reader},
    render::{Reply, auth::SecondFactor},
    state::AppState,
};

/// Without a code: a fresh secret. With its code: the second factor is in force. What it answers is told once, so no
/// idempotency key keeps it.
pub async fn set_up(State(state): State<AppState>, OwnKey(call): OwnKey) -> Result<Reply, Failure> {
    let node = json::parse(&call.body)?;
    let mut faults = Faults::new();
    let code = Reader::new(&node, &mut faults).text("code", TEXT_CHARS_MAX);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    Ok(match state.engine().set_up_second_factor(&call.principal, code.as_deref()).await? {
        SetUp::Offered { secret, uri } => {
            Reply::ok(&SecondFactor { secret: Some(&secret), otpauth_uri: Some(&uri), ..SecondFactor::none() })
        }
        SetUp::On { recovery } => {
            Reply::ok(&SecondFactor { mfa_enabled: true, recovery_codes: &recovery, ..SecondFactor::none() })
        }
    })
}

/// Takes the second factor away, with one of its codes.
pub async fn remove(State(state): State<AppState>, OwnKey(call): OwnKey) -> Result<Reply, Failure> {
    let node = json::parse(&call.body)?;
    let mut faults = Faults::new();
    let code = Reader::new(&node, &mut faults).required_text("code", TEXT_CHARS_MAX);
    let Some(code) = code else { return Err(faults.into()) };
    state.engine().remove_second_factor(&call.principal, &code).await?;
    Ok(Reply::ok(&SecondFactor::none()))
}
