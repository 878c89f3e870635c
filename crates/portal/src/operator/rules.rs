//! The rules in force, with their dates and sources.

use askama::Template;
use axum::extract::{Query, State};
use domain::rules::{Listed, Standing};
use engine::{PageAt, operate::RuleRows};
use serde::Deserialize;

use crate::{Layout, Page, Pager, Portal, Problem, Viewer};

/// Rows on one page.
const ROWS: u32 = 100;
/// Longest text that is searched for, characters.
const QUERY_CHARS_MAX: usize = 100;
/// The file that is shown first.
const FIRST: &str = "response_codes.csv";

#[derive(Template)]
#[template(path = "operator/rules.html")]
struct View {
    layout: Layout,
    asked: Asked,
    found: RuleRows,
    pager: Pager,
}

impl View {
    fn columns(&self) -> Vec<&str> {
        self.found.page.rows.first().map_or_else(Vec::new, |row| row.cells.iter().map(|(name, _)| name.as_str()).collect())
    }

    fn tone(row: &Listed) -> &'static str {
        match row.standing {
            Standing::InForce => "good",
            Standing::Upcoming => "info",
            Standing::Past => "plain",
        }
    }

    fn is_link(source: &str) -> bool {
        source.starts_with("https://")
    }
}

/// The filter.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    file: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    upcoming: String,
    page: Option<u32>,
}

/// The rows of a file that hold a text.
pub async fn show(
    State(portal): State<Portal>,
    viewer: Viewer,
    Query(mut asked): Query<Asked>,
) -> Result<Page<impl Template>, Problem> {
    if asked.file.is_empty() {
        FIRST.clone_into(&mut asked.file);
    }
    let number = asked.page.unwrap_or(1).max(1);
    let query: String = asked.query.trim().chars().take(QUERY_CHARS_MAX).collect();
    let query = Some(query.as_str()).filter(|query| !query.is_empty());
    let at = PageAt { number, size: ROWS };
    let found = portal.engine().rule_rows(&viewer.principal, &asked.file, query, !asked.upcoming.is_empty(), at).await?;
    let pairs = [("file", &*asked.file), ("query", &asked.query), ("upcoming", &asked.upcoming)];
    let pager = Pager::new("/portal/operator/rules", &pairs, number, ROWS, found.page.total);
    Ok(Page(View { layout: viewer.layout(), asked, found, pager }))
}
