//! `/v1/chargebacks` (`wire-api` §12).

mod create;
mod get;
mod list;
mod operations;

pub use operations::operations;

use create::create;
use get::get;
use list::list;
