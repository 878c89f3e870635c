//! `/v1/merchants`: merchants, their settings and channels (`wire-api` §10.1, §10.2).

mod channels;
mod create;
mod get;
mod history;
mod list;
mod operations;
mod patch;
mod request;
mod settings;
pub(super) mod shape;

pub use operations::operations;

use domain::id::Mid;

use crate::failure::Failure;

fn mid(text: &str) -> Result<Mid, Failure> {
    Mid::parse(text).ok_or_else(Failure::not_found)
}
