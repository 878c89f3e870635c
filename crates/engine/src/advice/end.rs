//! Ends that come from elsewhere: the order id was paid, the card is disputed, the merchant blocks card or customer.

use domain::{
    advice::{Advice, Exhausted, State},
    bounds::CONFLICT_RETRIES_MAX,
    decline::Reason,
    environment::Environment,
    id::{AdviceId, Mid},
    time::Timestamp,
};

use super::change::Change;
use crate::{Engine, Error, Result};

/// Advice read at once.
const BATCH: u32 = 100;

impl Engine {
    /// Ends the open advice of a merchant's order id, if there is one.
    pub(crate) async fn end_open_advice(
        &self,
        mid: Mid,
        environment: Environment,
        external_id: &str,
        reason: Reason,
    ) -> Result<()> {
        match self.store.open_advice(mid, environment, external_id).await? {
            Some(advice) => self.end_advice(advice.id, reason).await,
            None => Ok(()),
        }
    }

    /// Ends every open advice on a card, a batch at a time.
    pub(crate) async fn end_advice_on_card(
        &self,
        mid: Mid,
        environment: Environment,
        fingerprint: &str,
        reason: Reason,
    ) -> Result<()> {
        let mut after = None;
        loop {
            let open = self.store.open_advice_on_card(mid, environment, fingerprint, after, BATCH).await?;
            let Some(last) = self.end_batch(&open, reason).await? else { return Ok(()) };
            after = Some(last);
        }
    }

    /// Ends every open advice of a payer, a batch at a time.
    pub(crate) async fn end_advice_of_payer(
        &self,
        mid: Mid,
        environment: Environment,
        payer: &str,
        reason: Reason,
    ) -> Result<()> {
        let mut after = None;
        loop {
            let open = self.store.open_advice_of_payer(mid, environment, payer, after, BATCH).await?;
            let Some(last) = self.end_batch(&open, reason).await? else { return Ok(()) };
            after = Some(last);
        }
    }

    async fn end_batch(&self, open: &[Advice], reason: Reason) -> Result<Option<AdviceId>> {
        for advice in open {
            self.end_advice(advice.id, reason).await?;
        }
        Ok(open.last().map(|advice| advice.id))
    }

    async fn end_advice(&self, id: AdviceId, reason: Reason) -> Result<()> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let Some(advice) = self.store.advice(id).await?.filter(|advice| advice.state.is_open()) else { return Ok(()) };
            let tenant = self.tenants.get(advice.mid).await?.ok_or(Error::NotFound)?;
            let now = self.now_for(advice.mid, advice.environment);
            let mut change = Change::of(advice, &tenant, now);
            change.advice.end(state(reason, now)).map_err(|closed| Error::Internal(closed.to_string()))?;
            if self.commit_advice(change).await?.is_some() {
                return Ok(());
            }
        }
        Err(Error::InProgress)
    }
}

const fn state(reason: Reason, at: Timestamp) -> State {
    match reason {
        Reason::PaidElsewhere => State::Succeeded { reason: Some(reason), at },
        Reason::Blocked => State::Stopped { reason, exhausted: Exhausted::Cancelled, at },
        _ => State::Stopped { reason, exhausted: Exhausted::HardDecline, at },
    }
}
