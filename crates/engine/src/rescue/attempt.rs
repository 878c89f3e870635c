//! An attempt: reserved and durable, then sent, then recorded. It is sent once; whatever happens in between, its result
//! is looked up, never sent again.

use std::sync::Arc;

use domain::{
    attempt::{Attempt, Progress},
    change::{ChangeSet, Expectation, Write},
    id::{AttemptId, ProcessorId},
    ledger::{Entry, Origin, Outcome},
    order::{Credential, Order, State, TransactionType},
    time::{DAY, MINUTE, Timestamp},
};
use processor::{Authorization, Authorize, Failure};
use tokio::task::JoinHandle;

use crate::{
    Engine, Result,
    commit::{Change, Commit},
    inflight::Entered,
    processors::Chosen,
    tenants::Tenant,
};

/// How far back the ledger is counted: the networks' longest window, and a day.
pub const LEDGER_DAYS: u32 = 31;
/// How far back it is read: older attempts limit nothing, but they tell when money comes.
pub const HISTORY_DAYS: u32 = 400;

/// Rows of that older history that are looked at, the newest.
pub const HISTORY_ROWS_MAX: usize = 64;

/// Rows of a card's ledger that a reservation expects to find unchanged.
pub(crate) fn counted_rows(ledger: &[Entry], now: Timestamp) -> u32 {
    let since = now - DAY * LEDGER_DAYS;
    ledger.iter().filter(|entry| entry.at >= since).count() as u32
}

/// What a reservation needs beside the order.
pub(crate) struct Send<'a> {
    /// The order, not yet in `ATTEMPTING`.
    pub change: Change<'a>,
    /// Rows of the card's ledger that the decision saw: one more now, and the decision is stale.
    pub ledger_rows: u32,
    /// The decision, for the record.
    pub decision: Option<serde_json::Value>,
}

/// What came of a reservation.
pub(crate) enum Sent {
    /// On its way; the task ends when the answer is recorded and gives the order as it then stands.
    Away(JoinHandle<Result<Order>>, Box<Order>),
    /// Somebody else changed the order or the card's ledger first; nothing was reserved.
    Stale,
}

/// An attempt that is durable and not yet sent.
pub(super) struct Ready {
    pub attempt: Attempt,
    pub order: Order,
    pub request: Authorize,
    pub chosen: Chosen,
    pub tenant: Arc<Tenant>,
    visit: Visit,
    _under_way: Option<Entered<AttemptId>>,
}

/// The attempts made while somebody waits for one answer.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// When the first was reserved, UTC, real time.
    pub began: Timestamp,
    /// Accounts that were asked.
    pub tried: Vec<ProcessorId>,
}

/// An attempt that a change reserves.
pub(super) struct Reserved {
    attempt: Attempt,
    credential: Credential,
    chosen: Chosen,
    under_way: Option<Entered<AttemptId>>,
}

impl Engine {
    /// Reserves an attempt (row, ledger slot, state) in one commit and sends it in a task of its own.
    pub(crate) async fn send(self: &Arc<Self>, send: Send<'_>, tenant: &Arc<Tenant>, chosen: Chosen) -> Result<Sent> {
        let Send { mut change, ledger_rows, decision } = send;
        let reserved = self.reserve(&mut change, ledger_rows, decision, chosen)?;
        let (done, order) = self.commit(change).await?;
        if matches!(done, Commit::Stale) {
            return Ok(Sent::Stale);
        }
        let visit = Visit { began: reserved.attempt.reserved_at, tried: vec![] };
        let ready = self.ready(reserved, order.clone(), tenant, visit).await?;
        let engine = self.clone();
        Ok(Sent::Away(
            tokio::spawn(crate::moment::inherited(processor::trace::inherited(
                async move { engine.send_and_record(ready).await },
            ))),
            Box::new(order),
        ))
    }

    /// Puts an attempt into a change: row, ledger slot, state.
    pub(super) fn reserve(
        &self,
        change: &mut Change<'_>,
        ledger_rows: u32,
        decision: Option<serde_json::Value>,
        chosen: Chosen,
    ) -> Result<Reserved> {
        let now = change.now;
        let Some(credential) = change.order.credential().cloned() else {
            return Err(crate::Error::Internal("an order without a credential was to be attempted".into()));
        };
        let attempt = self.new_attempt(&change.order, &credential, &chosen, now, decision);
        let under_way = self.attempts.enter(attempt.id);
        let deadline = now + chosen.timeout + MINUTE / 4;
        change.advance(State::Attempting { attempt: attempt.id, deadline })?;
        let order = &mut change.order;
        order.attempts_reserved += 1;
        order.tally.total += 1;
        order.tally.unknown += 1;
        order.tally.last_at = Some(now);
        order.worked_at.get_or_insert(now);
        let since = now - DAY * LEDGER_DAYS;
        change.set.expect(Expectation::LedgerRows {
            mid: order.mid,
            environment: order.environment,
            keys: [credential.key, credential.weak_key],
            since,
            rows: ledger_rows,
        });
        // Expectations are checked first, so the row of the order's own decline may stand in the same set.
        change.set.push(Write::InsertLedger(reserved_slot(order, &attempt)));
        change.set.push(Write::InsertAttempt(Box::new(attempt.clone())));
        Ok(Reserved { attempt, credential, chosen, under_way })
    }

