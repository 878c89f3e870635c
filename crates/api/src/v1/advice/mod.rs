//! `/v1/advice`: for those who charge by themselves (`wire-api` §8).

mod attempts;
mod cancel;
mod explanation;
mod get;
mod operations;
mod post;
mod request;

pub use operations::operations;

use attempts::attempts;
use cancel::cancel;
use explanation::explanation;
use get::get;
use post::post;

use domain::id::AdviceId;

use crate::failure::Failure;

fn id(text: &str) -> Result<AdviceId, Failure> {
    AdviceId::parse(text).ok_or_else(Failure::not_found)
}
