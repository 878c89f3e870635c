//! `recoup demo`: a server with everything set up, and a subscription shop that plays its business against it.

mod credentials;
mod curl;
mod display;
mod files;
mod ladder;
mod logs;
mod options;
mod people;
mod play;
mod progress;
mod receiver;
mod run;
mod shop;
mod summary;
mod tenants;
mod trouble;

pub use self::{options::Args, run::run};
