//! `/v1/reports/{name}`: what was rescued, what it cost, and why the rest was not (`wire-api` §13).

mod get;
mod operations;
mod request;

pub use operations::operations;
