//! `GET /v1/challenge/{orderSessionKey}`: how far a challenge is, now or when that changes.

use std::{sync::Arc, time::Duration};

use domain::{
    environment::Environment,
    id::OrderId,
    order::{Challenge, ChallengeState, Order, State},
    site::Site,
    time::MINUTE,
};
use tokio::time::Instant;

use super::challenge_of;
use crate::{Engine, Error, Result, admits_origin, tenants::Tenant};

/// Longest long-poll, seconds.
const WAIT_SECS_MAX: u64 = 25;
/// How often a long-poll looks when nothing wakes it, milliseconds: other processes work orders too.
const LOOK_MS: u64 = 1_000;
/// A challenge that ended tells so for this long after its time, minutes: whoever waits for it may have lost the answer.
const TOLD_MINUTES: u32 = 5;

/// What a long-poll waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// The state that the caller knows; none: as it is when the request comes.
    pub state: Option<ChallengeState>,
    /// How long, seconds.
    pub wait_secs: u64,
}

/// A challenge as its customer may see it.
#[derive(Debug, Clone)]
pub struct Look {
    /// The order.
    pub order: Order,
    /// Its challenge.
    pub challenge: Challenge,
    /// Its merchant.
    pub tenant: Arc<Tenant>,
}

impl Look {
    /// The order's site.
    pub fn site(&self) -> Option<&Site> {
        self.tenant.site(self.order.site)
    }

    /// Whether pages of an origin may ask. A site that is gone lists none.
    pub fn admits(&self, origin: &str) -> bool {
        self.site().is_some_and(|site| admits_origin(site, self.order.environment, Some(origin)))
    }

    /// Origins whose pages may show the challenge; none: any.
    pub fn origins(&self) -> Option<&[String]> {
        let listed = self.site().map_or(&[][..], |site| &site.allowed_origins);
        (self.order.environment == Environment::Production || !listed.is_empty()).then_some(listed)
    }

    /// Whether a button stands for the bank.
    pub const fn simulates_bank(&self) -> bool {
        self.order.is_test()
    }
}

impl Engine {
    /// How far a challenge is. One that nobody knows, or that ended a while ago, is not found.
    pub async fn challenge(&self, id: OrderId, seen: Seen) -> Result<Look> {
        let deadline = Instant::now() + Duration::from_secs(seen.wait_secs.min(WAIT_SECS_MAX));
        // With too many waiting, the others are answered as if they had not asked to wait.
        let seat = self.challenge_polls.try_acquire().ok();
        let mut known = seen.state;
        loop {
            let mut told = std::pin::pin!(self.wake_challenges.notified());
            told.as_mut().enable();
            let look = self.look(id).await?;
            let state = look.challenge.state;
            let news = known.is_some_and(|known| known != state) || state.is_closed();
            known.get_or_insert(state);
            if news || seat.is_none() || Instant::now() >= deadline || self.is_draining() {
                return Ok(look);
            }
            let look_at = deadline.min(Instant::now() + Duration::from_millis(LOOK_MS));
            tokio::select! {
                () = told => {}
                () = tokio::time::sleep_until(look_at) => {}
            }
        }
    }

    async fn look(&self, id: OrderId) -> Result<Look> {
        let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
        let mut challenge = challenge_of(&order).ok_or(Error::NotFound)?;
        let now = self.now_for(order.mid, order.environment);
        if now >= challenge.expires_at + MINUTE * TOLD_MINUTES {
            return Err(Error::NotFound);
        }
        let unanswered = matches!(order.state, State::Challenged { .. });
        if unanswered && now >= challenge.expires_at {
            // Its timer is about to say the same.
            challenge.state = ChallengeState::Expired;
        }
        let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
        Ok(Look { order, challenge, tenant })
    }
}