    /// A reserved attempt, now durable, with the request that is sent.
    async fn ready(&self, reserved: Reserved, order: Order, tenant: &Arc<Tenant>, mut visit: Visit) -> Result<Ready> {
        metrics::counter!("recoup_attempts_total").increment(1);
        let Reserved { attempt, credential, chosen, under_way } = reserved;
        let request = self.request(&order, &attempt, &credential, &chosen, tenant).await?;
        visit.tried.extend(chosen.account);
        Ok(Ready { attempt, order, request, chosen, tenant: tenant.clone(), visit, _under_way: under_way })
    }

    /// Sends and records; while a customer waits and the answer says nothing of the card, by the next route too.
    async fn send_and_record(self: Arc<Self>, mut ready: Ready) -> Result<Order> {
        loop {
            let heard = Self::ask(&ready).await;
            let at = self.now_for(ready.order.mid, ready.order.environment).max(ready.attempt.at);
            let Ready { order, attempt, tenant, visit, _under_way: under_way, .. } = ready;
            let (order, next) = self.record_in(order, attempt, &tenant, heard, at, Some(&visit)).await?;
            drop(under_way);
            let Some(next) = next else { return Ok(order) };
            ready = self.ready(next, order, &tenant, visit).await?;
        }
    }

    async fn ask(ready: &Ready) -> Heard {
        let started = std::time::Instant::now();
        let limit = ready.chosen.timeout;
        let answer = tokio::time::timeout(limit, ready.chosen.client.authorize(&ready.request)).await;
        let answer = answer.unwrap_or_else(|_| Err(Failure::Unknown { detail: "no answer in time".into() }));
        let latency_ms = started.elapsed().as_millis() as u32;
        metrics::histogram!("recoup_processor_seconds").record(started.elapsed().as_secs_f64());
        heard(answer, latency_ms)
    }

    fn new_attempt(
        &self,
        order: &Order,
        credential: &Credential,
        chosen: &Chosen,
        now: Timestamp,
        decision: Option<serde_json::Value>,
    ) -> Attempt {
        let real = self.clock.now();
        Attempt {
            id: AttemptId::at(real, self.random.bytes()),
            version: 1,
            mid: order.mid,
            environment: order.environment,
            order: order.id,
            number: order.attempts_reserved + 1,
            at: now,
            reserved_at: real,
            initiator: order.initiator(),
            amount: domain::money::Money::new(order.remaining_minor(), order.amount.currency),
            capture: order.transaction_type == TransactionType::Purchase,
            processor: chosen.account,
            processor_name: chosen.name.clone(),
            descriptor: order.descriptor.clone(),
            token: credential.token,
            credential_version: credential.version,
            card: credential.key,
            network: credential.network,
            progress: Progress::Reserved,
            reversal: None,
            decision,
        }
    }
}

/// What was heard of an attempt.
pub(super) enum Heard {
    /// The issuer's answer, and how many milliseconds it took; none: it was looked up.
    Answer(Box<Authorization>, Option<u32>),
    /// The money may have moved.
    Unknown(String),
    /// Nothing was sent to the issuer; when to try again, if told.
    NotSent(String, Option<std::time::Duration>),
    /// The account's set-up is wrong; nothing was sent.
    Configuration(String),
}

fn heard(answer: std::result::Result<Authorization, Failure>, latency_ms: u32) -> Heard {
    match answer {
        Ok(answer) => Heard::Answer(Box::new(answer), Some(latency_ms)),
        Err(Failure::Unknown { detail }) => Heard::Unknown(detail),
        Err(Failure::InProgress) => Heard::Unknown("in progress at the processor".into()),
        Err(Failure::NotSent { detail, retry_after }) => Heard::NotSent(detail, retry_after),
        Err(Failure::Configuration { detail }) => Heard::Configuration(detail),
        Err(Failure::NotOffered) => Heard::Configuration("authorize is not offered".into()),
    }
}

/// The slot an attempt takes in the ledger before it is sent.
fn reserved_slot(order: &Order, attempt: &Attempt) -> Entry {
    Entry {
        mid: order.mid,
        environment: order.environment,
        card: attempt.card,
        at: attempt.at,
        id: attempt.id.0,
        origin: Origin::Own,
        initiator: attempt.initiator,
        amount: attempt.amount,
        network: attempt.network,
        outcome: Outcome::Pending,
        response_code: None,
        advice_code: None,
        order: Some(order.id),
    }
}

/// Says in the ledger what became of an attempt.
pub(super) fn settle_slot(set: &mut ChangeSet, attempt: &Attempt, outcome: Outcome, code: Option<&str>, advice: Option<&str>) {
    set.push(Write::SettleLedger {
        mid: attempt.mid,
        environment: attempt.environment,
        card: attempt.card,
        at: attempt.at,
        id: attempt.id.0,
        outcome,
        response_code: code.map(str::to_owned),
        advice_code: advice.map(str::to_owned),
    });
}
