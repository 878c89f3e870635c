//! The list, with its filter.

use askama::Template;
use axum::extract::{Query, State};
use domain::audit::{Entry, Topic};
use engine::{PageAt, tenancy::TrailFilter};
use serde::Deserialize;

use super::words;
use crate::{Layout, Page, Pager, Portal, Problem, Viewer};

/// Entries on one page.
const ROWS: u32 = 50;
/// Longest name that is searched for, characters.
const AUTHOR_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "audit/list.html")]
struct View {
    layout: Layout,
    asked: Asked,
    topics: &'static [Topic],
    rows: Vec<Line>,
    pager: Pager,
}

struct Line {
    entry: Entry,
    words: String,
}

/// The filter.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    author: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    page: Option<u32>,
}

/// The entries that the viewer may see, newest first; of the chosen merchant when there is one.
pub async fn show(State(portal): State<Portal>, viewer: Viewer, Query(asked): Query<Asked>) -> Result<Page<impl Template>, Problem> {
    let number = asked.page.unwrap_or(1).max(1);
    let author: String = asked.author.trim().chars().take(AUTHOR_CHARS_MAX).collect();
    let filter = TrailFilter {
        mid: viewer.mid(),
        topic: Topic::parse(&asked.topic),
        author: Some(author).filter(|author| !author.is_empty()),
        from: viewer.zone.first_of(&asked.from),
        to: viewer.zone.last_of(&asked.to),
        page: PageAt { number, size: ROWS },
    };
    let page = portal.engine().audit_log(&viewer.principal, filter).await?;
    let query = [("author", &*asked.author), ("topic", &asked.topic), ("from", &asked.from), ("to", &asked.to)];
    let pager = Pager::new("/portal/audit", &query, number, ROWS, page.total);
    let rows = page.rows.into_iter().map(|entry| Line { words: words::of(&entry.what), entry }).collect();
    Ok(Page(View { layout: viewer.layout(), asked, topics: Topic::ALL, rows, pager }))
}
