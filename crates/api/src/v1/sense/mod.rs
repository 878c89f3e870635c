//! `/v1/sense`, `/sense.js`: what shop pages tell of a visit, and the script that tells it.

mod operations;
mod post;
mod request;
mod script;

pub use operations::operations;
