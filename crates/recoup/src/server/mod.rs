//! The HTTP server under the router: listeners, TLS, slow clients, draining.

mod body;
mod connection;
mod idle;
mod listener;
mod run;
mod seats;
pub mod signal;
pub mod tls;

pub use self::{
    listener::Listener,
    run::{Limits, Server},
};
