//! What merchants' pages load: sense.js and the challenge.

use axum::Router;

use crate::Portal;

/// The pages of this section.
pub fn routes() -> Router<Portal> {
    Router::new()
}
