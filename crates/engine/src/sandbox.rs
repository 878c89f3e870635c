//! Clearing a sandbox merchant's data: what it has played with is gone, here and in the simulator (`wire-api` §14.4).

use domain::{environment::Environment, fault::Faults, id::Mid};

use crate::{Engine, Error, Principal, Result};

impl Engine {
    /// Clears the orders of a merchant in the sandbox with everything that belongs to them, its blocklist and the answers
    /// kept under its idempotency keys. Cards, keys, sites, settings and the test clock stay. In batches: nobody waits for it, and an interrupted call is simply made again.
    pub async fn clear_sandbox(&self, principal: &Principal, mid: Option<Mid>) -> Result<()> {
        principal.require("sandbox")?;
        self.admit()?;
        if principal.environment != Environment::Sandbox {
            return Err(Error::SandboxOnly);
        }
        let mut faults = Faults::new();
        let Some(mid) = self.merchant_for(principal, mid, &mut faults).await? else { return Err(Error::Invalid(faults)) };
        self.store.clear_sandbox_mentions(mid).await?;
        loop {
            let orders = self.store.sandbox_orders(mid).await?;
            if orders.is_empty() {
                break;
            }
            self.processors.forget(&orders)?;
            self.store.drop_sandbox_orders(mid, orders).await?;
        }
        self.store.clear_sandbox_records(mid).await?;
        self.refresh_registry().await?;
        tracing::info!(%mid, by = %principal.client, "a sandbox was cleared");
        Ok(())
    }
}
