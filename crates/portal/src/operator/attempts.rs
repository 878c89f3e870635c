//! Attempts whose result is unknown, and the button that asks the processor again.

use askama::Template;
use axum::extract::{Path, Query, State};
use domain::{
    id::OrderId,
    order::{Order, State as Stands},
    time::Timestamp,
};
use engine::{PageAt, operate::Unsettled};
use serde::Deserialize;

use crate::{Form, Layout, Page, Pager, Portal, Problem, Redirect, Viewer, format};

/// Orders on one page.
const ROWS: u32 = 25;

#[derive(Template)]
#[template(path = "operator/attempts.html")]
struct View {
    layout: Layout,
    rows: Vec<Unsettled>,
    pager: Pager,
    may_ask: bool,
}

impl View {
    fn amount(order: &Order) -> String {
        format::money(order.amount)
    }

    /// When it is looked up by itself, and how often it was.
    fn next(order: &Order) -> Option<(Timestamp, u32)> {
        match order.state {
            Stands::Reconciling { next_inquiry, inquiries, .. } => Some((next_inquiry, inquiries)),
            _ => None,
        }
    }

    fn fault(order: &Order) -> Option<&str> {
        match &order.state {
            Stands::Faulted { fault } => Some(fault),
            _ => None,
        }
    }
}

/// The page asked for.
#[derive(Deserialize)]
pub struct Asked {
    page: Option<u32>,
}

/// The list, the longest untouched first.
pub async fn show(
    State(portal): State<Portal>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>, Problem> {
    let number = asked.page.unwrap_or(1).max(1);
    let page = portal.engine().unsettled(&viewer.principal, PageAt { number, size: ROWS }).await?;
    let pager = Pager::new("/portal/operator/attempts", &[], number, ROWS, page.total);
    Ok(Page(View { layout: viewer.layout(), rows: page.rows, pager, may_ask: viewer.holds("processors") }))
}

/// No field beside the token.
#[derive(Deserialize)]
pub struct Nothing {}

/// Asks the processor what became of the attempt; sends nothing again.
pub async fn ask(
    State(portal): State<Portal>,
    viewer: Viewer,
    Path(order): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, Problem> {
    let id = OrderId::parse(&order).ok_or(Problem::NotFound)?;
    let order = portal.engine().inquire_again(&viewer.principal, id).await?;
    let said = match order.state {
        Stands::Reconciling { .. } => "The processor was asked; it does not know the result yet.".to_owned(),
        state => format!("The processor was asked. The order is now {}.", state.code()),
    };
    Ok(Redirect::to("/portal/operator/attempts").saying(&portal, &said))
}
