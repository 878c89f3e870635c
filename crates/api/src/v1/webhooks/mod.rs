//! `/v1/webhooks`: endpoints and their deliveries (`wire-api` §7.1).

mod create;
mod delete;
mod deliveries;
mod get;
mod list;
mod patch;
mod replay;
mod request;
mod rotate_key;
mod test;

pub use create::create;
pub use delete::delete;
pub use deliveries::{deliveries, delivery, redeliver};
pub use get::get;
pub use list::list;
pub use patch::patch;
pub use replay::replay;
pub use rotate_key::rotate_key;
pub use test::test;

use domain::id::WebhookId;

use crate::failure::Failure;

fn id(text: &str) -> Result<WebhookId, Failure> {
    WebhookId::parse(text).ok_or_else(Failure::not_found)
}
