//! The blocklist (`wire-api` §10.6): what a merchant will not charge.

mod add;
mod check;
mod list;
mod of_order;
mod stop;

pub use add::{Added, Draft};
pub(crate) use check::Blocks;
pub use of_order::OrderDraft;
