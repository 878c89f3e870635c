//! The second page: a code of the authenticator, or a recovery code.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use engine::Error;
use serde::Deserialize;

use super::{
    password::{Onward, opened},
    visit::Visit,
};
use crate::{Form, Layout, Page, Portal, Problem, Redirect, cookie, viewer};

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct View {
    layout: Layout,
    next: String,
    error: Option<&'static str>,
}

/// The form.
pub async fn show(mut visit: Visit, Query(onward): Query<Onward>) -> Response {
    let fresh = visit.take();
    Visit::answer(fresh, Page(View { layout: visit.layout, next: onward.path().to_owned(), error: None }))
}

/// What the form holds.
#[derive(Deserialize)]
pub struct Fields {
    code: String,
    next: Option<String>,
}

/// Checks the code; a session when it is right.
pub async fn send(State(portal): State<Portal>, visit: Visit, Form(fields): Form<Fields>) -> Result<Response, Problem> {
    let next = viewer::onward(fields.next.as_deref()).to_owned();
    let Some(pending) = cookie::get(&visit.headers, portal.cookies().pending) else {
        return Ok(Redirect::to("/portal/sign-in").saying(&portal, "Please sign in again.").into_response());
    };
    match portal.engine().confirm_sign_in(pending, &fields.code, visit.visitor.clone(), portal.stay()).await {
        Ok(session) => Ok(opened(&portal, &session, &next).into_response()),
        Err(Error::BadCredentials) => {
            portal.gate().failed(visit.address);
            let page = Page(View { layout: visit.layout, next, error: Some(WRONG) });
            Ok((http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

const WRONG: &str = "The code is wrong or was used already, or the sign-in took too long. Wait for the next code, or sign in again.";
