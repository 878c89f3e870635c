//! The list of merchants, with how each fares.

use askama::Template;
use axum::extract::{Query, State};
use domain::{
    channel::{Channel, Mode},
    merchant::Merchant,
};
use engine::{
    PageAt, Sort,
    tenancy::{Health, MerchantBy, MerchantFilter},
};
use serde::Deserialize;

use super::{title, tone};
use crate::{Layout, Page, Pager, Portal, Problem, Viewer, format};

/// Merchants on one page.
const ROWS: u32 = 25;
/// Longest text that is searched for, characters.
const QUERY_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "partner/merchants.html")]
struct View {
    layout: Layout,
    asked: Asked,
    rows: Vec<Line>,
    pager: Pager,
}

struct Line {
    merchant: Merchant,
    health: Health,
}

impl Line {
    fn modes(&self) -> Vec<(&'static str, Mode, &'static str)> {
        let one =
            |channel: &Channel| (title(*channel), self.merchant.modes.get(*channel), tone(self.merchant.modes.get(*channel)));
        Channel::ALL.iter().map(one).collect()
    }

    fn rescued(&self) -> String {
        format::share(self.health.pulse.rescued as f64, self.health.pulse.closed as f64)
    }
}

/// The filter.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    query: String,
    #[serde(default)]
    status: String,
    page: Option<u32>,
}

/// The merchants that the viewer may see, by name.
pub async fn show(
    State(portal): State<Portal>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>, Problem> {
    let number = asked.page.unwrap_or(1).max(1);
    let filter = filter(&asked.query, &asked.status, PageAt { number, size: ROWS });
    let page = portal.engine().list_merchants(&viewer.principal, None, filter).await?;
    let mids: Vec<_> = page.rows.iter().map(|view| view.merchant.id).collect();
    let healths = portal.engine().health_of(&viewer.principal, &mids).await?;
    let line = |(view, health): (engine::tenancy::MerchantView, Health)| Line { merchant: view.merchant, health };
    let rows = page.rows.into_iter().zip(healths).map(line).collect();
    let query = [("query", &*asked.query), ("status", &asked.status)];
    let pager = Pager::new("/portal/merchants", &query, number, ROWS, page.total);
    Ok(Page(View { layout: viewer.layout(), asked, rows, pager }))
}

/// The merchants that a text and a status narrow, by name.
pub(super) fn filter(query: &str, status: &str, page: PageAt) -> MerchantFilter {
    let query: String = query.trim().chars().take(QUERY_CHARS_MAX).collect();
    MerchantFilter {
        mids: None,
        query: Some(query).filter(|query| !query.is_empty()),
        active: match status {
            "active" => Some(true),
            "inactive" => Some(false),
            _ => None,
        },
        created_from: None,
        created_to: None,
        order_by: MerchantBy::Name,
        sort: Sort::Ascending,
        page,
    }
}
