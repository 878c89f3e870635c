//! An order: one payment to be rescued.

mod challenge;
mod state;

pub use challenge::{CHALLENGE_TRIES, Challenge, ChallengeState};
pub use state::{Actor, Awaited, ChallengeField, Code, STATUS_TEXTS, State, TransitionError};

use serde::{Deserialize, Serialize};

use crate::{
    card::CardKey,
    card::{Funding, Network},
    channel::{Channel, OrderSource},
    decision::Arm,
    decline::{Answer, Class, NextAction, Reason},
    environment::Environment,
    id::{AttemptId, EventId, Mid, OrderId, SiteId, TokenId},
    ledger::Initiator,
    money::Money,
    payment::Payment,
    settings::MitMode,
    site::MatchedBy,
    time::Timestamp,
};

crate::words! {
    /// Whether a rescue captures at once.
    pub enum TransactionType {
        /// Authorise and capture.
        Purchase = "PURCHASE",
        /// Authorise; the merchant captures.
        Authorization = "AUTHORIZATION",
    }
}

crate::words! {
    /// Which processors work an order; fixed when it is created.
    pub enum RouteKind {
        /// The sandbox's simulator.
        Simulator = "simulator",
        /// Live routes.
        Live = "live",
    }
}

/// The card an order is charged on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// Vault token.
    pub token: TokenId,
    /// The card is vaulted elsewhere; processors know it by its reference.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_reference: bool,
    /// 1 = as vaulted, higher after an account update.
    pub version: u32,
    /// Ledger key of the whole number.
    pub key: CardKey,
    /// Ledger key of BIN, last four and expiry.
    pub weak_key: CardKey,
    /// Network.
    pub network: Network,
    /// Funding.
    pub funding: Funding,
    /// Shown digits in front.
    pub bin: String,
    /// Last four digits.
    pub last4: String,
    /// 1–12.
    pub exp_month: Option<u8>,
    /// Four digits.
    pub exp_year: Option<u16>,
    /// Public fingerprint.
    pub fingerprint: String,
    /// ISO 3166 alpha-2 of the issuer, when known.
    pub issuer_country: Option<String>,
    /// When it joined the order or was last updated, UTC.
    pub since: Timestamp,
}

/// The wish to end an order while an attempt is in flight: carried out when its result is known; an approval
/// that comes then is reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ending {
    /// Why.
    pub reason: Reason,
    /// By whom.
    pub by: Actor,
    /// Since when, UTC.
    pub at: Timestamp,
}

/// Counters over an order's attempts; `wire-api` §6.2 `attempts`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Tally {
    /// All.
    pub total: u32,
    /// Approved.
    pub approved: u32,
    /// Declined.
    pub declined: u32,
    /// Unknown now.
    pub unknown: u32,
    /// The latest, UTC.
    pub last_at: Option<Timestamp>,
    /// Response code of the latest.
    pub last_response_code: Option<String>,
    /// Class of the latest.
    pub last_class: Option<Class>,
}

/// What the last decision said, for readers of the order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Its id.
    pub id: crate::id::DecisionId,
    /// `attempt_now schedule wait_for_data challenge stop capture hold`.
    pub action: String,
    /// The planned moment, UTC.
    pub next_attempt: Option<Timestamp>,
    /// Chance of approval there, 0–1.
    pub probability: f64,
    /// Class it was decided for.
    pub class: Class,
    /// Rules that bounded it.
    pub bound_by: Vec<String>,
    /// Model that made it.
    pub model_version: String,
    /// Answers that it was decided on.
    #[serde(default)]
    pub answers: u32,
}

crate::words! {
    /// Something that happened to an order and that nothing else of it tells.
    pub enum Happening {
        /// It was suspended.
        Held = "hold",
        /// It was taken up again.
        Released = "release",
    }
}

/// A note for the order's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// When, UTC.
    pub at: Timestamp,
    /// Number of the order's next event then: tells the order of things that happened at one moment.
    pub sequence: u32,
    /// What happened.
    pub what: Happening,
    /// Why, for a person.
    pub detail: String,
}

