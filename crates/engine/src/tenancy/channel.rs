//! Channel switches: `off`, `sandbox` or `production` for each kind of traffic of a merchant and of a site, independent of
//! each other, at run time, with a trail of who switched what (`wire-api` §5.8, §10.2).

use domain::{
    audit::{Entry, Topic, What},
    change::{ChangeSet, Write},
    channel::{Channel, Mode, Modes},
    fault::Faults,
    id::{Mid, SiteId},
    scope::Staff,
    site::Site,
};
use store::{Page, PageAt};

use super::touched;
use crate::{Engine, Error, Precondition, Principal, Result};

/// A channel and the mode it is to have; none: inherit.
pub type Switch = (Channel, Option<Mode>);

/// The channels of a merchant or a site as they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelState {
    /// What they are set to; none: inherited.
    pub modes: Modes<Option<Mode>>,
    /// What is in force.
    pub in_force: Modes<Mode>,
    /// The last switch of each channel, in the order of [`Channel::ALL`].
    pub last: Vec<Option<Entry>>,
    /// Moves with every change of the merchant or one of its sites.
    pub version: u32,
}

impl Engine {
    /// The channels of a merchant.
    pub async fn channels_of_merchant(&self, principal: &Principal, mid: Mid) -> Result<ChannelState> {
        principal.require_read("channels")?;
        self.may_act_for(principal, mid).await?;
        self.merchant_channels(mid).await
    }

    /// The channels of a site.
    pub async fn channels_of_site(&self, principal: &Principal, id: SiteId) -> Result<ChannelState> {
        principal.require_read("channels")?;
        let site = self.seen_site(principal, id).await?;
        self.site_channels(&site).await
    }

    /// Switches channels of a merchant; those left out stay. New orders follow at once.
    pub async fn switch_merchant(
        &self,
        principal: &Principal,
        mid: Mid,
        switches: &[(Channel, Mode)],
        faults: Faults,
        known: &Precondition,
    ) -> Result<ChannelState> {
        may_switch_at_all(principal)?;
        self.admit()?;
        self.may_act_for(principal, mid).await?;
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.amend(|| async {
            let mut merchant = self.merchant(mid).await?;
            known.check(merchant.version)?;
            let mut set = ChangeSet::new();
            for &(channel, mode) in switches {
                let before = merchant.modes.get(channel);
                if before == mode {
                    continue;
                }
                may_go_to(principal, mode)?;
                merchant.modes.set(channel, mode);
                let what = What::Channel { site: None, channel, from: Some(before), to: Some(mode), reason: None };
                set.push(self.audit(principal, mid, what).await?);
            }
            if !set.writes.is_empty() {
                set.writes.insert(0, touched(&merchant));
            }
            Ok((set, ()))
        })
        .await?;
        self.merchant_channels(mid).await
    }

    /// Switches channels of a site; those left out stay. New orders follow at once.
    pub async fn switch_site(
        &self,
        principal: &Principal,
        id: SiteId,
        switches: &[Switch],
        faults: Faults,
        known: &Precondition,
    ) -> Result<ChannelState> {
        may_switch_at_all(principal)?;
        self.admit()?;
        self.seen_site(principal, id).await?;
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.amend(|| async {
            let mut site = self.site(id).await?;
            let merchant = self.merchant(site.mid).await?;
            known.check(merchant.version)?;
            let mut set = ChangeSet::new();
            for &(channel, mode) in switches {
                let (before, in_force) = (site.modes.get(channel), site.mode(&merchant.modes, channel));
                if before == mode {
                    continue;
                }
                let after = mode.unwrap_or_else(|| merchant.modes.get(channel));
                if after != in_force {
                    may_go_to(principal, after)?;
                }
                if mode == Some(Mode::Production) {
                    may_go_to(principal, Mode::Production)?;
                }
                site.modes.set(channel, mode);
                let what = What::Channel { site: Some(id), channel, from: before, to: mode, reason: None };
                set.push(self.audit(principal, site.mid, what).await?);
            }
            if !set.writes.is_empty() {
                if site.archived {
                    return Err(Error::State { message: "The site is archived.".into(), order: None });
                }
                site.version += 1;
                set.writes.insert(0, touched(&merchant));
                set.writes.insert(1, Write::PutSite(Box::new(site)));
            }
            Ok((set, ()))
        })
        .await?;
        let site = self.site(id).await?;
        self.site_channels(&site).await
    }

