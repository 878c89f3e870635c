//! What an operation answers.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

/// One status with one shape of body.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Content type and schema; `None` for an empty body.
    pub content: Option<(&'static str, Schema)>,
    /// When it is given; may be empty.
    pub about: &'static str,
    /// An example of the body.
    pub example: Option<Value>,
}

/// A schema that is made when the document is: components are shared by the whole of it.
#[derive(Clone, Copy)]
pub enum Schema {
    /// Of a type that is serialised.
    Of(fn(&mut SchemaGenerator) -> schemars::Schema),
    /// Any object.
    Object,
    /// Text that is no JSON.
    Text,
}

/// The schema of a type, as it is serialised.
pub fn schema<T: JsonSchema>() -> Schema {
    Schema::Of(SchemaGenerator::subschema_for::<T>)
}
