//! What owners and admins do for a user that cannot get in.

use domain::{
    audit::By,
    change::Write,
    id::UserId,
    user::{Status, canonical_email},
};
use zeroize::Zeroizing;

use super::{change::refused, list::Seen};
use crate::{Engine, Error, Principal, Result};

impl Engine {
    /// Lets a blocked user in again; for others nothing changes.
    pub async fn unblock_user(&self, principal: &Principal, id: UserId) -> Result<Seen> {
        let known = self.managed_user(principal, id).await?;
        let subject = self.failures_of(&canonical_email(&known.email));
        let by = self.author(principal).await?;
        let altered = self.alter_user(by, id, |user, set| {
            user.blocked_at = None;
            set.push(Write::ClearFailures { subject });
            Ok(())
        });
        let user = altered.await?.map_err(refused)?;
        Ok(Seen { user, last_login_at: self.store.last_login(id).await? })
    }

    /// Takes a user's password away, ends its sessions, and mails it the right to choose another one.
    pub async fn reset_user_password(&self, principal: &Principal, id: UserId) -> Result<(Seen, Zeroizing<String>)> {
        let known = self.managed_user(principal, id).await?;
        if known.status() == Status::Blocked {
            return Err(Error::State { message: "The user is blocked.".into(), order: None });
        }
        let by = self.author(principal).await?;
        self.ticketed(by, id, |user, set| {
            user.password = None;
            set.push(Write::EndSessions { user: user.id });
            Ok(())
        })
        .await
    }

    /// Sends the invitation again; the earlier one works no more.
    pub async fn resend_invitation(&self, principal: &Principal, id: UserId) -> Result<(Seen, Zeroizing<String>)> {
        self.managed_user(principal, id).await?;
        let by = self.author(principal).await?;
        self.ticketed(by, id, |user, _| match user.status() {
            Status::Invited => Ok(()),
            Status::Active | Status::Blocked => {
                Err(Error::State { message: "The user is not waiting for an invitation.".into(), order: None })
            }
        })
        .await
    }

    async fn ticketed(
        &self,
        by: By,
        id: UserId,
        mut alter: impl FnMut(&mut domain::user::User, &mut domain::change::ChangeSet) -> Result<()>,
    ) -> Result<(Seen, Zeroizing<String>)> {
        let mut token = Zeroizing::new(String::new());
        let altered = self.alter_user(by, id, |user, set| {
            alter(user, set)?;
            token = self.send_ticket(user, set)?;
            Ok(())
        });
        let user = altered.await?.map_err(refused)?;
        Ok((Seen { user, last_login_at: self.store.last_login(id).await? }, token))
    }

    async fn managed_user(&self, principal: &Principal, id: UserId) -> Result<domain::user::User> {
        self.admit()?;
        principal.require("users")?;
        let user = self.visible_user(principal, id).await?;
        self.may_manage(principal, &user).await?;
        Ok(user)
    }
}
