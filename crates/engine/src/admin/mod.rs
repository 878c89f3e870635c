//! Administration: partners, merchants, sites, keys, channels, processors, routes, and the rotation of the vault's keys.
//! The callers are the operator's shell and the sandbox's set-up; the HTTP interface comes with roles of its own.

mod key;
mod merchant;
mod partner;
mod processor;
mod rotate;
mod site;
mod webhook;

pub use key::{NewClient, NewKey};
pub use merchant::NewMerchant;
pub use rotate::Progress;
pub use site::NewSite;
pub use webhook::NewWebhook;
