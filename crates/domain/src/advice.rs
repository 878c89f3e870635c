//! Advice: the caller charges the card by itself, and is told whether, when and how.

mod hours;
mod policy;

use serde::{Deserialize, Serialize};

pub use hours::Hours;
pub use policy::Policy;

use crate::{
    card::{CardKey, Funding, Network},
    channel::Channel,
    decline::{Answer, Class, Reason},
    environment::Environment,
    id::{AdviceId, DecisionId, EventId, Mid, OrderId, SiteId, TokenId},
    ledger::{Initiator, Origin},
    money::Money,
    payment::Payment,
    site::MatchedBy,
    time::Timestamp,
};

/// Answers that are kept of one advice; of more, the first and the newest.
const SEEN_MAX: usize = 250;
/// Events whose ids it tells; with more, they are looked for.
const TOLD_MAX: usize = 250;
/// Cards that are kept of one advice, the newest last.
const CARDS_MAX: usize = 10;

crate::words! {
    /// The states of `wire-api` §18.2.
    pub enum Code {
        /// Advised until it succeeds, stops or expires.
        Open = "OPEN",
        /// Paid.
        Succeeded = "SUCCEEDED",
        /// No further attempt makes sense or is lawful.
        Stopped = "STOPPED",
        /// The deadline has passed.
        Expired = "EXPIRED",
        /// Not wanted any more.
        Cancelled = "CANCELLED",
    }
}

crate::words! {
    /// What the caller should do.
    pub enum Decision {
        /// Charge, at the moment given.
        Retry = "RETRY",
        /// Get new account data (updater, network token), then ask again.
        WaitForData = "WAIT_FOR_DATA",
        /// Only the customer can help.
        AskCustomer = "ASK_CUSTOMER",
        /// Make no attempt any more.
        Stop = "STOP",
        /// Nothing to do.
        None = "NONE",
    }
}

crate::words! {
    /// Why an advice ended without success: `Reason` of `retry.exhausted`.
    pub enum Exhausted {
        /// As many as the policy or the decline's class admits.
        Attempts = "attempts",
        /// The deadline has passed.
        Deadline = "deadline",
        /// The decline, a dispute or the merchant's set-up forbids a retry.
        HardDecline = "hard_decline",
        /// A network's limit forbids one before the deadline.
        NetworkLimit = "network_limit",
        /// By the caller, or because it blocked the card or the customer.
        Cancelled = "cancelled",
    }
}

crate::words! {
    /// Which account data to charge.
    pub enum Use {
        /// Those that were declined.
        Same = "same",
        /// Newer data of the same account.
        Updated = "updated",
        /// A network token in place of the number.
        NetworkToken = "network_token",
        /// Another card of the customer.
        Other = "other",
    }
}

crate::words! {
    /// What a merchant-initiated attempt is flagged as (domain rules §3).
    pub enum MitReason {
        /// Part of a subscription.
        Recurring = "recurring",
        /// Part of an instalment plan.
        Installment = "installment",
        /// On a stored credential, without a fixed plan.
        Unscheduled = "unscheduled",
        /// Of a payment that the customer initiated and that was declined.
        Resubmission = "resubmission",
    }
}

/// Where an advice stands. Only `Open` is left, and only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase")]
pub enum State {
    /// Advised.
    Open,
    /// Paid.
    Succeeded {
        /// How, when not by a reported attempt: `PAID_ELSEWHERE`, `NOT_DECLINED`.
        reason: Option<Reason>,
        /// When, UTC.
        at: Timestamp,
    },
    /// No further attempt makes sense or is lawful.
    Stopped {
        /// The word of `wire-api` §5.7.
        reason: Reason,
        /// The word of `retry.exhausted`.
        exhausted: Exhausted,
        /// When, UTC.
        at: Timestamp,
    },
    /// The deadline has passed.
    Expired {
        /// When, UTC.
        at: Timestamp,
    },
    /// Not wanted any more.
    Cancelled {
        /// When, UTC.
        at: Timestamp,
    },
}

impl State {
    /// The state's word.
    pub const fn code(&self) -> Code {
        match self {
            Self::Open => Code::Open,
            Self::Succeeded { .. } => Code::Succeeded,
            Self::Stopped { .. } => Code::Stopped,
            Self::Expired { .. } => Code::Expired,
            Self::Cancelled { .. } => Code::Cancelled,
        }
    }

