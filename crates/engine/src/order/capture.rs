//! `POST /v1/capture`: collecting an authorisation in its window; and, for a call-centre order in CHALLENGE, "the agent
//! has confirmed the data, go on" (`wire-api` §6.4).

use std::sync::Arc;

use domain::{
    bounds::CONFLICT_RETRIES_MAX,
    change::{ChangeSet, Expectation, Write},
    channel::Channel,
    id::{AttemptId, OrderId},
    money::Money,
    order::{Order, State},
    time::Timestamp,
    timer::{self, Leased, Timer},
};
use processor::Failure;
use serde::{Deserialize, Serialize};

use crate::{
    Engine, Error, Principal, Result,
    commit::{Change, Commit},
    idempotency::Known,
    waits,
};

/// When a capture whose answer was lost is asked for again, seconds.
const WAITS_SECS: [u64; 6] = [30, 60, 300, 900, 1_800, 3_600];

/// `POST /v1/capture`, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Idempotency key.
    pub key: String,
    /// Keyed hash of the payload.
    pub payload_hash: [u8; 32],
    /// Recoup's order id.
    pub order: OrderId,
    /// The full amount.
    pub amount: Money,
}

domain::words! {
    /// Why a capture failed; the reply's `statusCode`.
    pub enum Refusal {
        /// Not the authorised amount.
        AmountMismatch = "AMOUNT_MISMATCH",
        /// Not the authorised currency.
        CurrencyMismatch = "CURRENCY_MISMATCH",
        /// Not authorised.
        NotCapturable = "NOT_CAPTURABLE",
        /// Too late.
        WindowClosed = "CAPTURE_WINDOW_CLOSED",
        /// The processor refused.
        ProcessorRefused = "PROCESSOR_REFUSED",
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The order.
    pub order: OrderId,
    /// The attempt whose authorisation was captured.
    pub transaction: Option<AttemptId>,
    /// None: captured.
    pub refusal: Option<Refusal>,
    /// For a person, when refused.
    pub message: Option<String>,
    /// The idempotency key was known.
    #[serde(skip)]
    pub replayed: bool,
}

impl Engine {
    /// Captures an authorised order in full.
    pub async fn capture(self: &Arc<Self>, principal: &Principal, request: Request) -> Result<Reply> {
        principal.require("capture")?;
        self.admit()?;
        let order = self.visible_order(principal, request.order).await?;
        let held = match self.take_key(order.mid, order.environment, "capture", &request.key, request.payload_hash).await? {
            Known::New(held) | Known::Unanswered { held, .. } => held,
            Known::Answered { body, .. } => {
                let stored: Reply = serde_json::from_str(&body).map_err(|error| Error::Internal(error.to_string()))?;
                return Ok(Reply { replayed: true, ..stored });
            }
        };
        let _one = self.order_locks.hold((order.mid, order.environment, &order.payment.order_id)).await;
        let reply = self.capture_now(&request).await?;
        self.keep_answer_under(&held, &order, &reply).await?;
        Ok(reply)
    }

    async fn capture_now(self: &Arc<Self>, request: &Request) -> Result<Reply> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let order = self.store.order(request.order).await?.ok_or(Error::NotFound)?;
            let now = self.now_for(order.mid, order.environment);
            if let (State::Challenged { .. }, Channel::CitCallCenter) = (&order.state, order.channel) {
                return self.confirm_by_agent(order, now).await;
            }
            let attempt = match lawful(&order, request.amount, now) {
                Ok(attempt) => attempt,
                Err(refusal) => return Ok(refused(&order, refusal, None)),
            };
            if order.state.code() == domain::order::Code::Recovered {
                return Ok(captured(&order, attempt));
            }
            if let Some(order) = self.reserve_capture(order, attempt, now).await? {
                return self.finish_capture(order, attempt, now).await;
            }
        }
        Err(Error::InProgress)
    }

    /// Says durably that the capture is wanted, before it is asked for: a crash in between is picked up by the timer.
    async fn reserve_capture(&self, order: Order, attempt: AttemptId, now: Timestamp) -> Result<Option<Order>> {
        let State::Authorized { capture_before, capturing, .. } = order.state else { return Ok(None) };
        if capturing {
            return Ok(Some(order));
        }
        let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
        let timer = capture_timer(&order, now + waits::after(0, &WAITS_SECS), 0);
        let mut change = Change::of(order, &tenant, now);
        change.advance(State::Authorized { attempt, capture_before, capturing: true })?;
        change.set.push(Write::SetTimer(timer));
        match self.commit(change).await? {
            (Commit::Done, order) => Ok(Some(order)),
            (Commit::Stale, _) => Ok(None),
        }
    }

    async fn finish_capture(self: &Arc<Self>, order: Order, attempt: AttemptId, now: Timestamp) -> Result<Reply> {
        let row = self.store.attempt(attempt).await?.ok_or(Error::NotFound)?;
        let chosen = self.processor_of(row.processor).await?;
        let request = processor::Capture { attempt, amount: Money::new(order.authorized_minor, order.amount.currency), at: now };
        match chosen.client.capture(&request).await {
            Ok(answer) => self.record_capture(order.id, attempt, answer.captured, answer.error, now).await,
            Err(Failure::Configuration { detail }) => self.record_capture(order.id, attempt, false, Some(detail), now).await,
            Err(Failure::NotOffered) => self.record_capture(order.id, attempt, false, Some("not offered".into()), now).await,
            // The capture stays wanted; the timer asks again, with the same attempt id, until there is an answer.
            Err(failure) => {
                tracing::warn!(order = %order.id, %failure, "a capture was not confirmed yet");
                Err(Error::Upstream)
            }
        }
    }

    async fn record_capture(
        &self,
        id: OrderId,
        attempt: AttemptId,
        done: bool,
        error: Option<String>,
        now: Timestamp,
    ) -> Result<Reply> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
            let State::Authorized { capture_before, .. } = order.state else {
                return Ok(if order.captured_minor > 0 {
                    captured(&order, attempt)
                } else {
                    refused(&order, Refusal::NotCapturable, error)
                });
            };
            let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
            let mut change = Change::of(order, &tenant, now);
            change.set.push(Write::ClearTimer { kind: timer::Kind::Capture, subject: id.0 });
            if done {
                change.order.captured_minor = change.order.authorized_minor;
                change.advance_paid()?;
            } else {
                change.advance(State::Authorized { attempt, capture_before, capturing: false })?;
            }
            if let (Commit::Done, order) = self.commit(change).await? {
                return Ok(if done { captured(&order, attempt) } else { refused(&order, Refusal::ProcessorRefused, error) });
            }
        }
        Err(Error::InProgress)
    }

    /// The timer of a capture whose answer was lost.
    pub(crate) async fn resume_capture(self: &Arc<Self>, leased: &Leased, now: Timestamp) -> Result<()> {
        let id = OrderId(leased.timer.subject);
        let order = self.store.order(id).await?;
        if let Some(order) = order
            && let State::Authorized { attempt, capturing: true, .. } = order.state
        {
            let wait = waits::after(leased.timer.tries, &WAITS_SECS);
            let again = capture_timer(&order, now + wait, leased.timer.tries);
            return match self.finish_capture(order, attempt, now).await {
                Ok(_) => Ok(()),
                Err(Error::Upstream) => self.move_timer(leased, again).await,
                Err(other) => Err(other),
            };
        }
        let set = ChangeSet::new().with(Write::ClearTimer { kind: timer::Kind::Capture, subject: id.0 });
        self.store.apply(set).await.map_err(Into::into)
    }

    /// Moves a leased timer on.
    pub(crate) async fn move_timer(&self, leased: &Leased, timer: Timer) -> Result<()> {
        let mut set = ChangeSet::new().with(Write::SetTimer(timer));
        set.expect(Expectation::Lease { kind: leased.timer.kind, subject: leased.timer.subject, lease: leased.lease });
        self.apply(set).await.map(|_| ())
    }
}

