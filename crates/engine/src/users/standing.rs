//! Whom a caller may manage, and what it may make of somebody.

use domain::{
    client::Role,
    environment::Environment,
    id::{Mid, PartnerId},
    scope::{Scope, Staff},
    user::{House, User},
};

use crate::{Engine, Error, Principal, Result};

/// How far a caller's own reach goes: a sandbox key never hands out production.
pub fn reach(principal: &Principal) -> Environment {
    principal.user.as_ref().map_or(principal.environment, |user| user.reach)
}

/// Fails when the caller may not make somebody of this house what `staff` says: nobody gives more than he is, no key
/// more than its scopes.
pub fn may_give(principal: &Principal, house: Role, staff: Staff) -> Result<()> {
    let within = match &principal.user {
        // The staff of a partner or of the operator stands above every merchant's.
        Some(user) => house != principal.role || user.staff.may_give(staff),
        None => held_by(house, staff).all(|scope| principal.holds(scope.as_str())),
    };
    if within { Ok(()) } else { Err(Error::RoleMissing) }
}

fn held_by(house: Role, staff: Staff) -> impl Iterator<Item = Scope> {
    let anywhere = move |scope| Environment::ALL.iter().any(|environment| staff.holds(scope, *environment));
    house.scopes().filter(move |scope| anywhere(*scope))
}

impl Engine {
    /// Whether the caller may see a user at all: one of its house, or of a house below.
    pub(super) async fn sees_user(&self, principal: &Principal, user: &User) -> bool {
        match (&user.house, principal.role) {
            (_, Role::Operator) => true,
            (House::Operator, _) | (House::Partner(_), Role::Merchant) => false,
            (House::Partner(partner), Role::Partner) => principal.partner == Some(*partner),
            (House::Merchants(mids), _) => {
                for mid in mids {
                    if self.may_act_for(principal, *mid).await.is_ok() {
                        return true;
                    }
                }
                false
            }
        }
    }

    /// Fails when the caller may not change this user: it serves merchants that are not the caller's, stands higher, or
    /// reaches further.
    pub(super) async fn may_manage(&self, principal: &Principal, user: &User) -> Result<()> {
        for mid in user.house.mids() {
            self.may_act_for(principal, *mid).await?;
        }
        if user.reach == Environment::Production && reach(principal) == Environment::Sandbox {
            return Err(Error::RoleMissing);
        }
        may_give(principal, user.house.role(), user.role)
    }

    /// Whose staff somebody is to be: of the merchants that are named, else of the caller's own house.
    pub(super) async fn house_of(
        &self,
        principal: &Principal,
        mids: Option<&[Mid]>,
        partner: Option<PartnerId>,
    ) -> Result<Option<House>> {
        let named = mids.unwrap_or_default();
        for mid in named {
            self.may_act_for(principal, *mid).await?;
        }
        if !named.is_empty() {
            let mut mids = named.to_vec();
            mids.sort_unstable();
            mids.dedup();
            return Ok(Some(House::Merchants(mids)));
        }
        Ok(match principal.role {
            // Who belongs to several merchants must say which.
            Role::Merchant => match principal.own_merchants() {
                [mid] => Some(House::Merchants(vec![*mid])),
                _ => None,
            },
            Role::Partner if partner.is_none_or(|named| principal.partner == Some(named)) => {
                principal.partner.map(House::Partner)
            }
            Role::Partner => return Err(Error::ForeignMerchant),
            Role::Operator => match partner {
                Some(partner) => self.store.partner(partner).await?.map(|partner| House::Partner(partner.id)),
                None => Some(House::Operator),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(role: Role, scopes: &[&str]) -> Principal {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        Principal { role, scopes, ..Principal::operator(Environment::Production) }
    }

    #[test]
    fn keys_give_no_more_than_they_hold() {
        let whole = key(Role::Merchant, &[]);
        let narrow = key(Role::Merchant, &["users", "orders:read", "reports"]);
        assert!(may_give(&whole, Role::Merchant, Staff::Owner).is_ok());
        assert!(may_give(&whole, Role::Partner, Staff::Owner).is_err(), "not above its own house");
        assert!(may_give(&narrow, Role::Merchant, Staff::Viewer).is_ok());
        for staff in [Staff::Owner, Staff::Admin, Staff::Finance, Staff::Developer, Staff::Support] {
            assert!(matches!(may_give(&narrow, Role::Merchant, staff), Err(Error::RoleMissing)), "{staff}");
        }
        assert!(may_give(&key(Role::Partner, &[]), Role::Merchant, Staff::Owner).is_ok());
    }
}
