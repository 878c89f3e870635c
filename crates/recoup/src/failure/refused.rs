//! What the engine refused, as a failure of a command.

use std::fmt;

use domain::fault::Faults;
use engine::Error;

use super::Failure;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(faults) => Self::usage(said(&faults)),
            Error::NotFound => Self::not_found("there is none with this id"),
            Error::Taken(_) | Error::State { .. } => Self::conflict(error.to_string()),
            error => Self::failed(error.to_string()),
        }
    }
}

impl Failure {
    /// The failure of a command about one thing, which is named when it does not exist.
    pub fn about(what: &'static str, id: impl fmt::Display) -> impl FnOnce(Error) -> Self {
        move |error| match error {
            Error::NotFound => Self::not_found(format!("there is no {what} {id}")),
            error => error.into(),
        }
    }
}

fn said(faults: &Faults) -> String {
    faults.iter().map(|(path, message)| format!("{path}: {message}")).collect::<Vec<_>>().join("; ")
}
