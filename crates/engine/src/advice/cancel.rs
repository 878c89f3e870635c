//! `POST /v1/advice/{id}/cancel`.

use domain::{
    advice::{Code, State},
    bounds::CONFLICT_RETRIES_MAX,
    id::AdviceId,
};

use super::change::Change;
use crate::{Engine, Error, Principal, Result};

/// What a cancel did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It ended.
    Now,
    /// It had ended without success before.
    Before,
}

impl Engine {
    /// Ends an advice that is not wanted any more. One that succeeded stays as it is.
    pub async fn cancel_advice(&self, principal: &Principal, id: AdviceId) -> Result<Ended> {
        self.admit()?;
        for _ in 0..CONFLICT_RETRIES_MAX {
            let advice = self.own_advice(principal, id).await?;
            match advice.state.code() {
                Code::Open => {}
                Code::Succeeded => {
                    return Err(Error::State { message: "The advice has succeeded.".into(), order: None });
                }
                Code::Stopped | Code::Expired | Code::Cancelled => return Ok(Ended::Before),
            }
            let tenant = self.tenants.get(advice.mid).await?.ok_or(Error::NotFound)?;
            let now = self.now_for(advice.mid, advice.environment);
            let mut change = Change::of(advice, &tenant, now);
            change.advice.end(State::Cancelled { at: now }).map_err(|closed| Error::Internal(closed.to_string()))?;
            if self.commit_advice(change).await?.is_some() {
                return Ok(Ended::Now);
            }
        }
        Err(Error::InProgress)
    }
}
