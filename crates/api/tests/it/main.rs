//! The whole interface in one process: requests in, replies and durable effects out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

mod cards;
mod clock;
mod copies;
mod edge;
mod orders;
mod retry;
mod sessions;
mod stale;
mod support;
mod tenancy;
mod token;
mod webhooks;
