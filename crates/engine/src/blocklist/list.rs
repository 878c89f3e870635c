//! Reading and deleting entries.

use domain::{
    block::{Block, Kind},
    change::{ChangeSet, Write},
    id::{BlockId, Mid},
    mask::masked,
};
use store::{BlockFilter, Page};

use crate::{Engine, Error, Principal, Result};

impl Engine {
    /// Entries by filter, narrowed to what the caller may see.
    pub async fn blocklist(&self, principal: &Principal, mid: Option<Mid>, mut filter: BlockFilter) -> Result<Page<Block>> {
        principal.require_read("blocklist")?;
        filter.mids = self.visible_merchants(principal, mid).await?;
        filter.environment = principal.environment;
        let mut page = self.store.blocks(&filter).await?;
        if principal.masks_pii() {
            page.rows.iter_mut().for_each(mask);
        }
        Ok(page)
    }

    /// Deletes an entry of the caller's.
    pub async fn delete_block(&self, principal: &Principal, id: BlockId) -> Result<()> {
        principal.require("blocklist")?;
        self.admit()?;
        let block = self.store.block(id).await?.ok_or(Error::NotFound)?;
        if !self.sees(principal, block.mid, block.environment).await {
            return Err(Error::NotFound);
        }
        self.store.apply(ChangeSet::new().with(Write::DeleteBlock { mid: block.mid, id })).await?;
        self.refresh_registry().await
    }
}

fn mask(block: &mut Block) {
    if matches!(block.kind, Kind::Email | Kind::Phone) {
        block.value = masked(&block.value);
    }
}
