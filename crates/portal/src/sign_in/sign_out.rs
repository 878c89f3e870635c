//! The end of a session.

use axum::extract::State;
use serde::Deserialize;

use crate::{Form, Portal, Problem, Redirect, Viewer, cookie};

/// Nothing but the token.
#[derive(Deserialize)]
pub struct Fields {}

/// Ends the session; its cookie is worth nothing any more.
pub async fn send(State(portal): State<Portal>, viewer: Viewer, Form(Fields {}): Form<Fields>) -> Result<Redirect, Problem> {
    portal.engine().logout(&viewer.principal).await?;
    let names = portal.cookies();
    Ok(Redirect::to("/portal/sign-in")
        .saying(&portal, "You are signed out.")
        .setting(cookie::forget(&portal, names.session))
        .setting(cookie::forget(&portal, names.merchant)))
}
