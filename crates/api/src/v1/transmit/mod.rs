//! `/v1/transmit`: copies of payments, and what became of them.

mod get;
mod operations;
mod outcome;
mod patch;
mod post;
mod request;

pub use operations::operations;

use get::get;
use outcome::outcome;
use patch::patch;
use post::post;

use domain::id::TransmitId;

use crate::failure::Failure;

fn id(text: &str) -> Result<TransmitId, Failure> {
    TransmitId::parse(text).ok_or_else(Failure::not_found)
}
