//! Users as callers see them.

use domain::{
    client::Role,
    id::{Mid, UserId},
    scope::Staff,
    time::Timestamp,
    user::{House, User},
};
use store::{Page, PageAt, UserFilter};

use crate::{Engine, Error, Principal, Result};

/// A user, and when it last logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The user; its merchants are those that the caller may know of.
    pub user: User,
    /// Last login, UTC.
    pub last_login_at: Option<Timestamp>,
}

/// Which users.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Staff of this merchant.
    pub mid: Option<Mid>,
    /// With this role.
    pub role: Option<Staff>,
    /// Page.
    pub page: PageAt,
}

impl Engine {
    /// A page of the users that the caller may see, oldest first.
    pub async fn users(&self, principal: &Principal, wanted: Wanted) -> Result<Page<Seen>> {
        principal.require("users")?;
        let mids = self.visible_merchants(principal, wanted.mid).await?;
        let partner = principal.partner.filter(|_| wanted.mid.is_none() && principal.role == Role::Partner);
        let page = self.store.users(&UserFilter { mids, partner, role: wanted.role, page: wanted.page }).await?;
        let mut rows = Vec::with_capacity(page.rows.len());
        for user in page.rows {
            rows.push(self.shown(principal, user).await?);
        }
        Ok(Page { rows, total: page.total })
    }

    /// A user; oneself may always look.
    pub async fn user(&self, principal: &Principal, id: UserId) -> Result<Seen> {
        let oneself = principal.user.as_ref().is_some_and(|own| own.id == id);
        if !oneself {
            principal.require("users")?;
        }
        let user = self.visible_user(principal, id).await?;
        self.shown(principal, user).await
    }

    /// The user with an address, for the operator's shell.
    pub async fn user_with_address(&self, principal: &Principal, email: &str) -> Result<Seen> {
        let user = self.store.user_by_email(&domain::user::canonical_email(email)).await?.ok_or(Error::NotFound)?;
        self.user(principal, user.id).await
    }

    /// A user that the caller may know of; a foreign one is as good as none.
    pub(super) async fn visible_user(&self, principal: &Principal, id: UserId) -> Result<User> {
        let user = self.store.user(id).await?.ok_or(Error::NotFound)?;
        let oneself = principal.user.as_ref().is_some_and(|own| own.id == id);
        if oneself || self.sees_user(principal, &user).await { Ok(user) } else { Err(Error::NotFound) }
    }

    async fn shown(&self, principal: &Principal, mut user: User) -> Result<Seen> {
        if let House::Merchants(mids) = &mut user.house {
            let mut known = Vec::with_capacity(mids.len());
            for mid in mids.drain(..) {
                if self.may_act_for(principal, mid).await.is_ok() {
                    known.push(mid);
                }
            }
            *mids = known;
        }
        Ok(Seen { last_login_at: self.store.last_login(user.id).await?, user })
    }
}
