//! `/v1/webhooks`: endpoints and their deliveries (`wire-api` §7.1).

mod create;
mod delete;
mod deliveries;
mod get;
mod list;
mod operations;
mod patch;
mod replay;
mod request;
mod rotate_key;
mod test;

pub use operations::operations;

pub use request::patterns as texts;

use create::create;
use delete::delete;
use deliveries::{deliveries, delivery, redeliver};
use get::get;
use list::list;
use patch::patch;
use replay::replay;
use rotate_key::rotate_key;
use test::test;

use domain::id::WebhookId;

use crate::failure::Failure;

fn id(text: &str) -> Result<WebhookId, Failure> {
    WebhookId::parse(text).ok_or_else(Failure::not_found)
}
