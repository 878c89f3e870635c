//! `/challenge/{orderSessionKey}`: what the customer is asked, the page that asks, and the answer.

mod get;
mod operations;
mod origin;
mod page;
mod post;
mod render;
mod request;
mod target;

pub use operations::operations;

use crate::failure::Failure;
use domain::id::OrderId;

/// The key in the path; anything else is the key of no challenge.
fn key(text: &str) -> Result<OrderId, Failure> {
    OrderId::parse(text).ok_or_else(Failure::not_found)
}
