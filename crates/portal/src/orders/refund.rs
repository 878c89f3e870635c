//! Giving money back, wholly or in part.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{bounds::TEXT_CHARS_MAX, money::Money};
use engine::{Error, OrderView, RefundRequest};
use serde::Deserialize;

use crate::{Form, Layout, Page, Portal, Problem, Redirect, Viewer, format};

#[derive(Template)]
#[template(path = "orders/refund.html")]
struct Ask {
    layout: Layout,
    view: OrderView,
    most: String,
    amount: String,
    note: String,
    note_chars_max: usize,
    key: String,
    error: Option<String>,
}

/// What the form holds.
#[derive(Debug, Deserialize)]
pub struct Fields {
    amount: String,
    #[serde(default)]
    note: String,
    key: String,
}

/// Longest key of a form, characters.
const KEY_CHARS_MAX: usize = 64;

/// Whether there is something to give back.
pub fn possible(view: &OrderView) -> bool {
    view.order.refundable_minor() > 0 && view.order.paid_by.is_some()
}

/// The question: how much.
pub async fn ask(State(portal): State<Portal>, viewer: Viewer, Path(id): Path<String>) -> Result<Page<impl Template>, Problem> {
    let view = super::read_to(&portal, &viewer, &id, "refunds").await?;
    if !possible(&view) {
        return Err(Problem::Refused("There is nothing to refund on this order.".into()));
    }
    let amount = Money::new(view.order.refundable_minor(), view.order.amount.currency).major();
    Ok(Page(page(&portal, &viewer, view, amount, String::new(), None)))
}

/// The deed; what is refused is told beside the field.
pub async fn send(
    State(portal): State<Portal>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let view = super::read_to(&portal, &viewer, &id, "refunds").await?;
    let id = view.order.id;
    let Fields { amount, note, key } = fields;
    if key.is_empty() || key.chars().count() > KEY_CHARS_MAX || note.chars().count() > TEXT_CHARS_MAX {
        return Err(Problem::Unreadable("A field of the form cannot be read."));
    }
    let message = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
    let payload = serde_json::json!({"amount": amount.trim(), "note": message}).to_string();
    let request = RefundRequest {
        order: id,
        amount: amount.trim().to_owned(),
        message,
        payload_hash: portal.engine().payload_hash(payload.as_bytes()),
        key: Some(format!("portal/{key}")),
    };
    let refused = match portal.engine().refund(&viewer.principal, request).await {
        Ok(reply) if reply.refund.is_some() => {
            return Ok(Redirect::to(super::path(id)).saying(&portal, "The refund is made.").into_response());
        }
        Ok(reply) => format!("{}.", reply.message.trim_end_matches('.')),
        Err(Error::Invalid(_)) => format!("Please give an amount above zero, such as {}.", amount_of(&view)),
        Err(Error::Upstream) => {
            let said = "The processor has not confirmed the refund yet; it goes on by itself.";
            return Ok(Redirect::to(super::path(id)).saying(&portal, said).into_response());
        }
        Err(other) => return Err(other.into()),
    };
    let again = page(&portal, &viewer, view, amount, note, Some(refused));
    Ok((http::StatusCode::UNPROCESSABLE_ENTITY, Page(again)).into_response())
}

/// The form, with a key of its own: sent twice, it gives money back once.
fn page(portal: &Portal, viewer: &Viewer, view: OrderView, amount: String, note: String, error: Option<String>) -> Ask {
    Ask {
        layout: viewer.layout(),
        most: format::money(Money::new(view.order.refundable_minor().max(0), view.order.amount.currency)),
        amount,
        note,
        note_chars_max: TEXT_CHARS_MAX,
        key: uuid::Builder::from_random_bytes(portal.trace()).into_uuid().to_string(),
        error,
        view,
    }
}

fn amount_of(view: &OrderView) -> String {
    Money::new(view.order.refundable_minor().max(0), view.order.amount.currency).major()
}
