//! Whether an order is blocked. Short lists are kept with the merchant, so that most requests compare nothing or a few
//! texts; a long one costs one indexed read.

use std::collections::HashMap;

use domain::{
    block::{Block, keys_of},
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
        match tenant.blocks(order.environment) {
            Blocks::Short(list) if list.is_empty() => Ok(false),
            Blocks::Short(list) => {
                let live = |key: &String| list.get(key).is_some_and(|end| end.is_none_or(|end| now < end));
                Ok(keys_of(order).iter().any(live))
            }
            Blocks::Long => {
                let found = self.store.blocks_under(order.mid, order.environment, &keys_of(order)).await?;
                Ok(found.iter().any(|block: &Block| block.is_live(now)))
            }
        }
    }
}
