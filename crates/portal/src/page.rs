//! A rendered page, and the pages of a list.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::Problem;

/// A template, answered as HTML.
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(text) => Html(text).into_response(),
            Err(error) => Problem::Internal(error.to_string()).into_response(),
        }
    }
}

/// Where in a list a page is; for the macro `pager`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// Number of this page, from 1.
    pub number: u32,
    /// Number of the last page, from 1.
    pub last: u32,
    /// Rows of the whole list.
    pub total: u64,
    link: String,
}

impl Pager {
    /// The place of page `number` of a list of `total` rows. `path` is the list's own path, `query` the filter's pairs.
    pub fn new(path: &str, query: &[(&str, &str)], number: u32, size: u32, total: u64) -> Self {
        let pairs = query.iter().filter(|(_, value)| !value.is_empty());
        let query = serde_html_form::to_string(pairs.copied().collect::<Vec<_>>()).unwrap_or_default();
        let mark = if query.is_empty() { "" } else { "&" };
        let last = u32::try_from(total.div_ceil(u64::from(size.max(1)))).unwrap_or(u32::MAX).max(1);
        Self { number: number.max(1), last, total, link: format!("{path}?{query}{mark}page=") }
    }

    /// Where the page before is.
    pub fn before(&self) -> Option<String> {
        (self.number > 1).then(|| format!("{}{}", self.link, self.number - 1))
    }

    /// Where the next page is.
    pub fn after(&self) -> Option<String> {
        (self.number < self.last).then(|| format!("{}{}", self.link, self.number + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_link_to_their_neighbours() {
        let pager = Pager::new("/portal/x", &[("state", "OPEN&"), ("site", "")], 2, 10, 25);
        assert_eq!((pager.number, pager.last), (2, 3));
        assert_eq!(pager.before().as_deref(), Some("/portal/x?state=OPEN%26&page=1"));
        assert_eq!(pager.after().as_deref(), Some("/portal/x?state=OPEN%26&page=3"));
        let only = Pager::new("/portal/x", &[], 0, 10, 0);
        assert_eq!((only.before(), only.after(), only.last), (None, None, 1));
    }
}
