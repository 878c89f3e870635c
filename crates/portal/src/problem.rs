//! What a page could not do, and the page that says so.

use std::time::Duration;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use domain::fault::Faults;
use engine::Error;
use http::{HeaderValue, StatusCode, header::RETRY_AFTER};

use crate::{Layout, Page};

/// Why there is no page.
#[derive(Debug, Clone)]
pub enum Problem {
    /// Somebody has to sign in first, and then goes on to this path.
    SignIn {
        /// Path and query.
        next: String,
    },
    /// A second factor has to be set up first.
    SecondFactor,
    /// One merchant has to be chosen first, and then goes on to this path.
    Choose {
        /// Path and query.
        next: String,
    },
    /// Not there, or another tenant's.
    NotFound,
    /// The viewer's role does not allow it.
    Forbidden,
    /// The form's token is missing or belongs to another session.
    Stale,
    /// Fields are wrong.
    Invalid(Faults),
    /// The state does not allow it; for a person.
    Refused(String),
    /// The request cannot be read; for a person.
    Unreadable(&'static str),
    /// Too many requests.
    Throttled(Duration),
    /// Too much to do, or shutting down.
    Unavailable,
    /// A fault of ours.
    Internal(String),
}

impl Problem {
    /// The faults of the fields, when that is what is wrong.
    pub fn faults(self) -> Result<Faults, Self> {
        match self {
            Self::Invalid(faults) => Ok(faults),
            other => Err(other),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } | Self::SecondFactor | Self::Choose { .. } => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Stale => StatusCode::FORBIDDEN,
            Self::Invalid(_) | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn words(&self) -> (&'static str, String) {
        match self {
            Self::SignIn { .. } | Self::SecondFactor | Self::Choose { .. } => ("Elsewhere", String::new()),
            Self::NotFound => ("Not found", "There is nothing here, or nothing that you may see.".into()),
            Self::Forbidden => ("Not allowed", "Your role does not allow this.".into()),
            Self::Stale => {
                ("Please try again", "The page was open for too long, or in another session. Nothing was changed.".into())
            }
            Self::Invalid(faults) => ("Please check", faults.iter().map(|(_, message)| message).collect::<Vec<_>>().join(" ")),
            Self::Refused(message) => ("Not possible now", message.clone()),
            Self::Unreadable(message) => ("Not understood", (*message).to_owned()),
            Self::Throttled(wait) => ("Too many requests", format!("Please try again in {} seconds.", wait.as_secs().max(1))),
            Self::Unavailable => ("Busy", "The server has too much to do or is stopping. Please try again in a moment.".into()),
            Self::Internal(_) => ("Something went wrong", "It is our fault, and it was written down.".into()),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(faults) => Self::Invalid(faults),
            Error::NotFound | Error::ForeignMerchant => Self::NotFound,
            Error::ScopeMissing(_) | Error::RoleMissing | Error::OtherEnvironment | Error::OriginRefused => Self::Forbidden,
            Error::Unauthorized(_) => Self::SignIn { next: "/portal/home".into() },
            Error::Overloaded | Error::Draining => Self::Unavailable,
            Error::Internal(message) => Self::Internal(message),
            other => Self::Refused(other.to_string()),
        }
    }
}

/// A problem on its way to the edge, which knows the trace id and the viewer.
#[derive(Clone)]
pub struct Left(pub Problem);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let next = |page: &str, next: &str| {
            let next = serde_html_form::to_string([("next", next)]).unwrap_or_default();
            Redirect::to(&format!("{page}?{next}")).into_response()
        };
        match &self {
            Self::SignIn { next: path } => next("/portal/sign-in", path),
            Self::Choose { next: path } => next("/portal/choose", path),
            Self::SecondFactor => Redirect::to("/portal/account/second-factor").into_response(),
            _ => {
                let mut response = self.status().into_response();
                response.extensions_mut().insert(Left(self));
                response
            }
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Explained<'a> {
    layout: Layout,
    title: &'static str,
    words: String,
    trace: &'a str,
}

/// The page of a problem.
pub fn page(problem: &Problem, layout: Layout, trace: &str) -> Response {
    if let Problem::Internal(error) = problem {
        tracing::error!(error, trace, "a page failed");
    }
    let (title, words) = problem.words();
    let mut response = Page(Explained { layout, title, words, trace }).into_response();
    *response.status_mut() = problem.status();
    if let Problem::Throttled(wait) = problem {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    response
}
