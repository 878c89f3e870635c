//! Mails on their way: queued in the same change set as what they tell, sent by a worker.

use serde::{Deserialize, Serialize};

use crate::{
    id::{MailId, UserId},
    time::Timestamp,
};

crate::words! {
    /// What a mail is about.
    pub enum Kind {
        /// Somebody was made a user.
        Invitation = "invitation",
        /// A new password may be chosen.
        Reset = "reset",
        /// The user was blocked after too many failures.
        Blocked = "blocked",
    }
}

/// A mail that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// Id.
    pub id: MailId,
    /// The user it is for.
    pub user: UserId,
    /// What it is about.
    pub kind: Kind,
    /// Receiver, subject and text, sealed: it may hold a token.
    pub sealed: Vec<u8>,
    /// Tries so far.
    pub tries: u32,
    /// Not before, UTC.
    pub due: Timestamp,
    /// Since when, UTC.
    pub created_at: Timestamp,
}
