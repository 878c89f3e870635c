//! Portal users, as their owners and admins manage them (`wire-api` §10.3).

mod alter;
mod change;
mod create;
mod list;
mod manage;
mod remove;
mod standing;
mod trail;

pub use change::Change;
pub use create::NewUser;
pub use list::{Seen, Wanted};

pub(crate) use standing::reach;
pub(crate) use trail::{himself, system};
