//! Choosing the merchant that the pages are about.

use askama::Template;
use axum::extract::{Query, State};
use domain::id::Mid;
use engine::{PageAt, Sort, tenancy::MerchantFilter};
use serde::Deserialize;

use crate::{Form, Layout, Page, Pager, Portal, Problem, Redirect, Viewer, cookie, viewer};

/// Merchants on one page.
const ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "account/choose.html")]
struct View {
    layout: Layout,
    rows: Vec<(Mid, String, bool)>,
    next: String,
    pager: Pager,
}

/// Where to go on to, and the page of the list.
#[derive(Deserialize)]
pub struct Asked {
    next: Option<String>,
    page: Option<u32>,
}

/// The list of the merchants that the viewer may see.
pub async fn show(State(portal): State<Portal>, viewer: Viewer, Query(asked): Query<Asked>) -> Result<Page<impl Template>, Problem> {
    let number = asked.page.unwrap_or(1).max(1);
    let filter = MerchantFilter {
        mids: None,
        query: None,
        active: None,
        created_from: None,
        created_to: None,
        order_by: engine::tenancy::MerchantBy::Name,
        sort: Sort::Ascending,
        page: PageAt { number, size: ROWS },
    };
    let page = portal.engine().list_merchants(&viewer.principal, None, filter).await?;
    let next = viewer::onward(asked.next.as_deref()).to_owned();
    let pager = Pager::new("/portal/choose", &[("next", &next)], number, ROWS, page.total);
    let row = |view: engine::tenancy::MerchantView| {
        let merchant = view.merchant;
        let current = viewer.mid() == Some(merchant.id);
        (merchant.id, merchant.name, current)
    };
    Ok(Page(View { layout: viewer.layout(), rows: page.rows.into_iter().map(row).collect(), next, pager }))
}

/// What the form holds; no merchant: all of them.
#[derive(Deserialize)]
pub struct Fields {
    mid: Option<Mid>,
    next: Option<String>,
}

/// Keeps the choice; a merchant that the viewer may not act for is none.
pub async fn send(State(portal): State<Portal>, viewer: Viewer, Form(fields): Form<Fields>) -> Result<Redirect, Problem> {
    let names = portal.cookies();
    let chosen = match fields.mid {
        Some(mid) => {
            portal.engine().merchant_of(&viewer.principal, mid).await?;
            cookie::set(&portal, names.merchant, &mid.to_string(), None)
        }
        None => cookie::forget(&portal, names.merchant),
    };
    Ok(Redirect::to(viewer::onward(fields.next.as_deref())).setting(chosen))
}
