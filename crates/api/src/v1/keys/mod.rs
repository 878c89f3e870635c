//! `/v1/api-keys` (`wire-api` §10.4).

mod create;
mod delete;
mod get;
mod operations;

pub use operations::operations;

use create::create;
use delete::delete;
use get::get;
