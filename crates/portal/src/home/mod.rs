//! The first page: what was rescued, and how it stands.

mod cache;
mod charts;
mod figures;
mod next;
mod show;
mod wanted;

use axum::{Extension, Router, routing::get};

use crate::Portal;

/// The pages of this section.
pub fn routes() -> Router<Portal> {
    Router::new().route("/portal/home", get(show::show)).layer(Extension(cache::Cache::default()))
}
