//! Ending sessions from afar.

use axum::extract::State;
use serde::Deserialize;
use uuid::Uuid;

use crate::{Form, Portal, Problem, Redirect, Viewer};

/// Which session.
#[derive(Deserialize)]
pub struct Fields {
    session: Uuid,
}

/// Ends one.
pub async fn end(State(portal): State<Portal>, viewer: Viewer, Form(fields): Form<Fields>) -> Result<Redirect, Problem> {
    portal.engine().end_own_session(&viewer.principal, fields.session).await?;
    Ok(Redirect::to("/portal/account").saying(&portal, "The session is over."))
}

/// Nothing but the token.
#[derive(Deserialize)]
pub struct Nothing {}

/// Ends all others.
pub async fn end_others(State(portal): State<Portal>, viewer: Viewer, Form(Nothing {}): Form<Nothing>) -> Result<Redirect, Problem> {
    let ended = portal.engine().end_other_sessions(&viewer.principal).await?;
    Ok(Redirect::to("/portal/account").saying(&portal, &format!("Sessions ended: {ended}.")))
}
