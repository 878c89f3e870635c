//! The HTTP interface: the public v1 wire API on axum. `router.rs` is the table of contents.

mod json;
mod read;
mod v1;
