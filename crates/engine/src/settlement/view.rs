//! Reading settlements, their items and payouts.

use domain::{
    id::{Mid, PayoutId, SettlementId},
    payout::Payout,
    settlement::{Item, Settlement},
};
use store::{Page, PayoutFilter, SettlementFilter};

use crate::{Engine, Error, Principal, Result};

impl Engine {
    /// A settlement of the caller's; another tenant's or environment's is not found.
    pub async fn settlement(&self, principal: &Principal, id: SettlementId) -> Result<Settlement> {
        principal.require_read("money:read")?;
        let found = self.store.settlement(id).await?.ok_or(Error::NotFound)?;
        if self.sees(principal, found.mid, found.environment).await { Ok(found) } else { Err(Error::NotFound) }
    }

    /// Settlements by filter, narrowed to what the caller may see.
    pub async fn settlements(
        &self,
        principal: &Principal,
        mid: Option<Mid>,
        mut filter: SettlementFilter,
    ) -> Result<Page<Settlement>> {
        principal.require_read("money:read")?;
        filter.mids = self.visible_merchants(principal, mid).await?;
        filter.environment = principal.environment;
        Ok(self.store.settlements(&filter).await?)
    }

    /// Items of a settlement of the caller's, oldest first, behind so many others.
    pub async fn settlement_items(
        &self,
        principal: &Principal,
        id: SettlementId,
        limit: u32,
        offset: u64,
    ) -> Result<(Settlement, Vec<Item>)> {
        let settlement = self.settlement(principal, id).await?;
        let items = self.store.settlement_items(id, limit, offset).await?;
        Ok((settlement, items))
    }

    /// A payout of the caller's; another tenant's or environment's is not found.
    pub async fn payout(&self, principal: &Principal, id: PayoutId) -> Result<Payout> {
        principal.require_read("money:read")?;
        let found = self.store.payout(id).await?.ok_or(Error::NotFound)?;
        if self.sees(principal, found.mid, found.environment).await { Ok(found) } else { Err(Error::NotFound) }
    }

    /// Payouts by filter, narrowed to what the caller may see.
    pub async fn payouts(&self, principal: &Principal, mid: Option<Mid>, mut filter: PayoutFilter) -> Result<Page<Payout>> {
        principal.require_read("money:read")?;
        filter.mids = self.visible_merchants(principal, mid).await?;
        filter.environment = principal.environment;
        Ok(self.store.payouts(&filter).await?)
    }
}
