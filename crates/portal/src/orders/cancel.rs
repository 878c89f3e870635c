//! Cancelling an order: asked for, then done.

use askama::Template;
use axum::extract::{Path, State};
use engine::{Cancelled, OrderView};
use serde::Deserialize;

use crate::{Form, Layout, Page, Portal, Problem, Redirect, Viewer, format};

#[derive(Template)]
#[template(path = "orders/cancel.html")]
struct Ask {
    layout: Layout,
    view: OrderView,
    amount: String,
}

/// Nothing but the token.
#[derive(Debug, Deserialize)]
pub struct Fields {}

/// The question.
pub async fn ask(State(portal): State<Portal>, viewer: Viewer, Path(id): Path<String>) -> Result<Page<impl Template>, Problem> {
    let view = super::read_to(&portal, &viewer, &id, "evaluate").await?;
    Ok(Page(Ask { layout: viewer.layout(), amount: format::money(view.order.amount), view }))
}

/// The deed.
pub async fn send(
    State(portal): State<Portal>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(Fields {}): Form<Fields>,
) -> Result<Redirect, Problem> {
    let id = super::read_to(&portal, &viewer, &id, "evaluate").await?.order.id;
    let done = portal.engine().cancel(&viewer.principal, id, None).await?;
    let said = match done {
        Cancelled::Already => "The order had ended before.",
        Cancelled::Done | Cancelled::Replayed => "The order is cancelled; no further attempt is made.",
    };
    Ok(Redirect::to(super::path(id)).saying(&portal, said))
}
