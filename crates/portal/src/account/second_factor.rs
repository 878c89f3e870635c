//! Setting the second factor up, and taking it away.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use engine::{Error, SetUp};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;

use crate::{Form, Layout, Page, Portal, Problem, Redirect, Viewer, format::Safe};

#[derive(Template)]
#[template(path = "account/second_factor.html")]
struct View {
    layout: Layout,
    step: Step,
    error: Option<&'static str>,
}

enum Step {
    /// Nothing is set up.
    Off,
    /// The secret is shown: as a picture, and to be typed.
    Offered { picture: Safe, secret: String },
    /// A secret was shown before; its code is awaited.
    Awaited,
    /// In force from now on; the codes are shown this once.
    Fresh { codes: Vec<String> },
    /// In force.
    On,
}

/// How it stands.
pub async fn show(viewer: Viewer) -> Page<impl Template> {
    let step = if viewer.user.second_factor.is_on() { Step::On } else { Step::Off };
    Page(View { layout: viewer.layout(), step, error: None })
}

/// Nothing but the token.
#[derive(Deserialize)]
pub struct Nothing {}

/// Shows a fresh secret.
pub async fn offer(State(portal): State<Portal>, viewer: Viewer, Form(Nothing {}): Form<Nothing>) -> Result<Page<impl Template>, Problem> {
    let SetUp::Offered { secret, uri } = portal.engine().set_up_second_factor(&viewer.principal, None).await? else {
        return Err(Problem::Internal("no second factor was offered".into()));
    };
    let step = Step::Offered { picture: picture(&uri)?, secret: spaced(&secret) };
    Ok(Page(View { layout: viewer.layout(), step, error: None }))
}

/// A code of the authenticator.
#[derive(Deserialize)]
pub struct Fields {
    code: String,
}

/// Puts the secret that was shown in force.
pub async fn confirm(State(portal): State<Portal>, viewer: Viewer, Form(fields): Form<Fields>) -> Result<Response, Problem> {
    match portal.engine().set_up_second_factor(&viewer.principal, Some(&fields.code)).await {
        Ok(SetUp::On { recovery }) => {
            let mut layout = viewer.layout();
            if let Some(person) = &mut layout.person {
                person.days_to_second_factor = None;
            }
            Ok(Page(View { layout, step: Step::Fresh { codes: recovery }, error: None }).into_response())
        }
        Ok(SetUp::Offered { .. }) => Err(Problem::Internal("a second factor was offered anew".into())),
        Err(Error::BadCredentials) => Ok(wrong(&viewer, Step::Awaited)),
        Err(other) => Err(other.into()),
    }
}

/// Takes it away, with one of its codes.
pub async fn remove(State(portal): State<Portal>, viewer: Viewer, Form(fields): Form<Fields>) -> Result<Response, Problem> {
    match portal.engine().remove_second_factor(&viewer.principal, &fields.code).await {
        Ok(()) => Ok(Redirect::to("/portal/account").saying(&portal, "The second factor is gone.").into_response()),
        Err(Error::BadCredentials) => Ok(wrong(&viewer, Step::On)),
        Err(other) => Err(other.into()),
    }
}

fn wrong(viewer: &Viewer, step: Step) -> Response {
    let page = Page(View { layout: viewer.layout(), step, error: Some("The code is wrong or was used already.") });
    (http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// A QR code as one path: a square for each dark module, with the quiet zone of four modules around it.
fn picture(text: &str) -> Result<Safe, Problem> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| Problem::Internal(error.to_string()))?;
    let (width, modules) = (code.width(), code.to_colors());
    let dark = modules.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
    let squares: Vec<String> =
        dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET)).collect();
    let side = width + 2 * QUIET;
    Ok(Safe::trusted(format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"QR code for your authenticator\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path d=\"{}\"/></svg>",
        squares.concat()
    )))
}

/// In groups of four, as people type.
fn spaced(secret: &str) -> String {
    secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_a_square_of_modules() {
        let svg = picture("otpauth://totp/Recoup:ada%40example.com?secret=ABCDEFGH").unwrap().to_string();
        assert!(svg.starts_with("<svg class=\"qr\"") && svg.matches("h1v1h-1z").count() > 200, "{svg}");
        // The finder pattern begins right behind the quiet zone.
        assert!(svg.contains("d=\"M4 4h1v1h-1z"));
        assert_eq!(spaced("ABCDEFGHJ"), "ABCD EFGH J");
    }
}
