//! `/v1/transmit`: copies of payments, and what became of them.

mod get;
mod outcome;
mod patch;
mod post;
mod request;

pub use get::get;
pub use outcome::outcome;
pub use patch::patch;
pub use post::post;

use domain::id::TransmitId;

use crate::failure::Failure;

fn id(text: &str) -> Result<TransmitId, Failure> {
    TransmitId::parse(text).ok_or_else(Failure::not_found)
}
