//! `/v1/settlements` (`wire-api` §12).

mod adjust;
mod close;
mod get;
mod items;
mod list;
mod operations;

pub use operations::operations;

use adjust::adjust;
use close::close;
use domain::id::SettlementId;
use get::get;
use items::items;
use list::list;

use crate::failure::Failure;

fn id(text: &str) -> Result<SettlementId, Failure> {
    SettlementId::parse(text).ok_or_else(Failure::not_found)
}
