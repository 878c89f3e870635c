//! The end of a user.

use domain::{
    change::{ChangeSet, Expectation, Write},
    id::UserId,
    scope::Staff,
};

use super::change::refused;
use crate::{Engine, Principal, Result};

impl Engine {
    /// Forgets a user; its sessions and tokens end with it. The last owner stays.
    pub async fn remove_user(&self, principal: &Principal, id: UserId) -> Result<()> {
        self.admit()?;
        principal.require("users")?;
        let user = self.visible_user(principal, id).await?;
        self.may_manage(principal, &user).await?;
        let mut set = ChangeSet::new().with(Write::DeleteUser { id });
        self.note_user(&self.author(principal).await?, Some(&user), None, &mut set);
        if user.role == Staff::Owner {
            set.expect(Expectation::AnotherOwner { user: id, house: user.house });
        }
        self.apply(set).await?.map_err(refused)?;
        self.refresh_registry().await
    }
}
