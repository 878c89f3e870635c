//! Putting the customer or the card of an order on the blocklist.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{bounds::TEXT_CHARS_MAX, fault::Faults};
use engine::{Error, OrderBlockDraft, OrderView};
use serde::Deserialize;

use super::list;
use crate::{Form, Layout, Page, Portal, Problem, Redirect, Viewer};

#[derive(Template)]
#[template(path = "orders/block.html")]
struct Ask {
    layout: Layout,
    view: OrderView,
    customer: String,
    card: Option<String>,
    asked: Fields,
    reason_chars_max: usize,
    error: Option<String>,
}

/// What the form holds: boxes are there when they are ticked.
#[derive(Debug, Default, Deserialize)]
pub struct Fields {
    customer: Option<String>,
    card: Option<String>,
    #[serde(default)]
    reason: String,
}

/// The question: what of it.
pub async fn ask(State(portal): State<Portal>, viewer: Viewer, Path(id): Path<String>) -> Result<Page<impl Template>, Problem> {
    let view = super::read_to(&portal, &viewer, &id, "blocklist").await?;
    Ok(Page(page(&viewer, view, Fields::default(), None)))
}

/// The deed.
pub async fn send(
    State(portal): State<Portal>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let view = super::read_to(&portal, &viewer, &id, "blocklist").await?;
    let id = view.order.id;
    if fields.reason.chars().count() > TEXT_CHARS_MAX {
        return Err(Problem::Unreadable("The reason is too long."));
    }
    let draft = OrderBlockDraft {
        customer: fields.customer.is_some(),
        payment_instrument: fields.card.is_some(),
        reason: Some(fields.reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
    };
    let refused = match portal.engine().block_order(&viewer.principal, id, Some(draft), Faults::new()).await {
        Ok(added) => {
            let is_new = added.iter().any(|added| added.is_new);
            let said = if is_new { "Blocked. What was open of it ends." } else { "It was blocked before." };
            return Ok(Redirect::to(super::path(id)).saying(&portal, said).into_response());
        }
        Err(Error::Invalid(faults)) if faults.has("PaymentInstrument") => "The order has no card to block.",
        Err(Error::Invalid(_)) if fields.customer.is_some() => "The order has no customer id to block.",
        Err(Error::Invalid(_)) => "Please choose the customer, the card or both.",
        Err(other) => return Err(other.into()),
    };
    let again = page(&viewer, view, fields, Some(refused.to_owned()));
    Ok((http::StatusCode::UNPROCESSABLE_ENTITY, Page(again)).into_response())
}

fn page(viewer: &Viewer, view: OrderView, asked: Fields, error: Option<String>) -> Ask {
    Ask {
        layout: viewer.layout(),
        customer: list::customer(&view),
        card: view.order.credential().map(|card| format!("{} ••{}", card.network, card.last4)),
        asked,
        reason_chars_max: TEXT_CHARS_MAX,
        error,
        view,
    }
}
