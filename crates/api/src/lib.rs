//! The HTTP interface: the public v1 wire API on axum.
