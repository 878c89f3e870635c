//! The common envelope (`wire-api` §1.4); business members come before it.

use schemars::JsonSchema;
use serde::Serialize;

use super::Properties;

/// `success`, `result`, `status`, `statusCode`, `errors`, `customProperties`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Envelope")]
#[serde(rename_all = "camelCase")]
pub struct Envelope<'a, S = &'a str> {
    /// The request itself was handled.
    pub success: bool,
    /// Free text.
    pub result: Option<&'a str>,
    /// Business status.
    pub status: Option<S>,
    /// Reason word, or five digits.
    pub status_code: Option<&'a str>,
    /// Errors.
    pub errors: Vec<Tuple<'a>>,
    /// Extras.
    pub custom_properties: Properties<'a>,
}

/// One entry of `errors`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ErrorTuple")]
pub struct Tuple<'a> {
    item1: &'a str,
    item2: &'a str,
    item3: &'a str,
    item4: bool,
}

impl<'a> Tuple<'a> {
    /// Message and code.
    pub const fn new(message: &'a str, code: &'a str) -> Self {
        Self { item1: message, item2: code, item3: code, item4: true }
    }
}

impl<'a, S> Envelope<'a, S> {
    /// A request that was handled.
    pub const fn success(status: Option<S>) -> Self {
        Self {
            success: true,
            result: Some("Success"),
            status,
            status_code: None,
            errors: Vec::new(),
            custom_properties: Properties::new(),
        }
    }

    /// With extras.
    #[must_use]
    pub fn with(mut self, properties: Properties<'a>) -> Self {
        self.custom_properties = properties;
        self
    }
}
