//! The first page: e-mail address and password.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use engine::{Error, SignedIn};
use serde::Deserialize;

use super::visit::Visit;
use crate::{Form, Layout, Page, Portal, Problem, Redirect, cookie, viewer};

/// Time for the second factor, seconds; the engine's own limit is the one that counts.
const PENDING_SECS: u32 = 5 * 60;
/// Longest address or password that is looked at, characters.
const FIELD_CHARS_MAX: usize = 256;

#[derive(Template)]
#[template(path = "sign_in/password.html")]
struct View {
    layout: Layout,
    email: String,
    next: String,
    error: Option<&'static str>,
}

/// Where to go on to.
#[derive(Deserialize)]
pub struct Onward {
    next: Option<String>,
}

impl Onward {
    /// The path, when it is one of the portal's own.
    pub fn path(&self) -> &str {
        viewer::onward(self.next.as_deref())
    }
}

/// The form.
pub async fn show(mut visit: Visit, Query(onward): Query<Onward>) -> Response {
    let next = onward.path().to_owned();
    let fresh = visit.take();
    Visit::answer(fresh, Page(View { layout: visit.layout, email: String::new(), next, error: None }))
}

/// What the form holds.
#[derive(Deserialize)]
pub struct Fields {
    email: String,
    password: String,
    next: Option<String>,
}

/// Checks the password; a session, or on to the second factor.
pub async fn send(State(portal): State<Portal>, visit: Visit, Form(fields): Form<Fields>) -> Result<Response, Problem> {
    let next = viewer::onward(fields.next.as_deref()).to_owned();
    let fits = [&fields.email, &fields.password].iter().all(|text| text.chars().count() <= FIELD_CHARS_MAX);
    let signed = match fits {
        true => portal.engine().sign_in(&fields.email, fields.password, visit.visitor.clone(), portal.stay()).await,
        false => Err(Error::BadCredentials),
    };
    match signed {
        Ok(SignedIn::Open { session }) => Ok(opened(&portal, &session, &next).into_response()),
        Ok(SignedIn::SecondFactor { session }) => {
            let pending = cookie::set(&portal, portal.cookies().pending, &session, Some(PENDING_SECS));
            let query = serde_html_form::to_string([("next", next)]).unwrap_or_default();
            Ok(Redirect::to(format!("/portal/sign-in/code?{query}")).setting(pending).into_response())
        }
        Err(Error::BadCredentials) => {
            portal.gate().failed(visit.address);
            let error = Some(WRONG);
            let page = Page(View { layout: visit.layout, email: fields.email, next, error });
            Ok((http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The same for wrong passwords, unknown addresses and blocked users: who asks learns nothing about who is there.
const WRONG: &str = "The e-mail address or the password is wrong, or the account is blocked. After ten failures in a row an \
    account is blocked until an administrator opens it again; its owner is told by e-mail.";

/// In a session of its own: the secret from before the sign-in is worth nothing any more.
pub fn opened(portal: &Portal, session: &str, next: &str) -> Redirect {
    let names = portal.cookies();
    Redirect::to(next)
        .setting(cookie::set(portal, names.session, session, None))
        .setting(cookie::forget(portal, names.visit))
        .setting(cookie::forget(portal, names.pending))
}
