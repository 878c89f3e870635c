//! One change of a user's row, over whatever others did to it meanwhile.

use domain::{
    audit::By,
    bounds::CONFLICT_RETRIES_MAX,
    change::{ChangeSet, Conflict, Write},
    id::UserId,
    mail::Kind,
    user::{Status, User},
};

use super::trail::system;
use crate::{Engine, Error, Result};

impl Engine {
    /// Reads a user, changes it and commits, with what the change adds to the set; decides anew when the row moved. Other
    /// conflicts are the caller's to understand. Who did it is kept in the audit trail.
    pub(crate) async fn alter_user(
        &self,
        by: By,
        id: UserId,
        mut alter: impl FnMut(&mut User, &mut ChangeSet) -> Result<()>,
    ) -> Result<std::result::Result<User, Conflict>> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let mut user = self.store.user(id).await?.ok_or(Error::NotFound)?;
            let before = user.clone();
            let mut set = ChangeSet::new();
            alter(&mut user, &mut set)?;
            self.note_user(&by, Some(&before), Some(&user), &mut set);
            user.version += 1;
            let mails = set.writes.iter().any(|write| matches!(write, Write::QueueMail(_)));
            set.push(Write::UpdateUser(Box::new(user.clone())));
            match self.apply(set).await? {
                Ok(()) => {
                    self.refresh_registry().await?;
                    if mails {
                        self.wake_mails.notify_one();
                    }
                    return Ok(Ok(user));
                }
                Err(Conflict::Version { .. }) => {}
                Err(other) => return Ok(Err(other)),
            }
        }
        Err(Error::InProgress)
    }

    /// Blocks a user after too many failures: every session ends, and the user is told by mail.
    pub(crate) async fn block_after_failures(&self, id: UserId) -> Result<()> {
        let now = self.clock.now();
        let altered = self.alter_user(system(), id, |user, set| {
            if user.status() == Status::Blocked {
                return Ok(());
            }
            user.blocked_at = Some(now);
            set.push(Write::EndSessions { user: user.id });
            set.push(Write::DropTickets { user: user.id });
            set.push(Write::QueueMail(Box::new(self.compose(user, Kind::Blocked, None)?)));
            Ok(())
        });
        altered.await?.map_err(|conflict| Error::Internal(conflict.to_string()))?;
        tracing::warn!(user = %id, "a user was blocked after too many failed logins");
        Ok(())
    }
}
