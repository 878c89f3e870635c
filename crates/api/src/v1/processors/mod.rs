//! `/v1/processors`: accounts, connectors, and what accounts tell of their own accord (`wire-api` §10.5).

mod create;
mod delete;
mod get;
mod kinds;
mod list;
mod operations;
mod patch;
pub mod request;
mod webhook;

pub use operations::operations;

use create::create;
use delete::delete;
use domain::id::ProcessorId;
use get::get;
use kinds::kinds;
use list::list;
use patch::patch;
use webhook::webhook;

use crate::failure::Failure;

fn id(text: &str) -> Result<ProcessorId, Failure> {
    ProcessorId::parse(text).ok_or_else(Failure::not_found)
}
