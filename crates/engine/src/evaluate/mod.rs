//! `POST /v1/evaluate`: a decline comes in, and an order begins.
//!
//! Road: key and context → faults → one order at a time for each merchant order id → repeat or new → refused, asked,
//! attempted, or planned → one answer, stored under its key.

mod arm;
mod context;
mod open;
mod repeat;
mod verdict;

use std::{sync::Arc, time::Duration};

use domain::{
    change::{ChangeSet, Write},
    channel::Channel,
    decline::Reason,
    fault::Faults,
    intake,
    ledger::Initiator,
    mark::Mark,
    order::{Actor, Ending, Order, State},
    settings::MitMode,
};

pub use arm::Shares;
use recovery::Overruled;
pub use verdict::{Status, Verdict};

use crate::{
    Engine, Error, Principal, Result,
    commit::{Change, Commit},
    idempotency::{Held, Known},
    rescue::{Next, Send, Sent, Step, finish, follow, kept},
};
use context::Context;

/// A verdict, and whether it was given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluated {
    /// The answer.
    pub verdict: Verdict,
    /// The idempotency key was known.
    pub replayed: bool,
}

impl Engine {
    /// Evaluates a declined payment. All faults of the request come back at once.
    pub async fn evaluate(
        self: &Arc<Self>,
        principal: &Principal,
        input: Option<intake::Evaluate>,
        mut faults: Faults,
    ) -> Result<Evaluated> {
        principal.require("evaluate")?;
        self.admit()?;
        let mid = self.merchant_for(principal, input.as_ref().and_then(|input| input.mid), &mut faults).await?;
        let Some((input, mid)) = input.zip(mid) else { return Err(Error::Invalid(faults)) };
        if !faults.is_empty() {
            // What the context would add is still told, so that one answer names every fault.
            self.context(principal, mid, &input, &mut faults).await?;
            return Err(Error::Invalid(faults));
        }
        let held = match self.take_key(mid, principal.environment, "evaluate", &input.idempotency_key, input.payload_hash).await?
        {
            Known::New(held) => held,
            Known::Answered { body, order, held, .. } => return self.replay(body, order, held).await,
            Known::Unanswered { order, held } => return self.resume(order, held).await,
        };
        let _one_at_a_time = self.order_locks.hold((mid, principal.environment, &input.payment.order_id)).await;
        let Some(context) = self.context(principal, mid, &input, &mut faults).await?.filter(|_| faults.is_empty()) else {
            return Err(Error::Invalid(faults));
        };
        metrics::counter!("recoup_evaluates_total", "channel" => context.channel.as_str()).increment(1);
        let verdict = match self.repeat(&context, &input, &held).await? {
            repeat::Repeat::Answered(verdict) => *verdict,
            repeat::Repeat::New(correlation) => self.begin(&context, &input, &held, correlation).await?,
        };
        let mark = if context.channel == Channel::Mit { Mark::EvaluateMit } else { Mark::EvaluateCit };
        self.note_call(principal, mid, mark);
        Ok(Evaluated { verdict, replayed: false })
    }

    /// A new order: refused at once, planned (MIT), or decided in real time (CIT, sync MIT that is due).
    async fn begin(
        self: &Arc<Self>,
        context: &Context,
        input: &intake::Evaluate,
        held: &Held,
        correlation: Option<String>,
    ) -> Result<Verdict> {
        for _ in 0..domain::bounds::CONFLICT_RETRIES_MAX {
            let mut change = self.open_order(context, input, correlation.clone()).await?;
            if let Some(reason) = self.refusal(context, input, &change.order).await? {
                change.order.next_action = Some(crate::rescue::next_action(reason));
                finish(&mut change, Ending { reason, by: Actor::System, at: context.now })?;
                if let Some(verdict) = self.answer_at_once(context, change, held).await? {
                    return Ok(verdict);
                }
                continue;
            }
            self.draw_arm(&mut change.order);
            let attempted = match change.order.initiator() {
                Initiator::Cit => self.begin_cit(context, change, held).await?,
                Initiator::Mit => self.begin_mit(context, change, held).await?,
            };
            if let Some(verdict) = attempted {
                return Ok(verdict);
            }
        }
        Err(Error::InProgress)
    }

