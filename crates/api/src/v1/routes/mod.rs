//! `/v1/routes`: which account gets an attempt (`wire-api` §10.5).

mod get;
mod operations;
mod put;
mod request;

pub use operations::operations;

use get::get;
use put::put;
