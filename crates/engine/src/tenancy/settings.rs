//! A merchant's settings.

use domain::{
    change::{ChangeSet, Write},
    client::Role,
    fault::Faults,
    id::Mid,
    merchant::Merchant,
    settings::Draft,
};

use crate::{Engine, Error, Precondition, Principal, Result};

impl Engine {
    /// A merchant with its settings.
    pub async fn settings_of(&self, principal: &Principal, mid: Mid) -> Result<Merchant> {
        principal.require_read("merchants")?;
        self.may_act_for(principal, mid).await?;
        self.merchant(mid).await
    }

    /// Changes a merchant's settings; new orders follow at once.
    pub async fn amend_settings(
        &self,
        principal: &Principal,
        mid: Mid,
        draft: Draft,
        mut faults: Faults,
        known: &Precondition,
    ) -> Result<Merchant> {
        principal.require("merchants")?;
        self.admit()?;
        self.may_act_for(principal, mid).await?;
        if !draft.settlement.is_empty() && principal.role != Role::Operator {
            return Err(Error::RoleMissing);
        }
        draft.check("", &mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.amend(|| async {
            let mut merchant = self.merchant(mid).await?;
            known.check(merchant.version)?;
            merchant.settings = draft.clone().amend(&merchant.settings);
            merchant.version += 1;
            Ok((ChangeSet::new().with(Write::PutMerchant(Box::new(merchant.clone()))), merchant))
        })
        .await
    }
}