    async fn begin_mit(self: &Arc<Self>, context: &Context, mut change: Change<'_>, held: &Held) -> Result<Option<Verdict>> {
        let mut next = self.plan(&change).await?;
        let due = matches!(next.step, Step::Attempt(at) if at <= context.now);
        let sync = change.order.mit_mode == Some(MitMode::Sync);
        if sync && due {
            change.advance(State::Evaluating)?;
            return self.attempt_in_real_time(context, change, next, held).await;
        }
        match next.step {
            // A managed order that can only end is accepted first and ended by its timer: the answer is SUBMITTED.
            Step::Stop(_) if !sync => change.decide(&mut next)?,
            _ => follow(&mut change, &mut next)?,
        }
        self.answer_at_once(context, change, held).await
    }

    async fn begin_cit(self: &Arc<Self>, context: &Context, mut change: Change<'_>, held: &Held) -> Result<Option<Verdict>> {
        change.advance(State::Evaluating)?;
        let mut next = self.cit_next(context, &change).await?;
        if next.step == Step::AskUpdater {
            change.decide(&mut next)?;
            let found = self.ask_updater(&mut change).await?;
            next = self.cit_next(context, &change).await?;
            if found && next.step == Step::AskUpdater {
                next.overrule(Step::Attempt(context.now), Overruled::UpdatedCard, context.now);
            }
        }
        next.weighed(self.risk_of(&change.order, context.now).await?, context.now);
        if matches!(next.step, Step::Attempt(_)) {
            return self.attempt_in_real_time(context, change, next, held).await;
        }
        follow(&mut change, &mut next)?;
        self.answer_at_once(context, change, held).await
    }

    /// The decision for a present customer: the sandbox's tables first, then `recovery`.
    async fn cit_next(&self, context: &Context, change: &Change<'_>) -> Result<Next> {
        let mut next = self.realtime(change, context.settings.challenge_enabled).await?;
        let by_table = context.magic_step(next.step.clone());
        if by_table != next.step {
            next.overrule(by_table, Overruled::Scenario, context.now);
        }
        Ok(next)
    }

    /// Commits an order together with its answer; `None` when another request came first.
    async fn answer_at_once(&self, context: &Context, mut change: Change<'_>, held: &Held) -> Result<Option<Verdict>> {
        let verdict = Verdict::of(&change.order);
        let record = self.key_record(held, context.mid, Some(change.order.id), Some((200, verdict.stored())));
        change.set.push(Write::InsertIdempotency(record));
        match self.commit(change).await? {
            (Commit::Done, _) => Ok(Some(verdict)),
            (Commit::Stale, _) => Ok(None),
        }
    }

    /// Reserves, sends, and answers within the real-time budget. What is undecided then is declined to a present
    /// customer, and an approval that comes later is given back.
    async fn attempt_in_real_time(
        self: &Arc<Self>,
        context: &Context,
        mut change: Change<'_>,
        mut next: Next,
        held: &Held,
    ) -> Result<Option<Verdict>> {
        let Some(chosen) = self.route(&change.order).await? else {
            next.overrule(Step::Stop(Reason::NoRoute), Overruled::NoRoute, context.now);
            change.decide(&mut next)?;
            finish(&mut change, Ending { reason: Reason::NoRoute, by: Actor::System, at: context.now })?;
            return self.answer_at_once(context, change, held).await;
        };
        change.decide(&mut next)?;
        let decision = kept(&change.order);
        change.set.push(Write::InsertIdempotency(self.key_record(held, context.mid, Some(change.order.id), None)));
        let send = Send { change, ledger_rows: next.ledger_rows, decision };
        let Sent::Away(task, order) = self.send(send, &context.tenant, chosen).await? else { return Ok(None) };
        let budget = Duration::from_millis(context.settings.realtime_budget_ms.into());
        let order = match tokio::time::timeout(budget, task).await {
            Ok(done) => self.settle_in_real_time(done.map_err(|error| Error::Internal(error.to_string()))??, context).await?,
            Err(_) => self.give_up_waiting(order.id, context).await?,
        };
        let verdict = Verdict::of(&order);
        let answer = Write::AnswerIdempotency { scope: held.scope, status: 200, body: verdict.stored() };
        self.store.apply(ChangeSet::new().with(answer)).await?;
        Ok(Some(verdict))
    }

