//! Bringing merchants on board: applications, their review, their documents, and the merchant they become
//! (`wire-api` §11).

mod application;
mod convert;
mod document;
mod numbers;
mod review;
mod tell;

pub use application::{ApplicationQuery, NewApplication};
pub use convert::Converted;
pub use document::{Download, NewDocument, Upload};
pub use review::Decision;

use domain::application::{Application, TransitionError};

/// What became of a step: the application after it, or why its state does not allow it.
pub type Step<T = Application> = std::result::Result<T, TransitionError>;
