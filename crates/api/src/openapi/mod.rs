//! The OpenAPI 3.1 document, made from the list of operations, and the page that renders it.

mod common;
mod components;
mod describe;
mod document;
pub mod page;

pub use document::document;

#[cfg(test)]
mod tests;
