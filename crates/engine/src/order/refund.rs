//! `POST /v1/orders/{id}/refund`: major units in, never above what was captured, repeat-safe (`wire-api` §6.6).

use std::sync::Arc;

use domain::{
    bounds::CONFLICT_RETRIES_MAX,
    change::{ChangeSet, Write},
    event::Kind,
    fault::Faults,
    id::{OrderId, RefundId},
    mark::Mark,
    money::Money,
    order::{Order, State},
    refund::{self, Refund},
    time::Timestamp,
    timer::{self, Leased, Timer},
};
use processor::Failure;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Engine, Error, Principal, Result,
    commit::{Change, Commit},
    idempotency::Known,
    waits,
};

/// When a refund whose answer was lost is asked for again, seconds.
const WAITS_SECS: [u64; 6] = [30, 60, 300, 900, 1_800, 3_600];

/// `POST /v1/orders/{id}/refund`, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Recoup's order id.
    pub order: OrderId,
    /// Major units as text.
    pub amount: String,
    /// The merchant's note.
    pub message: Option<String>,
    /// Idempotency key; without one, amount and note are the key for 24 hours.
    pub key: Option<String>,
    /// Keyed hash of the payload.
    pub payload_hash: [u8; 32],
}

/// The answer. Business failures have a code other than 1000 and no refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// `1000`, `2001`–`2004`.
    pub code: String,
    /// `APPROVED`, or why not.
    pub message: String,
    /// The refund.
    pub refund: Option<RefundId>,
    /// The idempotency key was known.
    #[serde(skip)]
    pub replayed: bool,
}

impl Engine {
    /// Refunds an order, wholly or in part.
    pub async fn refund(self: &Arc<Self>, principal: &Principal, request: Request) -> Result<Reply> {
        principal.require("refunds")?;
        self.admit()?;
        let order = self.visible_order(principal, request.order).await?;
        let amount = read_amount(&request.amount, &order)?;
        let (endpoint, key, payload) = Self::key_of_refund(&order, amount, &request);
        let held = match self.take_key(order.mid, order.environment, &endpoint, &key, payload).await? {
            Known::New(held) | Known::Unanswered { held, .. } => held,
            Known::Answered { body, .. } => {
                let stored: Reply = serde_json::from_str(&body).map_err(|error| Error::Internal(error.to_string()))?;
                return Ok(Reply { replayed: true, ..stored });
            }
        };
        let _one = self.order_locks.hold((order.mid, order.environment, &order.payment.order_id)).await;
        // The refund's id follows from the key: a repeat after a lost answer finds the same refund, whatever came between.
        let id = RefundId(uuid::Builder::from_random_bytes(self.refund_id_bytes(&held.scope, order.mid).await?).into_uuid());
        let reply = self.refund_now(order.id, id, amount, request.message).await?;
        // A refusal that may be different tomorrow is not kept: the key stays free.
        if reply.code == "1000" {
            self.note_call(principal, order.mid, Mark::Refund);
            self.keep_answer_under(&held, &order, &reply).await?;
        }
        Ok(reply)
    }

    fn key_of_refund(order: &Order, amount: Money, request: &Request) -> (String, String, [u8; 32]) {
        let endpoint = format!("refund/{}", order.id);
        match &request.key {
            Some(key) => (endpoint, key.clone(), request.payload_hash),
            None => {
                let note = request.message.as_deref().unwrap_or_default();
                let own = format!("auto/{}/{note}", amount.minor);
                (endpoint, own, [0; 32])
            }
        }
    }

