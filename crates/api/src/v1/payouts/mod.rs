//! `/v1/payouts` (`wire-api` §12).

mod get;
mod list;
mod operations;
mod patch;

pub use operations::operations;

use get::get;
use list::list;
use patch::patch;
