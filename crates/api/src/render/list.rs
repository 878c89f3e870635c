//! Lists of management objects (`wire-api` §1.9).

use engine::PageAt;
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

impl<T> List<T> {
    /// The rows of one page, of so many in all.
    pub const fn of(at: PageAt, total: u64, rows: Vec<T>) -> Self {
        Self { total_item_count: total, page_number: at.number, page_size: at.size, rows }
    }

    /// One page of a list that is at hand whole.
    pub fn cut<'a, S>(at: PageAt, all: &'a [S], render: impl FnMut(&'a S) -> T) -> Self {
        let before = (at.number.max(1) as usize - 1).saturating_mul(at.size as usize);
        Self::of(at, all.len() as u64, all.iter().skip(before).take(at.size as usize).map(render).collect())
    }
}
