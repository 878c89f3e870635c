//! The list of orders (`wire-api` §6.3).

use std::collections::BTreeMap;

use domain::order::STATUS_TEXTS;
use schemars::JsonSchema;
use serde::Serialize;

use super::order::Body;

/// One page.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderPage")]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
pub struct Page<'a> {
    first_item_on_page: u64,
    has_next_page: bool,
    has_previous_page: bool,
    is_first_page: bool,
    is_last_page: bool,
    last_item_on_page: u64,
    page_count: u64,
    page_number: u32,
    page_size: u32,
    total_item_count: u64,
    orders: Vec<Body<'a>>,
    statuses: BTreeMap<String, &'static str>,
    success: bool,
}

/// A page of orders; `page_number` counts from 1.
pub fn page(orders: Vec<Body<'_>>, total: u64, page_number: u32, page_size: u32) -> Page<'_> {
    let before = u64::from(page_number.saturating_sub(1)) * u64::from(page_size);
    let page_count = total.div_ceil(u64::from(page_size.max(1)));
    Page {
        first_item_on_page: if orders.is_empty() { 0 } else { before + 1 },
        has_next_page: u64::from(page_number) < page_count,
        has_previous_page: page_number > 1 && page_count > 0,
        is_first_page: page_number == 1,
        is_last_page: u64::from(page_number) >= page_count,
        last_item_on_page: if orders.is_empty() { 0 } else { before + orders.len() as u64 },
        page_count,
        page_number,
        page_size,
        total_item_count: total,
        orders,
        statuses: (0..).zip(STATUS_TEXTS).map(|(number, text): (u8, _)| (number.to_string(), text)).collect(),
        success: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_count_from_one() {
        for (total, number, size, next, previous, last) in [
            (0, 1, 10, false, false, true),
            (25, 1, 10, true, false, false),
            (25, 3, 10, false, true, true),
            (25, 9, 10, false, true, true),
        ] {
            let page = page(vec![], total, number, size);
            assert_eq!(
                (page.has_next_page, page.has_previous_page, page.is_last_page),
                (next, previous, last),
                "{total} {number}"
            );
        }
        let statuses = serde_json::to_string(&page(vec![], 0, 1, 10).statuses).unwrap();
        assert!(statuses.starts_with("{\"0\":\"Draft\",\"1\":\"Onhold\"") && statuses.ends_with("\"7\":\"Completed\"}"));
    }
}