    /// Whether it may still change.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    /// Why, by the words of `wire-api` §5.7.
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Open => None,
            Self::Succeeded { reason, .. } => *reason,
            Self::Stopped { reason, .. } => Some(*reason),
            Self::Expired { .. } => Some(Reason::Expired),
            Self::Cancelled { .. } => Some(Reason::Cancelled),
        }
    }

    /// What `retry.exhausted` says; nothing is said of success.
    pub const fn exhausted(&self) -> Option<Exhausted> {
        match self {
            Self::Open | Self::Succeeded { .. } => None,
            Self::Stopped { exhausted, .. } => Some(*exhausted),
            Self::Expired { .. } => Some(Exhausted::Deadline),
            Self::Cancelled { .. } => Some(Exhausted::Cancelled),
        }
    }
}

/// An advice that has ended does not open again, nor end in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an advice that is {0} does not change any more")]
pub struct Closed(pub Code);

/// What is known of a card; never its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Vault token, when it is vaulted here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenId>,
    /// Ledger key.
    pub key: CardKey,
    /// A second ledger key, under which copies may have been booked.
    pub weak_key: CardKey,
    /// Network.
    pub network: Network,
    /// Funding.
    pub funding: Funding,
    /// First digits.
    pub bin: String,
    /// Last four digits.
    pub last4: String,
    /// Fingerprint: of the vault, else as the caller told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// ISO 3166 alpha-2 of the issuer, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_country: Option<String>,
    /// When it joined, UTC.
    pub since: Timestamp,
}

/// One answer that was told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// When it was given, UTC.
    pub at: Timestamp,
    /// What it said.
    pub answer: Answer,
    /// `Own`: reported to this advice; else made before it.
    pub origin: Origin,
    /// Who initiated the attempt.
    pub initiator: Initiator,
    /// Whether it was an approval.
    pub approved: bool,
    /// The caller's transaction id.
    pub transaction_id: String,
}

/// How to charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct How {
    /// What is due.
    pub amount: Money,
    /// Which account data.
    pub credential: Use,
    /// Who initiates.
    pub initiator: Initiator,
    /// The flag of a merchant-initiated attempt.
    pub mit_reason: Option<MitReason>,
    /// Send no CVV.
    pub omit_cvv: bool,
    /// Authenticate the customer first.
    pub step_up_3ds: bool,
    /// By which of the caller's routes.
    pub route: Option<String>,
}

/// The advice as it was last decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Advised {
    /// The decision's id.
    pub id: DecisionId,
    /// When, UTC.
    pub decided_at: Timestamp,
    /// What to do.
    pub decision: Decision,
    /// When to charge, UTC.
    pub retry_at: Option<Timestamp>,
    /// The earliest moment that the rules and the caller's own policy allow, UTC.
    pub not_before: Option<Timestamp>,
    /// Until when the moment stays good, UTC.
    pub not_after: Option<Timestamp>,
    /// How to charge.
    pub how: How,
    /// The class that decided.
    pub class: Class,
    /// Chance of approval at that moment, 0–1.
    pub probability: f64,
    /// Rules that bounded the decision, by id.
    pub bound_by: Vec<String>,
    /// The model.
    pub model_version: String,
    /// `retry.due` was sent for it.
    pub told: bool,
}

/// One payment that the caller collects by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Advice {
    /// Its id.
    pub id: AdviceId,
    /// Row version.
    pub version: u32,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Site.
    pub site: SiteId,
    /// How it was found.
    pub matched_by: MatchedBy,
    /// Channel.
    pub channel: Channel,
    /// The payment as it was told.
    pub payment: Box<Payment>,
    /// What was due at first.
    pub amount: Money,
    /// What was paid of it, minor units.
    pub paid_minor: i64,
    /// Its cards, the one in use last.
    pub cards: Vec<Card>,
    /// What the caller wants.
    pub policy: Policy,
    /// Where it stands.
    pub state: State,
    /// Answers that were told of.
    pub seen: Vec<Seen>,
    /// Attempts that were reported to it.
    pub attempts: u32,
    /// The route of the newest reported attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// New account data of the card in use were asked for.
    #[serde(default)]
    pub data_asked: bool,
    /// The class of the newest decline.
    pub class: Class,
    /// The newest decision.
    pub advised: Option<Advised>,
    /// Number of its next event, from 1.
    pub next_sequence: u32,
    /// The real times of its last events, milliseconds: the events are found by them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told_ms: Vec<i64>,
    /// When it was asked for, UTC, by the merchant's clock.
    pub placed_at: Timestamp,
    /// When it changed last, UTC.
    pub updated_at: Timestamp,
}

