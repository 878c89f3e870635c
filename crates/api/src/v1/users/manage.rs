//! `POST /v1/users/{id}/unblock`, `/reset-password`, `/resend-invitation`.

use axum::extract::{Path, State};

use crate::{
    extract::Call,
    failure::Failure,
    render::{Reply, user::Body},
    state::AppState,
};

/// Lets a blocked user in again.
pub async fn unblock(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    Ok(Reply::ok(&Body::from(&state.engine().unblock_user(&call.principal, super::id(&id)?).await?)))
}

/// Ends its sessions and mails the right to choose a new password.
pub async fn reset_password(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let (seen, _) = state.engine().reset_user_password(&call.principal, super::id(&id)?).await?;
    Ok(Reply::ok(&Body::from(&seen)))
}

/// Sends the invitation again.
pub async fn resend_invitation(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let (seen, _) = state.engine().resend_invitation(&call.principal, super::id(&id)?).await?;
    Ok(Reply::ok(&Body::from(&seen)))
}
