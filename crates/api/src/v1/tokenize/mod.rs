//! `/v1/tokenize` and `/v1/tokens`: cards into the vault, and out of it.

mod cors;
mod delete;
mod post;
mod request;

pub use cors::preflight;
pub use delete::delete;
pub use post::post;
