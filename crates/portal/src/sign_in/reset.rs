//! Choosing a password, with the link of an invitation or of a mail about a forgotten one.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use engine::Error;
use serde::Deserialize;

use super::visit::Visit;
use crate::{Form, Layout, Page, Portal, Problem, Redirect};

#[derive(Template)]
#[template(path = "sign_in/reset.html")]
struct View {
    layout: Layout,
    token: String,
    error: Option<String>,
}

/// The token of the mail.
#[derive(Deserialize)]
pub struct Link {
    token: Option<String>,
}

/// The form.
pub async fn show(mut visit: Visit, Query(link): Query<Link>) -> Response {
    let fresh = visit.take();
    Visit::answer(fresh, Page(View { layout: visit.layout, token: link.token.unwrap_or_default(), error: None }))
}

/// What the form holds.
#[derive(Deserialize)]
pub struct Fields {
    token: String,
    password: String,
    again: String,
}

/// Chooses the password; every session of the user ends.
pub async fn send(State(portal): State<Portal>, visit: Visit, Form(fields): Form<Fields>) -> Result<Response, Problem> {
    let wrong = match fields.password == fields.again {
        false => "The two passwords differ.".to_owned(),
        true => match portal.engine().choose_password(&fields.token, fields.password).await {
            Ok(()) => {
                let done = Redirect::to("/portal/sign-in").saying(&portal, "Your password is set. Sign in with it.");
                return Ok(done.into_response());
            }
            Err(Error::Invalid(faults)) => faults.iter().map(|(_, message)| message).collect::<Vec<_>>().join(" "),
            Err(Error::BadCredentials) => {
                portal.gate().failed(visit.address);
                "The link is invalid, was used already, or is too old. Ask for another one.".to_owned()
            }
            Err(other) => return Err(other.into()),
        },
    };
    let page = Page(View { layout: visit.layout, token: fields.token, error: Some(wrong) });
    Ok((http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
