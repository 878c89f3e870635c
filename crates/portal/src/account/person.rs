//! The account: name, phone, time zone; and the sessions.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{fault::Faults, user::Session};
use engine::users::Change;
use serde::Deserialize;

use crate::{Form, Layout, Page, Portal, Problem, Redirect, Viewer};

#[derive(Template)]
#[template(path = "account/person.html")]
struct View {
    layout: Layout,
    email: String,
    fields: Fields,
    faults: Faults,
    has_second_factor: bool,
    recovery_codes: usize,
    sessions: Vec<Line>,
}

impl View {
    fn fault(&self, path: &str) -> Option<String> {
        self.faults.iter().find(|(known, _)| *known == path).map(|(_, message)| message.to_owned())
    }
}

struct Line {
    session: Session,
    browser: String,
    is_own: bool,
}

/// What the form holds.
#[derive(Deserialize, Default, Clone)]
pub struct Fields {
    first_name: String,
    last_name: String,
    phone: String,
    timezone: String,
}

/// The page.
pub async fn show(State(portal): State<Portal>, viewer: Viewer) -> Result<Page<impl Template>, Problem> {
    let user = &viewer.user;
    let fields = Fields {
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        phone: user.phone.clone(),
        timezone: user.timezone.clone().unwrap_or_default(),
    };
    view(&portal, &viewer, fields, Faults::new()).await.map(Page)
}

/// Changes what somebody may say of himself.
pub async fn send(State(portal): State<Portal>, viewer: Viewer, Form(fields): Form<Fields>) -> Result<Response, Problem> {
    let mut faults = Faults::new();
    for (path, text) in [("FirstName", &fields.first_name), ("LastName", &fields.last_name), ("Phone", &fields.phone)] {
        match text.trim().chars().count() {
            0 => faults.required(path),
            1..=domain::bounds::TEXT_CHARS_MAX => {}
            _ => faults.too_long(path, domain::bounds::TEXT_CHARS_MAX),
        }
    }
    let timezone = Some(fields.timezone.trim().to_owned()).filter(|zone| !zone.is_empty());
    let change = Change {
        first_name: Some(fields.first_name.clone()),
        last_name: Some(fields.last_name.clone()),
        phone: Some(fields.phone.clone()),
        timezone,
        ..Change::default()
    };
    match portal.engine().change_user(&viewer.principal, viewer.user.id, change, faults).await {
        Ok(_) => Ok(Redirect::to("/portal/account").saying(&portal, "Saved.").into_response()),
        Err(error) => {
            let faults = Problem::from(error).faults()?;
            let page = Page(view(&portal, &viewer, fields, faults).await?);
            Ok((http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn view(portal: &Portal, viewer: &Viewer, fields: Fields, faults: Faults) -> Result<View, Problem> {
    let own = viewer.principal.user.as_ref().map(|user| user.session);
    let sessions = portal.engine().own_sessions(&viewer.principal).await?;
    let line = |session: Session| Line { browser: browser(&session), is_own: Some(session.family) == own, session };
    let recovery_codes = match &viewer.user.second_factor {
        domain::user::SecondFactor::On { recovery, .. } => recovery.len(),
        _ => 0,
    };
    Ok(View {
        layout: viewer.layout(),
        email: viewer.user.email.clone(),
        fields,
        faults,
        has_second_factor: viewer.user.second_factor.is_on(),
        recovery_codes,
        sessions: sessions.into_iter().map(line).collect(),
    })
}

/// A browser by the word that people know it by.
fn browser(session: &Session) -> String {
    const KNOWN: &[(&str, &str)] = &[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: &[(&str, &str)] =
        &[("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")];
    let agent = &session.visitor.agent;
    let of = |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (agent.is_empty(), of(KNOWN), of(SYSTEMS)) {
        (true, _, _) => "API".to_owned(),
        (_, Some(browser), Some(system)) => format!("{browser} on {system}"),
        (_, Some(browser), None) => browser.to_owned(),
        _ => agent.chars().take(60).collect(),
    }
}
