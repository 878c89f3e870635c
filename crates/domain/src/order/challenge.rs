//! What a customer was asked, from the first question to its end (`wire-api` §16.2).

use serde::{Deserialize, Serialize};

use super::{ChallengeField, Code, Order};
use crate::time::Timestamp;

/// Tries of a challenge (`wire-api` §16.2).
pub const CHALLENGE_TRIES: u8 = 3;

crate::words! {
    /// How far a challenge is.
    pub enum ChallengeState {
        /// The customer is asked.
        Presented = "presented",
        /// The customer answered; the payment is attempted.
        Attempted = "attempted",
        /// The payment was made.
        Passed = "passed",
        /// It was not, and will not be.
        Failed = "failed",
        /// Nobody answered in time.
        Expired = "expired",
    }
}

/// A challenge of an order. It outlives the order's state, which goes on to attempts and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// How far it is.
    pub state: ChallengeState,
    /// What to correct.
    pub fields: Vec<ChallengeField>,
    /// Tries left.
    pub attempts_left: u8,
    /// When it ends, UTC, by the merchant's clock.
    pub expires_at: Timestamp,
    /// The sandbox's tables ask, whatever the class of the decline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scripted: bool,
}

impl ChallengeState {
    /// Whether it has ended.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Passed | Self::Failed | Self::Expired)
    }
}

impl Challenge {
    /// The first question; the change that presents it says so, as after every try.
    pub const fn new(fields: Vec<ChallengeField>, expires_at: Timestamp, scripted: bool) -> Self {
        Self { state: ChallengeState::Attempted, fields, attempts_left: CHALLENGE_TRIES, expires_at, scripted }
    }

    /// Whether the customer may be asked once more.
    pub fn may_ask_again(&self, now: Timestamp) -> bool {
        !self.state.is_closed() && self.attempts_left > 0 && now < self.expires_at
    }
}

impl Order {
    /// What became of the challenge, from the state that the order is about to have; the state when it is another now.
    pub fn settle_challenge(&mut self, now: Timestamp) -> Option<ChallengeState> {
        let (code, is_ending) = (self.state.code(), self.ending.is_some());
        let challenge = self.challenge.as_mut()?;
        if challenge.state.is_closed() {
            return None;
        }
        let next = match code {
            Code::Challenged => ChallengeState::Presented,
            Code::Recovered | Code::PartRecovered | Code::Refunded | Code::Authorized => ChallengeState::Passed,
            // Whatever comes of it later, the customer was told that it is over.
            _ if is_ending => ChallengeState::Failed,
            code if code.is_open() => ChallengeState::Attempted,
            _ if challenge.state == ChallengeState::Presented && now >= challenge.expires_at => ChallengeState::Expired,
            _ => ChallengeState::Failed,
        };
        let news = next != challenge.state;
        challenge.state = next;
        news.then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_challenge_asks_nobody() {
        let at = Timestamp::from_secs(1_000);
        let open = Challenge::new(vec![ChallengeField::Cvv], at, false);
        assert!(open.may_ask_again(Timestamp::from_secs(999)));
        assert!(!open.may_ask_again(at), "its time is over");
        assert!(!Challenge { attempts_left: 0, ..open.clone() }.may_ask_again(Timestamp::EPOCH));
        for state in [ChallengeState::Passed, ChallengeState::Failed, ChallengeState::Expired] {
            assert!(!Challenge { state, ..open.clone() }.may_ask_again(Timestamp::EPOCH), "{state}");
        }
    }
}
