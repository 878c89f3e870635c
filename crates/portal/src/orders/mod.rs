//! Orders: the list, one order, and what can be done with it.

mod block;
mod cancel;
mod csv;
mod export;
mod list;
mod refund;
mod retry;
mod search;
mod show;
mod why;
mod words;

use axum::{Router, routing::get};
use domain::id::OrderId;
use engine::OrderView;

use crate::{Portal, Problem, Viewer};

/// The pages of this section.
pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/portal/orders", get(list::show))
        .route("/portal/orders/export.csv", get(export::file))
        .route("/portal/orders/{id}", get(show::show))
        .route("/portal/orders/{id}/cancel", get(cancel::ask).post(cancel::send))
        .route("/portal/orders/{id}/refund", get(refund::ask).post(refund::send))
        .route("/portal/orders/{id}/retry", get(retry::ask).post(retry::send))
        .route("/portal/orders/{id}/block", get(block::ask).post(block::send))
}

/// The order of a path; what is no id is not there.
async fn read(portal: &Portal, viewer: &Viewer, id: &str) -> Result<OrderView, Problem> {
    let id = OrderId::parse(id).ok_or(Problem::NotFound)?;
    Ok(portal.engine().order(&viewer.principal, id).await?)
}

/// For actions: the order, when the viewer may do this at all.
async fn read_to(portal: &Portal, viewer: &Viewer, id: &str, scope: &str) -> Result<OrderView, Problem> {
    let view = read(portal, viewer, id).await?;
    if viewer.holds(scope) { Ok(view) } else { Err(Problem::Forbidden) }
}

/// Where an order's page is.
fn path(id: OrderId) -> String {
    format!("/portal/orders/{id}")
}
