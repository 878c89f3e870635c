//! Which partners may act for merchants that they did not onboard (`wire-api` §2.2).

use domain::{
    audit::{Entry, Topic, What},
    change::{ChangeSet, Write},
    client::Role,
    id::{Mid, PartnerId},
    partner::Grant,
};
use store::{Page, PageAt};

use super::touched;
use crate::{Engine, Error, Principal, Result};

impl Engine {
    /// Lets a partner act for a merchant that it did not onboard; for operators. Doing it again changes nothing.
    pub async fn give_grant(&self, principal: &Principal, partner: PartnerId, mid: Mid) -> Result<()> {
        self.amend_grant(principal, partner, mid, true).await
    }

    /// Takes a grant back: the partner may no longer act for the merchant; other processes
    /// notice within seconds.
    pub async fn take_grant(&self, principal: &Principal, partner: PartnerId, mid: Mid) -> Result<()> {
        self.amend_grant(principal, partner, mid, false).await
    }

    async fn amend_grant(&self, principal: &Principal, partner: PartnerId, mid: Mid, given: bool) -> Result<()> {
        principal.require("merchants")?;
        self.admit()?;
        if principal.role != Role::Operator {
            return Err(Error::RoleMissing);
        }
        self.store.partner(partner).await?.ok_or(Error::NotFound)?;
        self.amend(|| async {
            let merchant = self.merchant(mid).await?;
            if merchant.partner == Some(partner) {
                return Err(Error::State { message: "The partner onboarded this merchant.".into(), order: None });
            }
            let known = self.store.grants_of_merchant(mid).await?.iter().any(|grant| grant.partner == partner);
            let mut set = ChangeSet::new();
            if known != given {
                set.push(touched(&merchant));
                set.push(if given {
                    Write::PutGrant(Grant { partner, mid, created_at: self.clock.now() })
                } else {
                    Write::DeleteGrant { partner, mid }
                });
                set.push(self.audit(principal, mid, What::Grant { partner, given }).await?);
            }
            Ok((set, ()))
        })
        .await
    }

    /// The merchants that consented to a partner, oldest first.
    pub async fn grants_of_partner(&self, partner: PartnerId) -> Result<Vec<Grant>> {
        self.store.partner(partner).await?.ok_or(Error::NotFound)?;
        Ok(self.store.grants_of_partner(partner).await?)
    }

    /// Who let which partner act for a merchant, and who took it back; newest first.
    pub async fn grant_history(&self, principal: &Principal, mid: Mid, at: PageAt) -> Result<Page<Entry>> {
        principal.require("merchants")?;
        self.may_act_for(principal, mid).await?;
        Ok(self.store.audit(mid, Topic::Grant, at).await?)
    }
}
