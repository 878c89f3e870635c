//! `/v1/users`: people who use the portal (`wire-api` §10.3).

mod create;
mod delete;
mod get;
mod list;
mod manage;
mod operations;
mod patch;
mod request;

pub use operations::operations;

use create::create;
use delete::delete;
use domain::id::UserId;
use get::get;
use list::list;
use manage::{resend_invitation, reset_password, unblock};
use patch::patch;

use crate::failure::Failure;

fn id(text: &str) -> Result<UserId, Failure> {
    UserId::parse(text).ok_or_else(Failure::not_found)
}