    /// Sixteen bytes that stay the same while the key's first refund is unsettled or its record lives. A key whose
    /// record ran out after a day starts a new refund.
    async fn refund_id_bytes(&self, scope: &[u8; 32], mid: domain::id::Mid) -> Result<[u8; 16]> {
        for generation in 0u32.. {
            let hash = self.hasher.of(&[b"refund", scope, &mid.bytes(), &generation.to_le_bytes()]);
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&hash[..16]);
            let id = RefundId(uuid::Builder::from_random_bytes(bytes).into_uuid());
            match self.store.refund(id).await? {
                None => return Ok(bytes),
                Some(known) if known.state == refund::State::Pending => return Ok(bytes),
                Some(known) if known.state == refund::State::Success && self.is_recent(&known) => return Ok(bytes),
                Some(_) => {}
            }
        }
        Err(Error::Internal("no refund id".into()))
    }

    /// Whether a refund settled so lately that a repeat of its request means the same one.
    fn is_recent(&self, known: &Refund) -> bool {
        let now = self.now_for(known.mid, known.environment);
        now.since(known.created_at) < domain::time::HOUR * domain::bounds::IDEMPOTENCY_LIFE_HOURS as u32
    }

    async fn refund_now(self: &Arc<Self>, order: OrderId, id: RefundId, amount: Money, message: Option<String>) -> Result<Reply> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let order = self.store.order(order).await?.ok_or(Error::NotFound)?;
            let now = self.now_for(order.mid, order.environment);
            if let Some(known) = self.store.refund(id).await? {
                return match known.state {
                    refund::State::Success => Ok(approved(id)),
                    refund::State::Pending => self.finish_refund(known, now).await,
                    refund::State::Failed => Ok(refused_by_processor(known.response_code)),
                };
            }
            let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
            let disputed = self.is_disputed(&order).await?;
            if let Some(refused) = refusal(&order, amount, disputed, tenant.merchant.settings.refund_partial_max_percent) {
                return Ok(refused);
            }
            let mut change = Change::of(order, &tenant, now);
            let refund = reserve(&mut change, id, amount, message.clone())?;
            if matches!(self.commit(change).await?, (Commit::Done, _)) {
                return self.finish_refund(refund, now).await;
            }
        }
        Err(Error::InProgress)
    }

    async fn finish_refund(self: &Arc<Self>, refund: Refund, now: Timestamp) -> Result<Reply> {
        let attempt = self.store.attempt(refund.attempt).await?.ok_or(Error::NotFound)?;
        let chosen = self.processor_of(attempt.processor).await?;
        let request = processor::Refund { refund: refund.id, attempt: refund.attempt, amount: refund.amount, at: now };
        match chosen.client.refund(&request).await {
            Ok(answer) => self.record_refund(refund.id, answer.refunded, answer.response_code, now).await,
            Err(Failure::Configuration { detail }) => self.record_refund(refund.id, false, Some(detail), now).await,
            Err(Failure::NotOffered) => self.record_refund(refund.id, false, Some("not offered".into()), now).await,
            // The refund stays wanted; the timer asks again, with the same refund id, until there is an answer.
            Err(failure) => {
                tracing::warn!(order = %refund.order, %failure, "a refund was not confirmed yet");
                Err(Error::Upstream)
            }
        }
    }

    pub(crate) async fn record_refund(&self, id: RefundId, done: bool, code: Option<String>, now: Timestamp) -> Result<Reply> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let mut refund = self.store.refund(id).await?.ok_or(Error::NotFound)?;
            match refund.state {
                refund::State::Success => return Ok(approved(id)),
                refund::State::Failed => return Ok(refused_by_processor(refund.response_code)),
                refund::State::Pending => {}
            }
            let order = self.store.order(refund.order).await?.ok_or(Error::NotFound)?;
            let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
            let mut change = Change::of(order, &tenant, now);
            refund.version += 1;
            refund.state = if done { refund::State::Success } else { refund::State::Failed };
            refund.settled_at = Some(now);
            refund.response_code.clone_from(&code);
            settle(&mut change, &refund)?;
            change.set.push(Write::UpdateRefund(Box::new(refund)));
            if matches!(self.commit(change).await?, (Commit::Done, _)) {
                return Ok(if done { approved(id) } else { refused_by_processor(code) });
            }
        }
        Err(Error::InProgress)
    }

    /// The timer of a refund whose answer was lost.
    pub(crate) async fn resume_refund(self: &Arc<Self>, leased: &Leased, now: Timestamp) -> Result<()> {
        let id = RefundId(leased.timer.subject);
        let wait = waits::after(leased.timer.tries, &WAITS_SECS);
        match self.store.refund(id).await? {
            Some(refund) if refund.state == refund::State::Pending => match self.finish_refund(refund, now).await {
                Ok(_) => Ok(()),
                Err(Error::Upstream) => self.move_timer(leased, Timer { due: now + wait, ..leased.timer.clone() }).await,
                Err(other) => Err(other),
            },
            _ => {
                let set = ChangeSet::new().with(Write::ClearTimer { kind: timer::Kind::Refund, subject: id.0 });
                self.store.apply(set).await.map_err(Into::into)
            }
        }
    }
}

