//! The HTTP interface: the public v1 wire API on axum. `router.rs` is the table of contents.

mod extract;
mod failure;
mod guard;
mod json;
mod openapi;
mod operation;
mod read;
mod render;
mod router;
mod state;
mod v1;

pub use guard::{Guard, Limits, Rate};
pub use render::report;
pub use router::router;
pub use state::AppState;
