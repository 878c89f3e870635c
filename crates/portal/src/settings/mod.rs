//! A merchant's settings.

use axum::Router;

use crate::Portal;

/// The pages of this section.
pub fn routes() -> Router<Portal> {
    Router::new()
}
