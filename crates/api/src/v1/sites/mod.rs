//! `/v1/sites`: where a merchant sells (`wire-api` §10.2).

mod channels;
mod create;
mod delete;
mod get;
mod list;
mod operations;
mod patch;
mod request;
mod resolve;

pub use operations::operations;

use domain::id::SiteId;

use crate::failure::Failure;

fn id(text: &str) -> Result<SiteId, Failure> {
    SiteId::parse(text).ok_or_else(Failure::not_found)
}
