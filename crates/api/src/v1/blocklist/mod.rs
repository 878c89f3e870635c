//! `/v1/blocklist` (`wire-api` §10.6).

mod create;
mod delete;
mod list;
mod operations;

pub use operations::operations;

use create::create;
use delete::delete;
use list::list;