fn read_amount(text: &str, order: &Order) -> Result<Money> {
    let mut faults = Faults::new();
    match Money::from_major(text, order.amount.currency) {
        Ok(amount) if amount.minor > 0 => return Ok(amount),
        Ok(_) => faults.add("AmountToRefund", "The field AmountToRefund must be greater than 0."),
        Err(_) => faults.invalid("AmountToRefund"),
    }
    Err(Error::Invalid(faults))
}

/// Why a refund is refused before the processor is asked.
fn refusal(order: &Order, amount: Money, disputed: bool, partial_max_percent: u8) -> Option<Reply> {
    let refundable = Money::new(order.refundable_minor().max(0), order.amount.currency);
    let refuse = |code: &str, message: String| Some(Reply { code: code.into(), message, refund: None, replayed: false });
    if disputed {
        return refuse("2003", "The order is disputed".into());
    }
    if amount.minor > refundable.minor || order.paid_by.is_none() {
        // The doubled parenthesis is part of the text that existing clients know.
        let message =
            format!("Amount to refund ({}) is greater than maximum refund amount in ({}))", amount.major(), refundable.major());
        return refuse("2001", message);
    }
    let partial = amount.minor < order.captured_minor;
    if partial && i128::from(amount.minor) * 100 > i128::from(order.captured_minor) * i128::from(partial_max_percent) {
        return refuse("2002", format!("A partial refund may be at most {partial_max_percent} percent of the captured amount"));
    }
    None
}

fn reserve(change: &mut Change<'_>, id: RefundId, amount: Money, message: Option<String>) -> Result<Refund> {
    let now = change.now;
    let order = &mut change.order;
    let attempt = order.paid_by.ok_or_else(|| Error::Internal("a captured order without its attempt".into()))?;
    order.refunding_minor += amount.minor;
    let refund = Refund {
        id,
        version: 1,
        mid: order.mid,
        environment: order.environment,
        order: order.id,
        attempt,
        amount,
        message,
        state: refund::State::Pending,
        created_at: now,
        settled_at: None,
        response_code: None,
    };
    change.set.push(Write::InsertRefund(Box::new(refund.clone())));
    change.set.push(Write::SetTimer(Timer {
        kind: timer::Kind::Refund,
        subject: id.0,
        mid: refund.mid,
        environment: refund.environment,
        due: now + waits::after(0, &WAITS_SECS),
        tries: 0,
    }));
    Ok(refund)
}

fn settle(change: &mut Change<'_>, refund: &Refund) -> Result<()> {
    let order = &mut change.order;
    order.refunding_minor -= refund.amount.minor;
    change.set.push(Write::ClearTimer { kind: timer::Kind::Refund, subject: refund.id.0 });
    if refund.state != refund::State::Success {
        return Ok(());
    }
    order.refunded_minor += refund.amount.minor;
    let whole = order.refunded_minor >= order.captured_minor;
    let data = json!({
        "RefundAmount": refund.amount.major().parse::<f64>().unwrap_or_default(),
        "RefundAmountMinor": refund.amount.minor,
        "AmountRefunded": order.refunded_minor,
        "RefundTransactionId": refund.id,
        "External": false,
    });
    if whole {
        change.advance(State::Refunded { refund: refund.id })?;
        change.order.reason = Some(domain::decline::Reason::Refunded);
    }
    change.tell(Kind::OrderRefunded, data);
    Ok(())
}

fn approved(id: RefundId) -> Reply {
    Reply { code: "1000".into(), message: "APPROVED".into(), refund: Some(id), replayed: false }
}

fn refused_by_processor(code: Option<String>) -> Reply {
    let detail = code.map(|code| format!(" ({code})")).unwrap_or_default();
    Reply { code: "2004".into(), message: format!("The processor refused the refund{detail}"), refund: None, replayed: false }
}
