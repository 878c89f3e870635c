//! Which account gets an attempt: processor accounts, routing tables, and what the accounts tell of their own accord
//! (`wire-api` §10.5).

mod account;
mod draft;
mod kind;
mod notify;
mod table;

pub use account::Listing;
pub use draft::{Capable, Draft};
pub use kind::{KINDS, Kind, Setting};
pub use table::{LINES_MAX, Line, Table};

pub(crate) use draft::{headers_context, notification_context};
