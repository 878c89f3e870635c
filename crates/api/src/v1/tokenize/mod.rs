//! `/v1/tokenize` and `/v1/tokens`: cards into the vault, and out of it.

mod delete;
mod operations;
mod post;
mod request;

pub use operations::operations;

use crate::extract::preflight;
use delete::delete;
use post::post;
