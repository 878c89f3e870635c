//! Passwords: forgotten, chosen with a ticket from a mail.

use std::sync::Arc;

use domain::{
    change::{ChangeSet, Conflict, Write},
    fault::Faults,
    mail::Kind,
    time::{DAY, HOUR},
    user::{Purpose, Status, Ticket, User, canonical_email, password_fault},
};
use zeroize::Zeroizing;

use super::{grant::token_hash, hash_secret};
use crate::{Engine, Error, Result, users::himself};

/// Life of an invitation, days.
const INVITATION_DAYS: u32 = 7;
/// Life of the right to choose a new password, hours.
const RESET_HOURS: u32 = 1;
/// Mails about a forgotten password for one address within an hour.
const FORGOTTEN_PER_HOUR_MAX: u32 = 5;

impl Engine {
    /// Sends a mail with which a new password can be chosen, when somebody has the address. Answers before it knows, so
    /// that neither the answer nor its time tells.
    pub async fn forgot_password(self: &Arc<Self>, email: &str) -> Result<()> {
        self.admit()?;
        let email = canonical_email(email);
        let hour = self.clock.now().secs() / 3_600;
        let subject = self.hasher.of(&[b"forgotten", email.as_bytes(), &hour.to_le_bytes()]);
        if self.count_failure(subject).await? > FORGOTTEN_PER_HOUR_MAX {
            return Ok(());
        }
        let engine = self.clone();
        tokio::spawn(async move {
            if let Err(error) = engine.mail_reset(&email).await {
                tracing::error!(%error, "a mail about a forgotten password could not be queued");
            }
        });
        Ok(())
    }

    async fn mail_reset(&self, email: &str) -> Result<()> {
        let user = self.store.user_by_email(email).await?;
        let Some(user) = user.filter(|user| user.status() != Status::Blocked) else { return Ok(()) };
        let mut set = ChangeSet::new();
        self.send_ticket(&user, &mut set)?;
        self.store.apply(set).await?;
        self.wake_mails.notify_one();
        Ok(())
    }

    /// A ticket to choose a password and the mail that holds it, in place of all earlier ones; gives the token.
    pub(crate) fn send_ticket(&self, user: &User, set: &mut ChangeSet) -> Result<Zeroizing<String>> {
        let now = self.clock.now();
        let (purpose, kind, life) = match user.joined_at {
            None => (Purpose::Invitation, Kind::Invitation, DAY * INVITATION_DAYS),
            Some(_) => (Purpose::Reset, Kind::Reset, HOUR * RESET_HOURS),
        };
        let token = Zeroizing::new(self.secret_word());
        let ticket = Ticket { hash: token_hash(&token), user: user.id, purpose, expires_at: now + life };
        set.push(Write::DropTickets { user: user.id });
        set.push(Write::PutTicket(ticket));
        set.push(Write::QueueMail(Box::new(self.compose(user, kind, Some(&token))?)));
        Ok(token)
    }

    /// Chooses a password with the token of an invitation or a reset; every session ends.
    pub async fn choose_password(&self, token: &str, password: String) -> Result<()> {
        self.admit()?;
        let now = self.clock.now();
        let hash = token_hash(token);
        let ticket = self.store.ticket(hash).await?.filter(|ticket| now < ticket.expires_at).ok_or(Error::BadCredentials)?;
        let user = self.store.user(ticket.user).await?.filter(|user| user.status() != Status::Blocked);
        let user = user.ok_or(Error::BadCredentials)?;
        if let Some(fault) = password_fault(&password, &user.email) {
            let mut faults = Faults::new();
            faults.add("Password", fault);
            return Err(Error::Invalid(faults));
        }
        let chosen = self.hash_password(password).await?;
        let subject = self.failures_of(&canonical_email(&user.email));
        let altered = self.alter_user(himself(&user), user.id, |user, set| {
            user.password = Some(chosen.clone());
            user.joined_at.get_or_insert(now);
            set.push(Write::SpendTicket { hash });
            set.push(Write::DropTickets { user: user.id });
            set.push(Write::EndSessions { user: user.id });
            set.push(Write::ClearFailures { subject });
            Ok(())
        });
        match altered.await? {
            Ok(_) => Ok(()),
            Err(Conflict::Taken { .. }) => Err(Error::BadCredentials),
            Err(other) => Err(Error::Internal(other.to_string())),
        }
    }

    /// The Argon2id hash of a password; a limited number is computed at once.
    pub(crate) async fn hash_password(&self, password: String) -> Result<String> {
        let _place = self.hashing_queue.try_acquire().map_err(|_| Error::Overloaded)?;
        let _permit = self.hashing.acquire().await.map_err(|_| Error::Draining)?;
        let (password, salt) = (Zeroizing::new(password), self.random.bytes());
        tokio::task::spawn_blocking(move || hash_secret(&password, salt))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?
    }
}
