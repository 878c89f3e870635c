//! A partner's merchants, how they fare, and the switchboard of their channels.

mod merchant;
mod merchants;
mod switchboard;

use std::borrow::Borrow;

use axum::{
    Router,
    routing::{get, post},
};
use domain::channel::{Channel, Mode};

use crate::Portal;

/// The pages of this section.
pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/portal/merchants", get(merchants::show))
        .route("/portal/merchants/{mid}", get(merchant::show))
        .route("/portal/switchboard", get(switchboard::show))
        .route("/portal/switchboard/review", post(switchboard::review))
        .route("/portal/switchboard/switch", post(switchboard::switch))
}

/// The mark of a channel's mode.
fn tone(mode: impl Borrow<Mode>) -> &'static str {
    match mode.borrow() {
        Mode::Off => "plain",
        Mode::Sandbox => "sandbox",
        Mode::Production => "production",
    }
}

/// What a channel is called.
fn title(channel: impl Borrow<Channel>) -> &'static str {
    match channel.borrow() {
        Channel::CitWeb => "Customer, web",
        Channel::CitCallCenter => "Customer, call centre",
        Channel::Mit => "Merchant-initiated",
    }
}