impl Advice {
    /// Ends it.
    pub fn end(&mut self, state: State) -> Result<(), Closed> {
        if self.state.is_open() && !state.is_open() {
            self.state = state;
            return Ok(());
        }
        Err(Closed(self.state.code()))
    }

    /// The id under which its events and decisions are kept: it has no order of ours.
    pub const fn order(&self) -> OrderId {
        OrderId(self.id.0)
    }

    /// The card in use.
    pub fn card(&self) -> Option<&Card> {
        self.cards.last()
    }

    /// Another card is in use from now on; the same one changes nothing. Whether it was another.
    pub fn take_card(&mut self, card: Card) -> bool {
        let same = self.card().is_some_and(|known| known.key == card.key && known.weak_key == card.weak_key);
        if same {
            return false;
        }
        if self.cards.len() >= CARDS_MAX {
            self.cards.remove(0);
        }
        self.cards.push(card);
        self.data_asked = false;
        true
    }

    /// When other account data than those first told came into use, UTC.
    pub fn card_changed_at(&self) -> Option<Timestamp> {
        self.card().filter(|_| self.cards.len() > 1).map(|card| card.since)
    }

    /// Takes an answer in.
    pub fn see(&mut self, seen: Seen) {
        if self.seen.len() >= SEEN_MAX {
            self.seen.remove(1);
        }
        self.seen.push(seen);
    }

    /// What is still due.
    pub const fn due(&self) -> Money {
        Money::new(self.amount.minor.saturating_sub(self.paid_minor), self.amount.currency)
    }

    /// Who initiates.
    pub const fn initiator(&self) -> Initiator {
        match self.channel {
            Channel::Mit => Initiator::Mit,
            Channel::CitWeb | Channel::CitCallCenter => Initiator::Cit,
        }
    }

    /// Number of the attempt that it is about: the next one while it is open, the last one afterwards.
    pub const fn attempt_number(&self) -> u32 {
        if self.state.is_open() { self.attempts.saturating_add(1) } else { self.attempts }
    }

    /// How many attempts may follow that one.
    pub const fn attempts_remaining(&self) -> u32 {
        if self.state.is_open() { self.policy.max_attempts.saturating_sub(self.attempt_number()) } else { 0 }
    }

    /// What the caller should do now.
    pub fn decision(&self) -> Decision {
        match self.state {
            State::Open => self.advised.as_ref().map_or(Decision::None, |advised| advised.decision),
            State::Stopped { .. } => Decision::Stop,
            State::Succeeded { .. } | State::Expired { .. } | State::Cancelled { .. } => Decision::None,
        }
    }

    /// Takes the number and the id of the next event; it is told at this real time.
    pub fn take_event(&mut self, real: Timestamp) -> (u32, EventId) {
        if self.told_ms.len() >= TOLD_MAX {
            self.told_ms.remove(0);
        }
        self.told_ms.push(real.millis());
        let sequence = self.next_sequence;
        self.next_sequence = sequence.saturating_add(1);
        (sequence, EventId::of_order(self.order(), sequence, real))
    }

    /// The ids of its last events, oldest first.
    pub fn event_ids(&self) -> Vec<EventId> {
        let first = self.next_sequence.saturating_sub(u32::try_from(self.told_ms.len()).unwrap_or(u32::MAX));
        let numbered = (first..).zip(&self.told_ms);
        numbered.map(|(sequence, ms)| EventId::of_order(self.order(), sequence, Timestamp::from_millis(*ms))).collect()
    }

    /// When it must be looked at again, UTC: to tell that an attempt is due, when an advised moment has passed, or at the
    /// deadline. `None` once it has ended.
    pub fn wake_at(&self) -> Option<Timestamp> {
        if !self.state.is_open() {
            return None;
        }
        let advised = self.advised.as_ref().filter(|advised| advised.decision == Decision::Retry);
        let moment = match advised {
            Some(advised) if advised.told => advised.not_after,
            Some(advised) => advised.retry_at.map(|at| at - self.policy.lead()),
            None => None,
        };
        Some(moment.map_or(self.policy.deadline, |moment| moment.min(self.policy.deadline)))
    }
}

#[cfg(test)]
mod tests;
