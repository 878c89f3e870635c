//! Who calls, and for whom that caller may act.

use domain::{
    client::Role,
    environment::Environment,
    fault::Faults,
    id::{ClientId, Mid, PartnerId, UserId},
    owner::Owner,
    scope::{Scope, Staff},
};

use crate::{Engine, Error, Result};

/// An authenticated caller: an API client, or a portal user of a merchant, a partner or the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The API client; a user's own id for users.
    pub client: ClientId,
    /// Environment of its key, or of the user's session.
    pub environment: Environment,
    /// On whose behalf: also for users.
    pub role: Role,
    /// The merchant, for merchant keys and for users of exactly one.
    pub mid: Option<Mid>,
    /// The partner, for partner keys and staff.
    pub partner: Option<PartnerId>,
    /// Scopes of a key; empty = all of the role.
    pub scopes: Vec<String>,
    /// The person, for users.
    pub user: Option<User>,
}

/// A portal user who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// What it may do.
    pub staff: Staff,
    /// Names, e-mail and phone of customers are masked for it.
    pub mask_pii: bool,
    /// Its merchants, when it belongs to merchants.
    pub mids: Vec<Mid>,
    /// How far its sessions reach.
    pub reach: Environment,
    /// Its session.
    pub session: uuid::Uuid,
    /// The time to set up a second factor is over: until that is done it may do nothing else.
    pub second_factor_due: bool,
}

impl Principal {
    /// Who runs the process acts for everybody.
    pub const fn operator(environment: Environment) -> Self {
        Self {
            client: ClientId::from_bytes([0; 16]),
            environment,
            role: Role::Operator,
            mid: None,
            partner: None,
            scopes: Vec::new(),
            user: None,
        }
    }

    /// Fails when the key was made without this scope, or the user's role does not have it.
    pub fn require(&self, scope: &'static str) -> Result<()> {
        if self.holds(scope) { Ok(()) } else { Err(self.lacks(scope)) }
    }

    /// Like [`Principal::require`] for calls that only look: users may see some things that they may not change.
    pub fn require_read(&self, scope: &'static str) -> Result<()> {
        let known = Scope::parse(scope);
        let sees = |user: &User, scope| self.role.holds(scope) && user.staff.sees(scope, self.environment);
        let seen = |user: &User| !user.second_factor_due && known.is_some_and(|scope| sees(user, scope));
        if self.holds(scope) || self.user.as_ref().is_some_and(seen) { Ok(()) } else { Err(self.lacks(scope)) }
    }

    /// Whether the caller holds a scope; unknown names are held by nobody.
    pub fn holds(&self, scope: &str) -> bool {
        let Some(scope) = Scope::parse(scope) else { return false };
        match &self.user {
            Some(user) => !user.second_factor_due && self.role.holds(scope) && user.staff.holds(scope, self.environment),
            None if self.scopes.is_empty() => self.role.holds(scope),
            None => self.role.admits(scope) && self.scopes.iter().any(|own| own.eq_ignore_ascii_case(scope.as_str())),
        }
    }

    /// Whether names, e-mail and phone of customers are masked for this caller.
    pub fn masks_pii(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.mask_pii)
    }

    /// The merchants the caller itself belongs to; none for partners and operators.
    pub fn own_merchants(&self) -> &[Mid] {
        match &self.user {
            Some(user) if self.role == Role::Merchant => &user.mids,
            _ => self.mid.as_slice(),
        }
    }

    fn lacks(&self, scope: &'static str) -> Error {
        let beyond = Scope::parse(scope).is_some_and(|scope| !self.role.admits(scope));
        if beyond || self.user.is_some() { Error::RoleMissing } else { Error::ScopeMissing(scope) }
    }

    /// Whether the caller is this partner, or the operator.
    pub fn speaks_for(&self, partner: PartnerId) -> bool {
        match self.role {
            Role::Operator => true,
            Role::Partner => self.partner == Some(partner),
            Role::Merchant => false,
        }
    }
}

impl Engine {
    /// The merchant a request is for: the one it names, else the key's own. Partners and operators must name one.
    pub async fn merchant_for(&self, principal: &Principal, named: Option<Mid>, faults: &mut Faults) -> Result<Option<Mid>> {
        match (named.or(principal.mid), principal.mid) {
            (Some(mid), Some(own)) if mid == own => Ok(Some(mid)),
            (Some(_), Some(_)) => Err(Error::ForeignMerchant),
            (Some(mid), None) => self.may_act_for(principal, mid).await.map(|()| Some(mid)),
            (None, _) => {
                faults.required("Mid");
                Ok(None)
            }
        }
    }

    /// Fails with 403 when the caller may not act for this merchant, known or not.
    pub async fn may_act_for(&self, principal: &Principal, mid: Mid) -> Result<()> {
        let lawful = match principal.role {
            Role::Operator => self.tenants.get(mid).await?.is_some(),
            Role::Merchant => principal.own_merchants().contains(&mid),
            Role::Partner => {
                let tenant = self.tenants.get(mid).await?;
                tenant.zip(principal.partner).is_some_and(|(tenant, partner)| tenant.is_open_to(partner))
            }
        };
        if lawful { Ok(()) } else { Err(Error::ForeignMerchant) }
    }

    /// Whether a row of this merchant and environment is the caller's to see; a foreign row is as good as none.
    pub async fn sees(&self, principal: &Principal, mid: Mid, environment: Environment) -> bool {
        principal.environment == environment && self.may_act_for(principal, mid).await.is_ok()
    }

    /// Whether a row of this owner and environment is the caller's to see. What a partner owns is not its merchants' to see.
    pub async fn sees_owner(&self, principal: &Principal, owner: Owner, environment: Environment) -> bool {
        match owner {
            Owner::Merchant(mid) => self.sees(principal, mid, environment).await,
            Owner::Partner(partner) => principal.environment == environment && principal.speaks_for(partner),
        }
    }

