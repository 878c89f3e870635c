//! The audit log: who changed what, as far as the viewer's role sees it.

mod list;
mod words;

use axum::{Router, routing::get};

use crate::Portal;

/// The pages of this section.
pub fn routes() -> Router<Portal> {
    Router::new().route("/portal/audit", get(list::show))
}
