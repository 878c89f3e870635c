//! What the query of a list says (`wire-api` §1.9).

use domain::{
    bounds::{PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX},
    fault::Faults,
    time::Timestamp,
};
use engine::{PageAt, Sort};
use http::{HeaderMap, header::ACCEPT};

use crate::extract::Query;

/// Which page; bad values are clamped.
pub fn page(query: &Query) -> PageAt {
    PageAt {
        number: query.bounded("pageNumber", 1, 1, u32::MAX),
        size: query.bounded("pageSize", PAGE_ROWS_DEFAULT, 1, PAGE_ROWS_MAX),
    }
}

/// `sortOrder`: descending unless it says `asc`.
pub fn sort(query: &Query) -> Sort {
    match query.get("sortOrder") {
        Some(word) if word.trim().eq_ignore_ascii_case("asc") => Sort::Ascending,
        _ => Sort::Descending,
    }
}

/// A value that a function understands; another one is a fault.
pub fn parsed<T>(query: &Query, name: &str, path: &str, read: impl Fn(&str) -> Option<T>, faults: &mut Faults) -> Option<T> {
    let text = query.get(name)?;
    let value = read(text.trim());
    if value.is_none() {
        faults.invalid(path);
    }
    value
}

/// The beginning of a span; a bare date begins it with its day.
pub fn since(query: &Query, name: &str, path: &str, faults: &mut Faults) -> Option<Timestamp> {
    let start =
        |text: &str| if text.len() == 10 { Timestamp::parse(&format!("{text}T00:00:00Z")) } else { Timestamp::parse(text) };
    parsed(query, name, path, start, faults)
}

/// The end of a span; a bare date ends it with its day.
pub fn until(query: &Query, name: &str, path: &str, faults: &mut Faults) -> Option<Timestamp> {
    parsed(query, name, path, Timestamp::parse, faults)
}

/// Whether CSV is asked for.
pub fn wants_csv(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|text| text.to_ascii_lowercase().contains("text/csv"))
}