    /// Who switched which channel of a merchant or its sites from what to what, newest first.
    pub async fn channel_history(&self, principal: &Principal, mid: Mid, at: PageAt) -> Result<Page<Entry>> {
        principal.require_read("channels")?;
        self.may_act_for(principal, mid).await?;
        Ok(self.store.audit(mid, Topic::Channel, at).await?)
    }

    async fn merchant_channels(&self, mid: Mid) -> Result<ChannelState> {
        let merchant = self.merchant(mid).await?;
        let modes = each_channel(|channel| Some(merchant.modes.get(channel)));
        let last = self.last_switches(mid, None).await?;
        Ok(ChannelState { modes, in_force: merchant.modes, last, version: merchant.version })
    }

    async fn site_channels(&self, site: &Site) -> Result<ChannelState> {
        let merchant = self.merchant(site.mid).await?;
        let in_force = each_channel(|channel| site.mode(&merchant.modes, channel));
        let last = self.last_switches(site.mid, Some(site.id)).await?;
        Ok(ChannelState { modes: site.modes, in_force, last, version: merchant.version })
    }

    async fn last_switches(&self, mid: Mid, site: Option<SiteId>) -> Result<Vec<Option<Entry>>> {
        let mut last = Vec::with_capacity(Channel::ALL.len());
        for channel in Channel::ALL {
            last.push(self.store.last_switch(mid, site, *channel).await?);
        }
        Ok(last)
    }
}

fn each_channel<M>(mode: impl Fn(Channel) -> M) -> Modes<M> {
    Modes { cit_web: mode(Channel::CitWeb), cit_call_center: mode(Channel::CitCallCenter), mit: mode(Channel::Mit) }
}

/// The scope `channels` switches everything; developers switch what moves no real money.
pub(super) fn may_switch_at_all(principal: &Principal) -> Result<()> {
    if is_developer(principal) { Ok(()) } else { principal.require("channels") }
}

/// Live money is switched on by the scope `channels` only, and not by a user whose sessions stay in the sandbox.
pub(super) fn may_go_to(principal: &Principal, mode: Mode) -> Result<()> {
    match mode {
        Mode::Production if principal.stays_in_sandbox() => Err(Error::RoleMissing),
        Mode::Production => principal.require("channels"),
        Mode::Off | Mode::Sandbox => Ok(()),
    }
}

pub(super) fn is_developer(principal: &Principal) -> bool {
    principal.user.as_ref().is_some_and(|user| user.staff == Staff::Developer && !user.second_factor_due)
}

#[cfg(test)]
mod tests {
    use domain::{client::Role, environment::Environment, id::UserId};

    use super::*;
    use crate::User;

    fn staff(staff: Staff, second_factor_due: bool) -> Principal {
        let id = UserId::from_bytes([1; 16]);
        let reach = Environment::Production;
        let user = User { id, staff, mask_pii: false, mids: vec![], reach, session: uuid::Uuid::nil(), second_factor_due };
        Principal { role: Role::Merchant, user: Some(user), ..Principal::operator(Environment::Production) }
    }

    #[test]
    fn developers_switch_everything_but_live_money_on() {
        for (principal, off, live) in [
            (staff(Staff::Owner, false), true, true),
            (staff(Staff::Admin, false), true, true),
            (staff(Staff::Developer, false), true, false),
            (staff(Staff::Developer, true), false, false),
            (staff(Staff::Support, false), false, false),
            (staff(Staff::Viewer, false), false, false),
            (Principal::operator(Environment::Sandbox), true, true),
            (Principal { scopes: vec!["evaluate".into()], ..Principal::operator(Environment::Sandbox) }, false, false),
            (Principal { scopes: vec!["channels".into()], ..Principal::operator(Environment::Sandbox) }, true, true),
        ] {
            let may = |mode| may_switch_at_all(&principal).and_then(|()| may_go_to(&principal, mode)).is_ok();
            let seen = (may(Mode::Off), may(Mode::Sandbox), may(Mode::Production));
            assert_eq!(seen, (off, off, live), "{principal:?}");
        }
    }
}
