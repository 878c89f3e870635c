//! What an operation reads.

use serde_json::Value;

use crate::json::shape::Shape;

/// A body in one or more content types.
pub struct Body {
    /// Content types.
    pub content_types: &'static [&'static str],
    /// Its members.
    pub shape: Shape,
    /// Examples.
    pub examples: Vec<Example>,
}

/// An example of a body.
pub struct Example {
    /// One word, unique in its operation.
    pub name: &'static str,
    /// What it shows.
    pub summary: &'static str,
    /// The body.
    pub value: Value,
    /// Works as it stands for a new sandbox merchant.
    pub runnable: bool,
}
