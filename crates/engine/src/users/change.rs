//! Changes of a user: by its owners and admins, and of its own names by itself.

use domain::{
    change::{ChangeSet, Conflict, Expectation, Write},
    environment::Environment,
    fault::Faults,
    id::{Mid, UserId},
    scope::Staff,
    user::{House, SecondFactor, Status, User},
};

use super::{create::check_common, list::Seen, standing};
use crate::{Engine, Error, Principal, Result};

/// What is to be another; absent members stay.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Only to be told that it cannot be changed.
    pub email: Option<String>,
    /// What it may do.
    pub role: Option<Staff>,
    /// Whether names, e-mail and phone of customers are masked for it.
    pub mask_pii: Option<bool>,
    /// Its merchants.
    pub mids: Option<Vec<Mid>>,
    /// `BLOCKED` blocks it.
    pub status: Option<Status>,
    /// `false` takes a lost second factor away.
    pub second_factor: Option<bool>,
    /// How far its sessions reach.
    pub reach: Option<Environment>,
    /// Language tag.
    pub language: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
}

impl Change {
    /// Whether it touches nothing but what everybody may say of himself.
    const fn is_personal(&self) -> bool {
        self.role.is_none()
            && self.mask_pii.is_none()
            && self.mids.is_none()
            && self.status.is_none()
            && self.second_factor.is_none()
            && self.reach.is_none()
    }
}

impl Engine {
    /// Changes a user. What it may do changes at once, also in sessions that are open.
    pub async fn change_user(&self, principal: &Principal, id: UserId, change: Change, mut faults: Faults) -> Result<Seen> {
        self.admit()?;
        let known = self.visible_user(principal, id).await?;
        let oneself = principal.user.as_ref().is_some_and(|own| own.id == id && !own.second_factor_due);
        if !(oneself && change.is_personal()) {
            principal.require("users")?;
            self.may_manage(principal, &known).await?;
        }
        check_common(change.language.as_deref(), change.timezone.as_deref(), change.mids.as_deref(), &mut faults);
        check_change(&known, &change, &mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        if let Some(role) = change.role {
            standing::may_give(principal, known.house.role(), role)?;
        }
        for mid in change.mids.iter().flatten() {
            self.may_act_for(principal, *mid).await?;
        }
        if change.reach == Some(Environment::Production) && standing::reach(principal) == Environment::Sandbox {
            return Err(Error::RoleMissing);
        }
        let (now, by) = (self.clock.now(), self.author(principal).await?);
        let altered = self.alter_user(by, id, |user, set| {
            expect_owners(user, &change, set);
            if change.status == Some(Status::Blocked) && user.blocked_at.is_none() {
                user.blocked_at = Some(now);
                set.push(Write::EndSessions { user: user.id });
                set.push(Write::DropTickets { user: user.id });
            }
            carry_out(user, &change);
            Ok(())
        });
        let user = altered.await?.map_err(refused)?;
        let last_login_at = self.store.last_login(id).await?;
        Ok(Seen { user, last_login_at })
    }
}

fn check_change(user: &User, change: &Change, faults: &mut Faults) {
    if change
        .email
        .as_deref()
        .is_some_and(|email| domain::user::canonical_email(email) != domain::user::canonical_email(&user.email))
    {
        faults.add("Email", "The e-mail address cannot be changed.");
    }
    if change.status.is_some_and(|status| status != Status::Blocked && status != user.status()) {
        faults.invalid("Status");
    }
    if change.second_factor == Some(true) && !user.second_factor.is_on() {
        faults.add("MfaEnabled", "Only the user itself can set up the second factor.");
    }
    if let Some(mids) = &change.mids {
        match &user.house {
            House::Merchants(_) if mids.is_empty() => faults.required("Mids"),
            House::Merchants(_) => {}
            House::Partner(_) | House::Operator if mids.is_empty() => {}
            House::Partner(_) | House::Operator => faults.invalid("Mids"),
        }
    }
}

/// Who is an owner and is so no longer, somewhere, must not have been the last one there.
fn expect_owners(user: &User, change: &Change, set: &mut ChangeSet) {
    if user.role != Staff::Owner || user.blocked_at.is_some() {
        return;
    }
    let wholly = change.role.is_some_and(|role| role != Staff::Owner) || change.status == Some(Status::Blocked);
    let house = match (&user.house, &change.mids) {
        (house, _) if wholly => house.clone(),
        (House::Merchants(own), Some(mids)) => House::Merchants(own.iter().copied().filter(|mid| !mids.contains(mid)).collect()),
        _ => return,
    };
    set.expect(Expectation::AnotherOwner { user: user.id, house });
}

fn carry_out(user: &mut User, change: &Change) {
    let text = |own: &mut String, new: &Option<String>| {
        if let Some(new) = new {
            new.trim().clone_into(own);
        }
    };
    text(&mut user.first_name, &change.first_name);
    text(&mut user.last_name, &change.last_name);
    text(&mut user.phone, &change.phone);
    user.role = change.role.unwrap_or(user.role);
    user.mask_pii = change.mask_pii.unwrap_or(user.mask_pii);
    user.reach = change.reach.unwrap_or(user.reach);
    if let (House::Merchants(own), Some(mids)) = (&mut user.house, &change.mids) {
        own.clone_from(mids);
        own.sort_unstable();
        own.dedup();
    }
    if change.second_factor == Some(false) {
        user.second_factor = SecondFactor::Off;
    }
    user.language = change.language.clone().or(user.language.take());
    user.timezone = change.timezone.clone().or(user.timezone.take());
}

/// What a conflict means to the caller.
pub(super) fn refused(conflict: Conflict) -> Error {
    match conflict {
        Conflict::LastOwner => Error::State { message: "The last owner cannot be removed.".into(), order: None },
        other => Error::Internal(other.to_string()),
    }
}