    /// The merchants a list is limited to, and the partner itself when the caller is one and names no merchant:
    /// `None` = all (operator).
    pub async fn visible_owners(&self, principal: &Principal, named: Option<Mid>) -> Result<Option<Vec<Owner>>> {
        let mids = self.visible_merchants(principal, named).await?;
        let itself = principal.partner.filter(|_| named.is_none() && principal.role == Role::Partner);
        Ok(mids.map(|mids| mids.into_iter().map(Owner::from).chain(itself.map(Owner::from)).collect()))
    }

    /// The merchants a list is limited to: `None` = all (operator).
    pub async fn visible_merchants(&self, principal: &Principal, named: Option<Mid>) -> Result<Option<Vec<Mid>>> {
        if let Some(mid) = named {
            self.may_act_for(principal, mid).await?;
            return Ok(Some(vec![mid]));
        }
        match principal.role {
            Role::Operator => Ok(None),
            Role::Merchant => Ok(Some(principal.own_merchants().to_vec())),
            Role::Partner => {
                let merchants = self.store.merchants(principal.partner).await?;
                Ok(Some(merchants.into_iter().map(|merchant| merchant.id).collect()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(role: Role, scopes: &[&str]) -> Principal {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        Principal { role, scopes, ..Principal::operator(Environment::Sandbox) }
    }

    fn staff(role: Role, staff: Staff, environment: Environment) -> Principal {
        let user = User {
            id: UserId::from_bytes([1; 16]),
            staff,
            mask_pii: false,
            mids: vec![Mid::from_bytes([1; 16]), Mid::from_bytes([2; 16])],
            reach: Environment::Production,
            session: uuid::Uuid::nil(),
            second_factor_due: false,
        };
        Principal { role, user: Some(user), ..Principal::operator(environment) }
    }

    #[test]
    fn keys_lack_scopes_and_users_lack_roles() {
        let narrow = key(Role::Merchant, &["transmit", "money:steal"]);
        assert!(narrow.require("transmit").is_ok());
        assert!(matches!(narrow.require("evaluate"), Err(Error::ScopeMissing("evaluate"))));
        assert!(matches!(narrow.require("money:steal"), Err(Error::ScopeMissing(_))), "unknown names have no effect");
        assert!(matches!(narrow.require_read("sites"), Err(Error::ScopeMissing("sites"))));
        assert!(matches!(key(Role::Merchant, &["onboarding"]).require("onboarding"), Err(Error::RoleMissing)));
        assert!(key(Role::Merchant, &["processors"]).require("processors").is_ok());
        assert!(key(Role::Merchant, &[]).require("processors").is_err());
        let viewer = staff(Role::Merchant, Staff::Viewer, Environment::Sandbox);
        assert!(viewer.require("orders:read").is_ok() && viewer.require_read("sites").is_ok());
        assert!(matches!(viewer.require("sites"), Err(Error::RoleMissing)));
        assert!(matches!(viewer.require_read("keys"), Err(Error::RoleMissing)));
    }

    #[test]
    fn staff_cannot_do_what_the_house_cannot() {
        assert!(matches!(
            staff(Role::Merchant, Staff::Owner, Environment::Sandbox).require("onboarding"),
            Err(Error::RoleMissing)
        ));
        assert!(staff(Role::Partner, Staff::Owner, Environment::Sandbox).require("onboarding").is_ok());
        for scope in ["onboarding", "processors"] {
            assert!(matches!(
                staff(Role::Merchant, Staff::Owner, Environment::Sandbox).require_read(scope),
                Err(Error::RoleMissing)
            ));
        }
        assert!(staff(Role::Operator, Staff::Admin, Environment::Production).require("processors").is_ok());
        assert!(staff(Role::Merchant, Staff::Developer, Environment::Sandbox).require("evaluate").is_ok());
        assert!(staff(Role::Merchant, Staff::Developer, Environment::Production).require("evaluate").is_err());
    }

    #[test]
    fn users_without_the_second_factor_they_owe_may_do_nothing() {
        let mut owner = staff(Role::Operator, Staff::Owner, Environment::Production);
        owner.user.as_mut().unwrap().second_factor_due = true;
        for scope in Scope::ALL {
            assert!(owner.require(scope.as_str()).is_err() && owner.require_read(scope.as_str()).is_err(), "{scope}");
        }
    }

    #[test]
    fn users_of_several_merchants_own_them_all() {
        let own = |principal: &Principal| principal.own_merchants().len();
        assert_eq!(own(&staff(Role::Merchant, Staff::Viewer, Environment::Sandbox)), 2);
        assert_eq!(own(&staff(Role::Operator, Staff::Viewer, Environment::Sandbox)), 0);
        let one = Principal { mid: Some(Mid::from_bytes([3; 16])), ..key(Role::Merchant, &[]) };
        assert_eq!(own(&one), 1);
    }

    /// A scope that nobody knows would be held by nobody.
    #[test]
    fn every_scope_that_a_use_case_asks_for_is_known() {
        fn walk(folder: &std::path::Path, found: &mut usize) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else if path.extension().is_some_and(|of| of == "rs") && !path.ends_with("principal.rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    for call in [".require(\"", ".require_read(\""] {
                        for (at, _) in text.match_indices(call) {
                            let scope = text[at + call.len()..].split('"').next().unwrap();
                            assert!(Scope::parse(scope).is_some(), "{scope} in {}", path.display());
                            *found += 1;
                        }
                    }
                }
            }
        }
        let mut found = 0;
        walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert!(found > 10, "the search finds nothing: {found}");
    }
}
