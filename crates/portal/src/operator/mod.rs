//! What the operator looks at and does by hand: attempts whose result is unknown, and the rules in force.

mod attempts;
mod rules;

use axum::{
    Router,
    routing::{get, post},
};

use crate::Portal;

/// The pages of this section.
pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/portal/operator/attempts", get(attempts::show))
        .route("/portal/operator/attempts/{order}/ask", post(attempts::ask))
        .route("/portal/operator/rules", get(rules::show))
}
