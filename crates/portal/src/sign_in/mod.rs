//! Coming in and going out: password, second factor, invitation, forgotten passwords, sign-out.

mod code;
mod forgotten;
mod password;
mod reset;
mod sign_out;
mod visit;

use axum::{Router, routing::get, routing::post};

use crate::Portal;

/// The pages of this section.
pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/portal/sign-in", get(password::show).post(password::send))
        .route("/portal/sign-in/code", get(code::show).post(code::send))
        .route("/portal/forgotten", get(forgotten::show).post(forgotten::send))
        .route("/portal/reset", get(reset::show).post(reset::send))
        .route("/portal/invitation", get(reset::show).post(reset::send))
        .route("/portal/sign-out", post(sign_out::send))
}
