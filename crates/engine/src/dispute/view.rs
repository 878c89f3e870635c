//! Reading chargebacks.

use domain::{
    chargeback::Chargeback,
    id::{ChargebackId, Mid, OrderId},
    order::Order,
};
use store::{ChargebackFilter, Page};

use crate::{Engine, Error, Principal, Result};

impl Engine {
    /// A chargeback of the caller's; another tenant's or environment's is not found.
    pub async fn chargeback(&self, principal: &Principal, id: ChargebackId) -> Result<Chargeback> {
        principal.require_read("money:read")?;
        let found = self.store.chargeback(id).await?.ok_or(Error::NotFound)?;
        if self.sees(principal, found.mid, found.environment).await { Ok(found) } else { Err(Error::NotFound) }
    }

    /// Chargebacks by filter, narrowed to what the caller may see.
    pub async fn chargebacks(
        &self,
        principal: &Principal,
        mid: Option<Mid>,
        mut filter: ChargebackFilter,
    ) -> Result<Page<Chargeback>> {
        principal.require_read("money:read")?;
        filter.mids = self.visible_merchants(principal, mid).await?;
        filter.environment = principal.environment;
        Ok(self.store.chargebacks(&filter).await?)
    }

    /// The chargebacks of an order; nothing is read for the many orders that have none.
    pub(crate) async fn chargebacks_on(&self, order: &Order) -> Result<Vec<Chargeback>> {
        if order.is_chargeback { self.disputes_of(order.id).await } else { Ok(vec![]) }
    }

    /// Whether a dispute holds the money of an order: then a refund would pay it back twice.
    pub(crate) async fn is_disputed(&self, order: &Order) -> Result<bool> {
        Ok(self.chargebacks_on(order).await?.iter().any(|chargeback| chargeback.stage.holds_money()))
    }

    async fn disputes_of(&self, order: OrderId) -> Result<Vec<Chargeback>> {
        Ok(self.store.chargebacks_of(order).await?)
    }
}
