//! A forgotten password: a mail, when somebody has the address; the answer is the same for everybody.

use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::visit::Visit;
use crate::{Form, Layout, Page, Portal, Problem, Redirect};

#[derive(Template)]
#[template(path = "sign_in/forgotten.html")]
struct View {
    layout: Layout,
}

/// The form.
pub async fn show(mut visit: Visit) -> Response {
    let fresh = visit.take();
    Visit::answer(fresh, Page(View { layout: visit.layout }))
}

/// What the form holds.
#[derive(Deserialize)]
pub struct Fields {
    email: String,
}

/// Sends the mail.
pub async fn send(State(portal): State<Portal>, _: Visit, Form(fields): Form<Fields>) -> Result<Redirect, Problem> {
    let email: String = fields.email.chars().take(domain::bounds::TEXT_CHARS_MAX).collect();
    portal.engine().forgot_password(&email).await?;
    let said = "If somebody has this address, a mail with a link is on its way. It works for one hour.";
    Ok(Redirect::to("/portal/sign-in").saying(&portal, said))
}
