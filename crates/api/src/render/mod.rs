//! Replies: serde structs whose member order is the contract's, serialised straight to bytes.

mod address;
mod envelope;
mod format;
mod list;
mod payment;
mod properties;
mod reply;

pub mod advice;
pub mod application;
pub mod auth;
pub mod block;
pub mod capture;
pub mod channels;
pub mod chargeback;
pub mod csv;
pub mod evaluate;
pub mod explanation;
pub mod key;
pub mod merchant;
pub mod order;
pub mod orders;
pub mod problem;
pub mod processor;
pub mod refund;
pub mod report;
pub mod settlement;
pub mod site;
pub mod timeline;
pub mod token;
pub mod tokenize;
pub mod transmit;
pub mod user;
pub mod webhook;

pub use envelope::{Envelope, Tuple};
pub use format::{Decimal, Iso, Iso7};
pub use list::List;
pub use properties::Properties;
pub use reply::Reply;