/// Notes that an order keeps; the oldest go first.
const NOTES_MAX: usize = 32;
/// Events whose times an order keeps; the oldest go first.
const TOLD_MAX: usize = 256;

/// One answer of an issuer that the order has seen, the original decline first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// When, UTC.
    pub at: Timestamp,
    /// What was said.
    pub answer: Answer,
    /// By our own attempt or the merchant's.
    pub own: bool,
}

/// One payment to be rescued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The wire's `orderSessionKey`.
    pub id: OrderId,
    /// Row version; every change adds one.
    pub version: u32,
    /// Tenant.
    pub mid: Mid,
    /// Environment of the key that sent it.
    pub environment: Environment,
    /// Resolved site.
    pub site: SiteId,
    /// How the site was found; `Default` = unresolved.
    pub matched_by: MatchedBy,
    /// Descriptor of the resolved site, as sent to the processor.
    pub descriptor: Option<String>,
    /// Group of related orders: as the merchant names it, or the id of the first one.
    pub correlation: String,
    /// `RC-` + 10 characters.
    pub reference: String,
    /// Eight upper-case hexadecimal characters.
    pub confirmation: String,
    /// Channel.
    pub channel: Channel,
    /// Source.
    pub source: OrderSource,
    /// The source's text when it is no known word.
    pub source_text: Option<String>,
    /// Managed or sync, for MIT.
    pub mit_mode: Option<MitMode>,
    /// Which processors work it.
    pub route_kind: RouteKind,
    /// Whether a rescue captures at once.
    pub transaction_type: TransactionType,
    /// What is due.
    pub amount: Money,
    /// The policy that works it, drawn when it came.
    #[serde(default = "policy", skip_serializing_if = "is_policy")]
    pub arm: Arm,
    /// The card that its arm was drawn by; none: no arm was drawn, and the order takes no part in comparisons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_by: Option<CardKey>,
    /// State.
    pub state: State,
    /// Set when the order must end as soon as the attempt in flight is known.
    pub ending: Option<Ending>,
    /// Ingested, UTC.
    pub placed_at: Timestamp,
    /// Last change, UTC.
    pub updated_at: Timestamp,
    /// First worked, UTC.
    pub worked_at: Option<Timestamp>,
    /// Final, UTC.
    pub completed_at: Option<Timestamp>,
    /// End of the rescue, UTC.
    pub expires_at: Timestamp,
    /// The payment as described.
    pub payment: Box<Payment>,
    /// Cards, the one in use last.
    pub credentials: Vec<Credential>,
    /// Answers seen, the original decline first; at most the last 64.
    pub seen: Vec<Seen>,
    /// Class of the latest answer.
    pub class: Class,
    /// Class of the decline it began with; absent in orders older than this member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_class: Option<Class>,
    /// Why it stands as it stands (terminal states and some open ones).
    pub reason: Option<Reason>,
    /// What the merchant can do.
    pub next_action: Option<NextAction>,
    /// Authorised, minor units.
    pub authorized_minor: i64,
    /// Captured, minor units.
    pub captured_minor: i64,
    /// Refunded, minor units.
    pub refunded_minor: i64,
    /// Refunds asked for and not yet settled, minor units.
    pub refunding_minor: i64,
    /// The attempt whose money was captured.
    pub paid_by: Option<AttemptId>,
    /// Attempt counters.
    pub tally: Tally,
    /// Attempts ever reserved, those that never left included: numbers are not used twice.
    #[serde(default)]
    pub attempts_reserved: u32,
    /// The last decision.
    pub decision: Option<Decision>,
    /// Network transaction id to send with MITs.
    pub network_transaction_id: Option<String>,
    /// The account updater was asked for the credential in use.
    pub updater_asked: bool,
    /// Sandbox, card of the tables: the first attempt is made at this moment, UTC, unless a code or advice forbids it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_attempt_at: Option<Timestamp>,
    /// Sandbox, card of the tables: ends `NOT_RESCUED` after its first declined attempt.
    #[serde(default)]
    pub ends_after_first: bool,
    /// Attempts are made only when the merchant repeats its request (sync MIT without background work).
    #[serde(default)]
    pub on_request_only: bool,
    /// Number of the next event, from 1.
    pub next_sequence: u32,
    /// When its last events were told, milliseconds since the epoch, real time: with the order's id and their number
    /// they give the events' ids, so that no index over events is kept for orders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told_ms: Vec<i64>,
    /// What nothing else tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What the customer was asked last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Challenge>,
    /// A chargeback was received.
    pub is_chargeback: bool,
}

