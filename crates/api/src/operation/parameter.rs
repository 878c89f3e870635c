//! Path, query and header parameters.

use serde_json::json;

use crate::json::shape::{self, Shape};

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path: always required.
    Path,
    /// In the query: optional, names in any case.
    Query,
    /// A header: optional.
    Header,
}

/// One parameter.
pub struct Parameter {
    /// Where it stands.
    pub place: Place,
    /// Its name.
    pub name: &'static str,
    /// Its type and description.
    pub shape: Shape,
}

impl Parameter {
    /// A parameter.
    pub const fn new(place: Place, name: &'static str, shape: Shape) -> Self {
        Self { place, name, shape }
    }
}

/// The names between braces.
pub fn names(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// What every list takes (`wire-api` §1.9).
pub fn of_lists() -> Vec<Parameter> {
    let query = |name, shape| Parameter::new(Place::Query, name, shape);
    vec![
        query("pageNumber", shape::integer().about("Page, from 1; other values are clamped").default(json!(1))),
        query("pageSize", shape::integer().about("Rows of a page, 1 to 200; other values are clamped").default(json!(10))),
        query("sortBy", shape::text(255).about("Member to sort by")),
        query("sortOrder", shape::word(&["asc", "desc"]).about("Direction")),
        query("createdFrom", shape::date_time().about("Created at or after")),
        query("createdTo", shape::date_time().about("Created at or before")),
        query("mid", shape::guid().about("Only of this merchant")),
    ]
}
