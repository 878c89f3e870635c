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

/// The OpenAPI 3.1 document of this interface, as `GET /openapi.json` answers it.
pub fn description() -> serde_json::Value {
    openapi::document(&v1::operations()).value
}
