//! API keys, as those who hold a key or a session manage them (`wire-api` §10.4).

mod create;
mod list;
mod revoke;
mod trail;

pub use create::{Made, NewKey};
pub use list::Seen;