const fn policy() -> Arm {
    Arm::Policy
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_policy(arm: &Arm) -> bool {
    *arm == Arm::Policy
}

impl Order {
    /// The card in use.
    pub fn credential(&self) -> Option<&Credential> {
        self.credentials.last()
    }

    /// The key of the card number in use, also where the sandbox's tables count it under the order.
    pub fn card_number(&self) -> Option<CardKey> {
        self.credential().map(|credential| self.number_of(credential))
    }

    /// The keys of every card number that it was or is charged on.
    pub fn card_numbers(&self) -> impl Iterator<Item = CardKey> {
        self.credentials.iter().map(|credential| self.number_of(credential))
    }

    fn number_of(&self, credential: &Credential) -> CardKey {
        if credential.key == CardKey(self.id.bytes()) { credential.weak_key } else { credential.key }
    }

    /// Who initiated it.
    pub const fn initiator(&self) -> Initiator {
        match self.channel {
            Channel::Mit => Initiator::Mit,
            Channel::CitWeb | Channel::CitCallCenter => Initiator::Cit,
        }
    }

    /// Whether it ran on the sandbox processor.
    pub const fn is_test(&self) -> bool {
        matches!(self.route_kind, RouteKind::Simulator)
    }

    /// What is still due, minor units.
    pub const fn remaining_minor(&self) -> i64 {
        self.amount.minor - self.captured_minor
    }

    /// What may still be refunded, minor units.
    pub const fn refundable_minor(&self) -> i64 {
        self.captured_minor - self.refunded_minor - self.refunding_minor
    }

    /// Goes to the next state and counts the version up; the only way a state changes.
    pub fn advance(&mut self, next: State, now: Timestamp) -> Result<(), TransitionError> {
        let from = self.state.clone();
        self.state = from.to(next)?;
        if !self.state.code().is_open() && self.completed_at.is_none() {
            self.completed_at = Some(now);
        }
        Ok(())
    }

    /// Marks a change: the version goes up once for each commit.
    pub fn touch(&mut self, now: Timestamp) {
        self.version += 1;
        self.updated_at = now;
    }

    /// Takes the next event number.
    pub fn take_sequence(&mut self) -> u32 {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        sequence
    }

    /// Takes the number and the id of the next event, told at this real moment.
    pub fn take_event(&mut self, real: Timestamp) -> (u32, EventId) {
        if self.told_ms.len() >= TOLD_MAX {
            self.told_ms.remove(0);
        }
        self.told_ms.push(real.millis());
        let sequence = self.take_sequence();
        (sequence, EventId::of_order(self.id, sequence, real))
    }

    /// The ids of its last events, oldest first.
    pub fn event_ids(&self) -> Vec<EventId> {
        let first = self.next_sequence.saturating_sub(u32::try_from(self.told_ms.len()).unwrap_or(u32::MAX));
        let numbered = (first..).zip(&self.told_ms);
        numbered.map(|(sequence, ms)| EventId::of_order(self.id, sequence, Timestamp::from_millis(*ms))).collect()
    }

    /// Notes something that nothing else tells.
    pub fn note(&mut self, at: Timestamp, what: Happening, detail: impl Into<String>) {
        if self.notes.len() >= NOTES_MAX {
            self.notes.remove(0);
        }
        self.notes.push(Note { at, sequence: self.next_sequence, what, detail: detail.into() });
    }
}
