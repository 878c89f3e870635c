//! From the sandbox into production and back.

use axum::extract::State;
use domain::environment::Environment;
use serde::Deserialize;

use crate::{Form, Portal, Problem, Redirect, Viewer, viewer};

/// What the form holds.
#[derive(Deserialize)]
pub struct Fields {
    environment: String,
    next: Option<String>,
}

/// Moves the session. A page about one thing is left for its section: the thing is not in the other environment.
pub async fn send(State(portal): State<Portal>, viewer: Viewer, Form(fields): Form<Fields>) -> Result<Redirect, Problem> {
    let environment = Environment::parse(&fields.environment).ok_or(Problem::Unreadable("There is no such environment."))?;
    portal.engine().enter(&viewer.principal, environment).await?;
    let next = viewer::onward(fields.next.as_deref()).split('?').next().unwrap_or_default();
    let section = crate::roles::row(next).map_or("/portal/home", |row| row.path);
    Ok(Redirect::to(section).saying(&portal, &format!("You are in the {environment} environment.")))
}
