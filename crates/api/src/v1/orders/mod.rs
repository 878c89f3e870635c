//! `/v1/orders`.

mod cancel;
mod get;
mod list;
mod refund;
mod show;

pub use cancel::{cancel, external_cancel};
pub use get::get;
pub use list::list;
pub use refund::refund;

use domain::id::OrderId;

use crate::failure::Failure;

fn id(text: &str) -> Result<OrderId, Failure> {
    OrderId::parse(text).ok_or_else(Failure::not_found)
}
