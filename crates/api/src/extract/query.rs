//! The query string: names in any case, unknown ones ignored.

use axum::{
    extract::{FromRequestParts, Query as Pairs},
    http::request::Parts,
};

use crate::failure::Failure;

/// Pairs in the order they came.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The last value of a name; blank equals absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        let live = |(key, value): &&(String, String)| key.eq_ignore_ascii_case(name) && !value.trim().is_empty();
        self.0.iter().rev().find(live).map(|(_, value)| value.as_str())
    }

    /// Every value of a name.
    pub fn all<'q, 'n: 'q>(&'q self, name: &'n str) -> impl Iterator<Item = &'q str> + use<'q, 'n> {
        self.0
            .iter()
            .filter(move |(key, value)| key.eq_ignore_ascii_case(name) && !value.trim().is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A value that a function understands; others equal absent.
    pub fn parsed<T>(&self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.get(name).and_then(|text| parse(text.trim()))
    }

    /// A truth value; others equal absent.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.parsed(name, |text| match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        })
    }

    /// A number within bounds; others are clamped or replaced by the default.
    pub fn bounded(&self, name: &str, default: u32, least: u32, most: u32) -> u32 {
        let read = |text: &str| text.parse::<i64>().ok();
        self.parsed(name, read).map_or(default, |number| number.clamp(i64::from(least), i64::from(most)) as u32)
    }
}

impl From<Vec<(String, String)>> for Query {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        // A query that cannot be decoded holds nothing that is known.
        let pairs = Pairs::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        Ok(Self(pairs.map(|Pairs(pairs)| pairs).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_and_clamped() {
        let pairs =
            [("PageSize", "999"), ("pagenumber", "-3"), ("status", "1"), ("Status", "2,3"), ("mid", " "), ("isMIT", "TRUE")];
        let query = Query(pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec());
        assert_eq!(query.bounded("pageSize", 10, 1, 200), 200);
        assert_eq!(query.bounded("pageNumber", 1, 1, u32::MAX), 1);
        assert_eq!(query.bounded("none", 10, 1, 200), 10);
        assert_eq!(query.all("status").collect::<Vec<_>>(), ["1", "2,3"]);
        assert_eq!((query.get("mid"), query.flag("isMit"), query.flag("status")), (None, Some(true), None));
    }
}
