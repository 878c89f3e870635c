//! The timer of an advice: an attempt is due, an advised moment has passed, or the deadline. What is done is decided
//! from the advice as it stands, so the timer may fire twice or late.

use domain::{
    advice::{Advice, Advised, Decision, State},
    bounds::CONFLICT_RETRIES_MAX,
    id::AdviceId,
    time::Timestamp,
};

use super::change::Change;
use crate::{Engine, Error, Result};

impl Engine {
    /// Does what is due for an open advice.
    pub(crate) async fn step_advice(&self, id: AdviceId, now: Timestamp) -> Result<()> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let Some(advice) = self.store.advice(id).await?.filter(|advice| advice.state.is_open()) else { return Ok(()) };
            let Some(tenant) = self.tenants.get(advice.mid).await? else { return Ok(()) };
            let mut change = Change::of(advice, &tenant, now);
            self.do_due(&mut change).await?;
            if self.commit_advice(change).await?.is_some() {
                return Ok(());
            }
        }
        Err(Error::InProgress)
    }

    async fn do_due(&self, change: &mut Change<'_>) -> Result<()> {
        if change.now >= change.advice.policy.deadline {
            let expired = State::Expired { at: change.now };
            return change.advice.end(expired).map_err(|closed| Error::Internal(closed.to_string()));
        }
        let Some(advised) = advised(&change.advice) else { return Ok(()) };
        let has_passed = advised.not_after.is_some_and(|end| change.now >= end);
        if advised.told && !has_passed {
            return Ok(());
        }
        let blocked = self.is_advice_blocked(change.tenant, &change.advice, change.now).await?;
        if blocked || has_passed || !self.still_stands(change, &advised).await? {
            self.decide_advice(change).await?;
        }
        if is_due(&change.advice, change.now) {
            change.tell_due();
        }
        Ok(())
    }
}

fn advised(advice: &Advice) -> Option<Advised> {
    advice.advised.clone().filter(|advised| advised.decision == Decision::Retry)
}

fn is_due(advice: &Advice, now: Timestamp) -> bool {
    let at = advised(advice).filter(|_| advice.state.is_open()).and_then(|advised| advised.retry_at);
    at.is_some_and(|at| now >= at - advice.policy.lead())
}
