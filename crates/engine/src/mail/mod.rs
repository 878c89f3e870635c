//! The mail room: what is written to users, queued with what it tells, and sent by a worker that tries again.

mod compose;
mod post;
mod work;

pub use post::{Post, Smtp};
pub(crate) use work::run;

/// How mails are written and sent.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Who writes: an address, or a name with an address in angle brackets; none: `recoup@localhost`.
    pub from: Option<String>,
    /// Address of the portal, for links; without it mails hold the bare token.
    pub portal_url: Option<String>,
    /// Where mails go; none: they stay queued.
    pub post: Option<Post>,
}

/// Whether a text can be the sender of mails.
pub fn is_sender(text: &str) -> bool {
    text.parse::<lettre::message::Mailbox>().is_ok()
}
