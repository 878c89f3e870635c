//! An attempt now, where the rules allow it.

use askama::Template;
use axum::extract::{Path, State};
use domain::{order::Code, time::Timestamp};
use engine::{OrderView, Precondition, Retried, RetryRefusal, Versions};
use serde::Deserialize;

use crate::{Form, Layout, Page, Portal, Problem, Redirect, Viewer, format};

use super::words;

/// Why none is made now.
pub struct Refused {
    /// In a sentence.
    pub sentence: &'static str,
    /// The rules that say so.
    pub rules: Vec<String>,
    /// From when on.
    pub not_before: Option<Timestamp>,
}

impl From<RetryRefusal> for Refused {
    fn from(refusal: RetryRefusal) -> Self {
        Self { sentence: refusal.why.sentence(), rules: refusal.rules, not_before: refusal.not_before }
    }
}

#[derive(Template)]
#[template(path = "orders/retry.html")]
struct Ask {
    layout: Layout,
    view: OrderView,
    due: String,
    refused: Option<Refused>,
}

/// The order as the viewer saw it.
#[derive(Debug, Deserialize)]
pub struct Fields {
    version: u32,
}

/// The question, or why it cannot be.
pub async fn ask(State(portal): State<Portal>, viewer: Viewer, Path(id): Path<String>) -> Result<Page<impl Template>, Problem> {
    let view = super::read_to(&portal, &viewer, &id, "evaluate").await?;
    let refused = portal.engine().may_retry(&viewer.principal, view.order.id).await?.map(Refused::from);
    let due = domain::money::Money::new(view.order.remaining_minor(), view.order.amount.currency);
    Ok(Page(Ask { layout: viewer.layout(), due: format::money(due), refused, view }))
}

/// The deed.
pub async fn send(
    State(portal): State<Portal>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Redirect, Problem> {
    let id = super::read_to(&portal, &viewer, &id, "evaluate").await?.order.id;
    let known = Precondition { only: Some(Versions::These(vec![fields.version.into()])), never: None };
    let said = match portal.engine().retry_now(&viewer.principal, id, &known).await? {
        Retried::Made(order) => {
            let now = words::state(order.state.code()).0;
            match order.state.code() {
                Code::Recovered | Code::Authorized | Code::PartRecovered => format!("The attempt was approved: {now}."),
                _ => format!("The attempt was made and is answered. The order now: {now}."),
            }
        }
        Retried::UnderWay => "The attempt is on its way; its answer takes longer.".to_owned(),
        Retried::Refused(refusal) => return Err(Problem::Refused(refusal.why.sentence().to_owned())),
    };
    Ok(Redirect::to(super::path(id)).saying(&portal, &said))
}