fn lawful(order: &Order, amount: Money, now: Timestamp) -> std::result::Result<AttemptId, Refusal> {
    let attempt = match (&order.state, order.paid_by) {
        (State::Authorized { attempt, capture_before, capturing }, _) => {
            if now >= *capture_before && !capturing {
                return Err(Refusal::WindowClosed);
            }
            *attempt
        }
        (State::Recovered, Some(attempt)) if order.transaction_type == domain::order::TransactionType::Authorization => attempt,
        (State::Cancelled { .. }, _)
            if order.transaction_type == domain::order::TransactionType::Authorization && order.tally.approved > 0 =>
        {
            return Err(Refusal::WindowClosed);
        }
        _ => return Err(Refusal::NotCapturable),
    };
    if amount.currency != order.amount.currency {
        return Err(Refusal::CurrencyMismatch);
    }
    if amount.minor != order.authorized_minor {
        return Err(Refusal::AmountMismatch);
    }
    Ok(attempt)
}

fn capture_timer(order: &Order, due: Timestamp, tries: u32) -> Timer {
    Timer { kind: timer::Kind::Capture, subject: order.id.0, mid: order.mid, environment: order.environment, due, tries }
}

fn captured(order: &Order, attempt: AttemptId) -> Reply {
    Reply { order: order.id, transaction: Some(attempt), refusal: None, message: None, replayed: false }
}

fn refused(order: &Order, refusal: Refusal, message: Option<String>) -> Reply {
    let message = message.or_else(|| Some(words(refusal).to_owned()));
    Reply { order: order.id, transaction: None, refusal: Some(refusal), message, replayed: false }
}

fn words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::AmountMismatch => "Only the full authorised amount can be captured.",
        Refusal::CurrencyMismatch => "The currency is not the authorised one.",
        Refusal::NotCapturable => "The order has no authorisation to capture.",
        Refusal::WindowClosed => "The capture window is closed; the authorisation was voided.",
        Refusal::ProcessorRefused => "The processor refused the capture.",
    }
}

pub(crate) fn confirmed(order: &Order) -> Reply {
    let paid = matches!(order.state, State::Recovered | State::Authorized { .. });
    match order.paid_by.filter(|_| paid) {
        Some(attempt) => captured(order, attempt),
        None => refused(order, Refusal::ProcessorRefused, None),
    }
}
