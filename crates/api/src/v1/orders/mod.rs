//! `/v1/orders`.

mod block;
mod cancel;
mod explanation;
mod get;
mod list;
mod operations;
mod refund;
mod show;
mod timeline;

pub use explanation::which;
pub use operations::operations;

use cancel::{cancel, external_cancel};
use explanation::explanation;
use get::get;
use list::list;
use refund::refund;
use timeline::timeline;

use domain::id::OrderId;

use crate::failure::Failure;

fn id(text: &str) -> Result<OrderId, Failure> {
    OrderId::parse(text).ok_or_else(Failure::not_found)
}
