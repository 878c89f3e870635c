//! The frame around every page.

use domain::environment::Environment;
use http::HeaderMap;

use crate::{Portal, Viewer, assets, cookie, flash, form, format::Zone, roles};

/// What `layout.html` shows.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Who looks; nobody on the pages before the sign-in.
    pub person: Option<Person>,
    /// The token of every form of this page.
    pub csrf: String,
    /// What is said once.
    pub flash: Option<String>,
    /// `light`, `dark` or `auto`.
    pub theme: String,
    /// The viewer's time zone; UTC for nobody.
    pub zone: Zone,
    /// Path and query of this page.
    pub here: String,
    /// Where the style is.
    pub css: String,
    /// Where the style of charts is.
    pub charts_css: String,
    /// Where the script is.
    pub js: String,
}

/// Who looks at a page.
#[derive(Debug, Clone)]
pub struct Person {
    /// Its name.
    pub name: String,
    /// What it is, and of whom.
    pub role: String,
    /// Its navigation.
    pub groups: Vec<Group>,
    /// `sandbox` or `production`.
    pub environment: &'static str,
    /// Whether it may enter production.
    pub reaches_production: bool,
    /// The merchant of the page.
    pub merchant: Option<String>,
    /// Whether it can choose another.
    pub may_choose: bool,
    /// Days until it must have a second factor, when it has none.
    pub days_to_second_factor: Option<u32>,
}

impl Person {
    /// Whether this page is about test data.
    pub fn is_sandbox(&self) -> bool {
        self.environment == Environment::Sandbox.as_str()
    }
}

/// Links under one heading.
#[derive(Debug, Clone)]
pub struct Group {
    /// Heading.
    pub name: &'static str,
    /// Links.
    pub links: Vec<Link>,
}

/// A link of the navigation.
#[derive(Debug, Clone)]
pub struct Link {
    /// Text.
    pub label: &'static str,
    /// Where to.
    pub path: &'static str,
    /// Whether this page belongs to it.
    pub current: bool,
}

impl Layout {
    /// This page, as a query names it.
    pub fn next(&self) -> String {
        self.here.bytes().fold(String::new(), |mut text, byte| {
            if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
                text.push(char::from(byte));
            } else {
                let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0').to_ascii_uppercase();
                text.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
            text
        })
    }

    /// The frame for somebody who is not signed in; `csrf` is empty until the browser has a visit.
    pub fn stranger(portal: &Portal, headers: &HeaderMap) -> Self {
        let secret = form::secret(portal, headers);
        let csrf = secret.map_or_else(String::new, |secret| portal.engine().form_token(secret));
        Self {
            person: None,
            csrf,
            flash: flash::said(portal, headers),
            theme: theme(portal, headers),
            zone: Zone::named(None),
            here: "/portal/home".to_owned(),
            css: assets::url("portal.css"),
            charts_css: assets::url("charts.css"),
            js: assets::url("portal.js"),
        }
    }
}

/// The frame for a viewer.
pub fn of(viewer: &Viewer, portal: &Portal, headers: &HeaderMap) -> Layout {
    let user = &viewer.user;
    let path = viewer.here.split('?').next().unwrap_or_default();
    let name = format!("{} {}", user.first_name, user.last_name).trim().to_owned();
    let person = Person {
        name: if name.is_empty() { user.email.clone() } else { name },
        role: format!("{} {}", viewer.principal.role, user.role),
        groups: roles::navigation(viewer.principal.role, user.role, path),
        environment: viewer.environment().as_str(),
        reaches_production: user.reaches(Environment::Production),
        merchant: viewer.merchant.as_ref().map(|merchant| merchant.name.clone()),
        may_choose: viewer.may_choose,
        days_to_second_factor: viewer.days_to_second_factor,
    };
    Layout { person: Some(person), zone: viewer.zone.clone(), here: viewer.here.clone(), ..Layout::stranger(portal, headers) }
}

fn theme(portal: &Portal, headers: &HeaderMap) -> String {
    let chosen = cookie::get(headers, portal.cookies().theme);
    chosen.filter(|theme| matches!(*theme, "light" | "dark")).unwrap_or("auto").to_owned()
}
