//! Whether an order is blocked. Short lists are kept with the merchant, so that most requests compare nothing or a few
//! texts; a long one costs one indexed read.

use std::collections::HashMap;

use domain::{
    advice::Advice,
    block::{Block, keys_of, keys_of_advice},
    bounds::BLOCKS_CACHED_MAX,
    environment::Environment,
    id::Mid,
    order::Order,
    time::Timestamp,
};
use store::Store;

use crate::{Engine, Result, tenants::Tenant};

/// A merchant's blocklist in one environment, as far as it is kept in memory.
#[derive(Debug)]
pub(crate) enum Blocks {
    /// All of it: what is blocked, and until when.
    Short(HashMap<String, Option<Timestamp>>),
    /// Too long: it is read when needed.
    Long,
}

impl Blocks {
    /// Reads a merchant's list.
    pub async fn load(store: &Store, mid: Mid, environment: Environment) -> Result<Self> {
        let blocks = store.blocks_of(mid, environment, BLOCKS_CACHED_MAX + 1).await?;
        if blocks.len() > BLOCKS_CACHED_MAX as usize {
            return Ok(Self::Long);
        }
        Ok(Self::Short(blocks.iter().map(|block| (block.key(), block.expires_at)).collect()))
    }
}

impl Engine {
    /// Whether anything of an order is on its merchant's blocklist now.
    pub(crate) async fn is_blocked(&self, tenant: &Tenant, order: &Order, now: Timestamp) -> Result<bool> {
        self.is_any_blocked(tenant, order.environment, now, || keys_of(order)).await
    }

    /// Whether anything of an advice is on its merchant's blocklist now.
    pub(crate) async fn is_advice_blocked(&self, tenant: &Tenant, advice: &Advice, now: Timestamp) -> Result<bool> {
        self.is_any_blocked(tenant, advice.environment, now, || keys_of_advice(advice)).await
    }

    async fn is_any_blocked(
        &self,
        tenant: &Tenant,
        environment: Environment,
        now: Timestamp,
        keys: impl Fn() -> Vec<String> + Send,
    ) -> Result<bool> {
        match tenant.blocks(environment) {
            Blocks::Short(list) if list.is_empty() => Ok(false),
            Blocks::Short(list) => {
                let live = |key: &String| list.get(key).is_some_and(|end| end.is_none_or(|end| now < end));
                Ok(keys().iter().any(live))
            }
            Blocks::Long => {
                let found = self.store.blocks_under(tenant.merchant.id, environment, &keys()).await?;
                Ok(found.iter().any(|block: &Block| block.is_live(now)))
            }
        }
    }
}
