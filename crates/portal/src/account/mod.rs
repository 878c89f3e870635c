//! What concerns the viewer itself: its name and zone, its second factor, its sessions, and where it is.

mod choose;
mod environment;
mod person;
mod second_factor;
mod sessions;
mod theme;

use axum::{Router, routing::get, routing::post};

use crate::Portal;

/// The pages of this section.
pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/portal/account", get(person::show).post(person::send))
        .route("/portal/account/theme", post(theme::send))
        .route("/portal/account/second-factor", get(second_factor::show).post(second_factor::offer))
        .route("/portal/account/second-factor/confirm", post(second_factor::confirm))
        .route("/portal/account/second-factor/remove", post(second_factor::remove))
        .route("/portal/account/sessions/end", post(sessions::end))
        .route("/portal/account/sessions/end-others", post(sessions::end_others))
        .route("/portal/environment", post(environment::send))
        .route("/portal/choose", get(choose::show).post(choose::send))
}