    /// A result that is unknown already is no answer to a present customer.
    async fn settle_in_real_time(self: &Arc<Self>, order: Order, context: &Context) -> Result<Order> {
        match order.state {
            State::Reconciling { .. } => self.give_up_waiting(order.id, context).await,
            _ => Ok(order),
        }
    }

    async fn give_up_waiting(self: &Arc<Self>, id: domain::id::OrderId, context: &Context) -> Result<Order> {
        for _ in 0..domain::bounds::CONFLICT_RETRIES_MAX {
            let order = self.store.order(id).await?.ok_or(Error::NotFound)?;
            let undecided = matches!(order.state, State::Attempting { .. } | State::Reconciling { .. });
            if !undecided || order.initiator() == Initiator::Mit {
                return Ok(order);
            }
            let mut change = Change::of(order, &context.tenant, self.now_for(context.mid, context.environment));
            change.order.ending = Some(Ending { reason: Reason::Timeout, by: Actor::System, at: change.now });
            change.order.reason = Some(Reason::Timeout);
            if let (Commit::Done, order) = self.commit(change).await? {
                return Ok(order);
            }
        }
        Err(Error::InProgress)
    }

    /// The stored answer again; for sync MIT that is still open, the current state.
    async fn replay(self: &Arc<Self>, body: String, order: Option<domain::id::OrderId>, _held: Held) -> Result<Evaluated> {
        let stored = Verdict::from_stored(&body).ok_or_else(|| Error::Internal("a stored answer is unreadable".into()))?;
        if let Some(order) = self.find(order).await?
            && order.mit_mode == Some(MitMode::Sync)
        {
            let now = self.now_for(order.mid, order.environment);
            let order = if order.state.code().is_open() { self.step(order, now).await? } else { order };
            return Ok(Evaluated { verdict: Verdict::of(&order), replayed: true });
        }
        Ok(Evaluated { verdict: stored, replayed: true })
    }

    /// The request was accepted, and a crash came before its answer: the order tells how far it is.
    async fn resume(self: &Arc<Self>, order: Option<domain::id::OrderId>, held: Held) -> Result<Evaluated> {
        let order = self.find(order).await?.ok_or(Error::InProgress)?;
        let order = self.step(order.clone(), self.now_for(order.mid, order.environment)).await?;
        let order = if matches!(order.state, State::Attempting { .. } | State::Reconciling { .. }) {
            self.settle_interrupted(order).await?
        } else {
            order
        };
        let verdict = Verdict::of(&order);
        if !matches!(order.state, State::Attempting { .. }) {
            let answer = Write::AnswerIdempotency { scope: held.scope, status: 200, body: verdict.stored() };
            self.store.apply(ChangeSet::new().with(answer)).await?;
        }
        Ok(Evaluated { verdict, replayed: true })
    }

    /// An attempt that a crash interrupted is looked up now: somebody waits for its answer.
    async fn settle_interrupted(self: &Arc<Self>, order: Order) -> Result<Order> {
        let (State::Attempting { attempt, .. } | State::Reconciling { attempt, .. }) = order.state else { return Ok(order) };
        let Some(tenant) = self.tenants.get(order.mid).await? else { return Ok(order) };
        let now = self.now_for(order.mid, order.environment);
        self.inquire(order, &tenant, attempt, now).await
    }

    async fn find(&self, order: Option<domain::id::OrderId>) -> Result<Option<Order>> {
        match order {
            Some(id) => Ok(self.store.order(id).await?),
            None => Ok(None),
        }
    }
}
