//! Lists.

use serde::{Deserialize, Serialize};

use crate::request::requests;

requests! {
    /// A page of a list.
    pub struct PageQuery {}
    optional {
        /// From 1.
        page_number: u32,
        /// At most 200.
        page_size: u32,
        /// One merchant only.
        mid: String,
    }
}

/// Rows of a list, and how many there are.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// Rows on all pages.
    pub total_item_count: u64,
    /// This page, from 1.
    pub page_number: u32,
    /// Rows on a page.
    pub page_size: u32,
    /// The rows.
    pub rows: Vec<T>,
}
