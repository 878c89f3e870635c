//! Who calls, and for whom that caller may act.

use domain::{
    client::Role,
    environment::Environment,
    fault::Faults,
    id::{ClientId, Mid, PartnerId},
};

use crate::{Engine, Error, Result};

/// An authenticated caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The API client.
    pub client: ClientId,
    /// Environment of its key.
    pub environment: Environment,
    /// Role.
    pub role: Role,
    /// The merchant, for merchant keys.
    pub mid: Option<Mid>,
    /// The partner, for partner keys.
    pub partner: Option<PartnerId>,
    /// Scopes; empty = all of the role.
    pub scopes: Vec<String>,
}

impl Principal {
    /// Fails when the key was made without this scope.
    pub fn require(&self, scope: &'static str) -> Result<()> {
        let held = self.scopes.is_empty() || self.scopes.iter().any(|own| own == scope);
        if held { Ok(()) } else { Err(Error::ScopeMissing(scope)) }
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
            Role::Merchant => principal.mid == Some(mid),
            Role::Partner => {
                let tenant = self.tenants.get(mid).await?;
                tenant.is_some_and(|tenant| principal.partner.is_some() && tenant.merchant.partner == principal.partner)
            }
        };
        if lawful { Ok(()) } else { Err(Error::ForeignMerchant) }
    }

    /// Whether a row of this merchant and environment is the caller's to see; a foreign row is as good as none.
    pub async fn sees(&self, principal: &Principal, mid: Mid, environment: Environment) -> bool {
        principal.environment == environment && self.may_act_for(principal, mid).await.is_ok()
    }

    /// The merchants a list is limited to: `None` = all (operator).
    pub async fn visible_merchants(&self, principal: &Principal, named: Option<Mid>) -> Result<Option<Vec<Mid>>> {
        if let Some(mid) = named {
            self.may_act_for(principal, mid).await?;
            return Ok(Some(vec![mid]));
        }
        match principal.role {
            Role::Operator => Ok(None),
            Role::Merchant => Ok(Some(principal.mid.into_iter().collect())),
            Role::Partner => {
                let merchants = self.store.merchants(principal.partner).await?;
                Ok(Some(merchants.into_iter().map(|merchant| merchant.id).collect()))
            }
        }
    }
}
