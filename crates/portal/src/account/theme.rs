//! Light, dark, or as the system has it.

use axum::extract::State;
use serde::Deserialize;

use crate::{Form, Portal, Problem, Redirect, Viewer, cookie};

/// What the form holds.
#[derive(Deserialize)]
pub struct Fields {
    theme: String,
}

/// Keeps the choice in this browser.
pub async fn send(State(portal): State<Portal>, _: Viewer, Form(fields): Form<Fields>) -> Result<Redirect, Problem> {
    let theme = match fields.theme.as_str() {
        theme @ ("light" | "dark") => cookie::set(&portal, portal.cookies().theme, theme, Some(cookie::YEAR_SECS)),
        _ => cookie::forget(&portal, portal.cookies().theme),
    };
    Ok(Redirect::to("/portal/account").setting(theme))
}
