//! Ending what is open of a blocked customer or payment instrument. Orders that another kind of entry blocks end when
//! they are about to be attempted.

use domain::{
    block::{Block, Kind},
    decline::Reason,
    id::BlockId,
    order::Actor,
    timer::{self, Leased},
};

use crate::{Engine, Result};

impl Engine {
    /// Stops now; what fails is left to the timer.
    pub(super) async fn stop_blocked_soon(&self, block: &Block) {
        if let Err(error) = self.stop_blocked(block).await {
            tracing::warn!(block = %block.id, %error, "open rescues of what was blocked are stopped later");
        }
    }

    /// The timer of an entry.
    pub(crate) async fn stop_blocked_again(&self, leased: &Leased) -> Result<()> {
        let id = BlockId(leased.timer.subject);
        match self.store.block(id).await? {
            Some(block) => self.stop_blocked(&block).await,
            None => self.drop_job(timer::Kind::Block, id.0).await,
        }
    }

    async fn stop_blocked(&self, block: &Block) -> Result<()> {
        let Block { mid, environment, .. } = *block;
        let value = &block.value;
        match block.kind {
            Kind::PaymentInstrument => self.stop_on_card(mid, environment, value, Reason::Blocked, Actor::Merchant).await?,
            Kind::Customer => self.stop_of_payer(mid, environment, value, Reason::Blocked, Actor::Merchant).await?,
            Kind::Email | Kind::Phone | Kind::Ip | Kind::Bin | Kind::Country => return Ok(()),
        }
        self.drop_job(timer::Kind::Block, block.id.0).await
    }
}
