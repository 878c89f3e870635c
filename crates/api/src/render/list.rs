//! Lists of management objects (`wire-api` §1.9).

use schemars::JsonSchema;
use serde::Serialize;

/// One page.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    /// Rows of the whole list.
    pub total_item_count: u64,
    /// From 1.
    pub page_number: u32,
    /// Rows of a full page.
    pub page_size: u32,
    /// Rows of this page.
    pub rows: Vec<T>,
}
