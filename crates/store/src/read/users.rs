//! Portal users, sessions, tickets, mails, and the uses of keys.

use std::time::Duration;

use domain::{
    id::{KeyId, LeaseToken, MailId, Mid, PartnerId, UserId},
    mail::Mail,
    scope::Staff,
    time::Timestamp,
    user::{Session, Ticket, User},
};
use uuid::Uuid;

use crate::{
    Error, Page, PageAt, Store,
    sqlite::{key_uses, mails, sessions, users},
};

/// Which users; every member narrows the list, an absent one does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Staff of any of these merchants, or of the partner below; neither given: everybody.
    pub mids: Option<Vec<Mid>>,
    /// Staff of this partner.
    pub partner: Option<PartnerId>,
    /// With this role.
    pub role: Option<Staff>,
    /// Page.
    pub page: PageAt,
}

impl Store {
    /// A user.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, Error> {
        self.engine.read(|db| users::get(db, id)).await
    }

    /// The user with an address; [`domain::user::canonical_email`] makes its form.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, Error> {
        self.engine.read(|db| users::by_email(db, email)).await
    }

    /// Users that pass a filter, one page, oldest first.
    pub async fn users(&self, filter: &UserFilter) -> Result<Page<User>, Error> {
        let filter = filter.clone();
        self.engine.list(move |db| users::page(db, &filter)).await
    }

    /// All users behind an id, in the order of their ids.
    pub async fn users_after(&self, after: Option<UserId>, limit: u32) -> Result<Vec<User>, Error> {
        self.engine.list(move |db| users::after(db, after, limit)).await
    }

    /// When a user last logged in.
    pub async fn last_login(&self, user: UserId) -> Result<Option<Timestamp>, Error> {
        self.engine.read(|db| users::last_login(db, user)).await
    }

    /// The session with the hash of its id, in any stage.
    pub async fn session(&self, hash: [u8; 32]) -> Result<Option<Session>, Error> {
        self.engine.read(|db| sessions::by_hash(db, hash)).await
    }

    /// The session that tokens name, in any stage.
    pub async fn session_of(&self, family: Uuid) -> Result<Option<Session>, Error> {
        self.engine.read(|db| sessions::by_family(db, family)).await
    }

    /// The sessions of a user that are not over, the one used last first; at most `limit`.
    pub async fn sessions_of(&self, user: UserId, now: Timestamp, limit: u32) -> Result<Vec<Session>, Error> {
        self.engine.list(move |db| sessions::of_user(db, user, now, limit)).await
    }

    /// Failures counted under a subject.
    pub async fn failures(&self, subject: [u8; 32]) -> Result<u32, Error> {
        self.engine.read(|db| sessions::failures(db, subject)).await
    }

    /// A ticket to choose a password.
    pub async fn ticket(&self, hash: [u8; 32]) -> Result<Option<Ticket>, Error> {
        self.engine.read(|db| sessions::ticket(db, hash)).await
    }

    /// Claims mails that are due. `UpdateMail` and `DeleteMail` end the lease.
    pub async fn claim_mails(
        &self,
        now: Timestamp,
        lease_for: Duration,
        limit: u32,
        lease: LeaseToken,
    ) -> Result<Vec<Mail>, Error> {
        let claim = mails::Claim { now, lease_until: now + lease_for, limit, lease };
        self.engine.call(move |db| mails::claim(db, &claim)).await
    }

    /// A mail that waits.
    pub async fn mail(&self, id: MailId) -> Result<Option<Mail>, Error> {
        self.engine.read(|db| mails::get(db, id)).await
    }

    /// Mails that wait.
    pub async fn pending_mails(&self) -> Result<u64, Error> {
        self.engine.list(mails::count).await
    }

    /// When a key was last used, to the minute.
    pub async fn key_use(&self, key: KeyId) -> Result<Option<Timestamp>, Error> {
        self.engine.read(|db| key_uses::last(db, key)).await
    }
}
