//! An attempt's answer, recorded in one commit with everything that follows from it.

use std::{sync::Arc, time::Duration};

use domain::{
    attempt::{Answered, Attempt, Progress, Verdict},
    bounds::CONFLICT_RETRIES_MAX,
    change::Write,
    decline::{Answer, Class, Reason},
    event::Kind,
    ledger::{Initiator, Outcome},
    order::{Challenge, Order, RouteKind, Seen, State, TransactionType},
    time::Timestamp,
    timer,
};
use processor::Authorization;
use recovery::Overruled;
use serde_json::json;

use super::{
    attempt::{Heard, Reserved, Visit, settle_slot},
    end::{finish, stop},
    log::kept,
    next::{Next, Step, follow},
    reconcile::inquiry_wait,
    reversal::ask_reversal,
};
use crate::{
    Engine, Error, Result,
    commit::{Change, Commit},
    tenants::Tenant,
};

/// Answers that an order remembers.
const SEEN_MAX: usize = 64;
/// Wait after an attempt that never left our process.
const NOT_SENT_WAIT: Duration = Duration::from_secs(300);
/// Wait after the processor refused the account's set-up.
const CONFIGURATION_WAIT: Duration = Duration::from_secs(3_600);
/// Another route is asked only while so much of the real-time budget is left.
const ANSWER_TIME_LEAST: Duration = Duration::from_millis(250);

/// What follows when nothing was sent and no other route is asked.
struct Again {
    wait: Duration,
    reason: Reason,
}

impl Engine {
    /// Records what was heard of an attempt.
    pub(super) async fn record(
        self: &Arc<Self>,
        order: Order,
        attempt: Attempt,
        tenant: &Tenant,
        heard: Heard,
        at: Timestamp,
    ) -> Result<Order> {
        Ok(self.record_in(order, attempt, tenant, heard, at, None).await?.0)
    }

    /// The same within a visit, which may go on by another route: then with the next attempt, reserved in the same commit.
    /// Reads again and decides again while other commits come first; an attempt that was settled meanwhile stays as it is.
    pub(super) async fn record_in(
        self: &Arc<Self>,
        mut order: Order,
        mut attempt: Attempt,
        tenant: &Tenant,
        heard: Heard,
        at: Timestamp,
        visit: Option<&Visit>,
    ) -> Result<(Order, Option<Reserved>)> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            if matches!(attempt.progress, Progress::Answered(_) | Progress::Released { .. }) {
                return Ok((order, None));
            }
            let mut change = Change::of(order, tenant, at);
            if matches!(change.order.state, State::Faulted { .. }) {
                change.advance(State::Reconciling { attempt: attempt.id, next_inquiry: at, inquiries: 0 })?;
            }
            let next = self.settle(&mut change, attempt.clone(), &heard, visit).await?;
            let (done, after) = self.commit(change).await?;
            if matches!(done, Commit::Done) {
                return Ok((after, next));
            }
            order = self.store.order(after.id).await?.ok_or(Error::NotFound)?;
            attempt = self.store.attempt(attempt.id).await?.ok_or(Error::NotFound)?;
        }
        Err(Error::Internal("an attempt's answer could not be recorded: too many concurrent changes".into()))
    }

    async fn settle(
        &self,
        change: &mut Change<'_>,
        mut attempt: Attempt,
        heard: &Heard,
        visit: Option<&Visit>,
    ) -> Result<Option<Reserved>> {
        attempt.version += 1;
        match heard {
            Heard::Answer(answer, latency_ms) if !change.order.state.code().is_open() => {
                self.late(change, attempt, answer, *latency_ms);
                Ok(None)
            }
            Heard::Answer(answer, latency_ms) => self.answered(change, attempt, answer, *latency_ms, visit).await,
            Heard::Unknown(detail) => unknown(change, attempt, detail, None).map(|()| None),
            Heard::NotSent(detail, wait) => {
                let again = Again { wait: wait.unwrap_or(NOT_SENT_WAIT), reason: Reason::NotRescued };
                self.not_sent(change, attempt, detail, again, visit).await
            }
            Heard::Configuration(detail) => {
                tracing::error!(order = %change.order.id, processor = attempt.processor_name, detail, "the processor refuses the account's set-up");
                let again = Again { wait: CONFIGURATION_WAIT, reason: Reason::Configuration };
                self.not_sent(change, attempt, detail, again, visit).await
            }
        }
    }

    async fn answered(
        &self,
        change: &mut Change<'_>,
        attempt: Attempt,
        answer: &Authorization,
        latency_ms: Option<u32>,
        visit: Option<&Visit>,
    ) -> Result<Option<Reserved>> {
        let said = Answer::iso(&answer.response_code, answer.advice_code.as_deref());
        let (class, lookup_first) = {
            let classified =
                self.rules().classify(&said, attempt.network, Self::region(&change.order, change.tenant), change.now);
            (classified.class, classified.lookup_first)
        };
        let record = answered_of(&attempt, answer, class, change.now, latency_ms);
        let first_look = matches!(attempt.progress, Progress::Reserved);
        if !answer.approved && lookup_first && first_look {
            let detail = format!("response code {}", answer.response_code);
            return unknown(change, attempt, &detail, Some(Box::new(record))).map(|()| None);
        }
        if let Some(updated) = &answer.updated_card {
            self.take_update(change, updated).await?;
        }
        self.conclude(change, attempt, record, said, visit).await
    }

    /// The order ended while nobody knew: the answer is booked, and an approval is given back.
    fn late(&self, change: &mut Change<'_>, mut attempt: Attempt, answer: &Authorization, latency_ms: Option<u32>) {
        let said = Answer::iso(&answer.response_code, answer.advice_code.as_deref());
        let class = self.class_of(&change.order, change.tenant, &said, change.now);
        let record = answered_of(&attempt, answer, class, change.now, latency_ms);
        count_answer(&mut change.order, &record);
        settle_slot(
            &mut change.set,
            &attempt,
            ledger_outcome(record.verdict),
            Some(&record.response_code),
            record.advice_code.as_deref(),
        );
        let approved = record.verdict != Verdict::Declined;
        attempt.progress = Progress::Answered(record);
        if approved {
            ask_reversal(change, &mut attempt);
        }
        Self::wipe_cvv(change, &attempt);
        change.set.push(Write::UpdateAttempt(Box::new(attempt)));
    }

    /// The attempt has its final answer.
    pub(super) async fn conclude(
        &self,
        change: &mut Change<'_>,
        mut attempt: Attempt,
        record: Answered,
        said: Answer,
        visit: Option<&Visit>,
    ) -> Result<Option<Reserved>> {
        count_answer(&mut change.order, &record);
        if let Some(id) = &record.network_transaction_id
            && record.verdict != Verdict::Declined
        {
            change.order.network_transaction_id.get_or_insert_with(|| id.clone());
        }
        tell_attempt(change, &attempt, &record);
        let (outcome, code) = (ledger_outcome(record.verdict), record.response_code.clone());
        attempt.progress = Progress::Answered(record.clone());
        settle_slot(&mut change.set, &attempt, outcome, Some(&code), record.advice_code.as_deref());
        let mut next = None;
        match record.verdict {
            Verdict::Approved => {
                Self::approved(change, &mut attempt, &record)?;
                self.foresee_chargeback(change, &attempt).await?;
            }
            Verdict::Partial if Self::keeps_part(change, &attempt) => self.part_approved(change, &attempt, &record, said).await?,
            Verdict::Partial => {
                ask_reversal(change, &mut attempt);
                self.declined(change, said, Some(Class::Nsf), None).await?;
            }
            Verdict::Declined | Verdict::Unknown => next = self.declined(change, said, record.class, visit).await?,
        }
        if next.is_none() {
            Self::wipe_cvv(change, &attempt);
        }
        change.set.push(Write::UpdateAttempt(Box::new(attempt)));
        Ok(next)
    }

    fn approved(change: &mut Change<'_>, attempt: &mut Attempt, record: &Answered) -> Result<()> {
        if let Some(ending) = change.order.ending {
            ask_reversal(change, attempt);
            return finish(change, ending);
        }
        let order = &mut change.order;
        order.reason = None;
        order.next_action = None;
        order.authorized_minor += record.approved_minor;
        order.paid_by = Some(attempt.id);
        metrics::counter!("recoup_orders_approved_total").increment(1);
        if order.transaction_type == TransactionType::Authorization {
            let window = change.tenant.settings_on(change.order.site).capture_window_secs;
            let capture_before = change.now + Duration::from_secs(window.into());
            return change.advance(State::Authorized { attempt: attempt.id, capture_before, capturing: false });
        }
        order.captured_minor += record.approved_minor;
        change.advance_paid()
    }

    fn keeps_part(change: &Change<'_>, attempt: &Attempt) -> bool {
        change.tenant.merchant.settings.allow_partial
            && attempt.capture
            && attempt.initiator == Initiator::Mit
            && change.order.ending.is_none()
    }

    async fn part_approved(&self, change: &mut Change<'_>, attempt: &Attempt, record: &Answered, said: Answer) -> Result<()> {
        let order = &mut change.order;
        order.authorized_minor += record.approved_minor;
        order.captured_minor += record.approved_minor;
        order.paid_by = Some(attempt.id);
        let data = json!({"AmountCaptured": order.captured_minor, "AmountRemaining": order.remaining_minor()});
        change.tell(Kind::OrderPartiallyrecovered, data);
        self.declined(change, Answer { response_code: "51".into(), ..said }, Some(Class::Nsf), None).await.map(|_| ())
    }

    async fn declined(
        &self,
        change: &mut Change<'_>,
        said: Answer,
        class: Option<Class>,
        visit: Option<&Visit>,
    ) -> Result<Option<Reserved>> {
        let now = change.now;
        let order = &mut change.order;
        order.class = class.unwrap_or(Class::Generic);
        order.seen.push(Seen { at: now, answer: said, own: true });
        if order.seen.len() > SEEN_MAX {
            // The original decline stays first; the oldest of our own goes.
            order.seen.remove(1);
        }
        if let Some(ending) = order.ending {
            return finish(change, ending).map(|()| None);
        }
        if order.ends_after_first {
            return stop(change, Reason::NotRescued).map(|()| None);
        }
        match order.initiator() {
            Initiator::Mit => {
                let mut next = self.plan(change).await?;
                follow(change, &mut next).map(|()| None)
            }
            Initiator::Cit => self.declined_cit(change, visit.filter(|_| class == Some(Class::Tech))).await,
        }
    }

    /// The customer is present: another route may help where the answer was none of the issuer's, else a challenge.
    async fn declined_cit(&self, change: &mut Change<'_>, visit: Option<&Visit>) -> Result<Option<Reserved>> {
        let challenge = change.tenant.settings_on(change.order.site).challenge_enabled;
        let mut next = self.realtime(change, challenge).await?;
        if let Some(asked) = change.order.challenge.clone().filter(|asked| !asked.state.is_closed()) {
            return ask_again(change, next, &asked);
        }
        let reason = match next.step {
            Step::Attempt(_) => {
                let reserved = self.by_another_route(change, &mut next, visit).await?;
                if reserved.is_some() {
                    return Ok(reserved);
                }
                next.overrule(Step::Stop(Reason::NotRescued), Overruled::NoRoute, change.now);
                Reason::NotRescued
            }
            Step::Challenge(_) => return follow(change, &mut next).map(|()| None),
            Step::Stop(reason) if reason != Reason::RetryLater => reason,
            _ => {
                next.overrule(Step::Stop(Reason::NotRescued), Overruled::NotNow, change.now);
                Reason::NotRescued
            }
        };
        change.decide(&mut next)?;
        stop(change, reason).map(|()| None)
    }

    /// Reserves an attempt that the plan allows now on an account that was not asked in this visit, while there is time.
    async fn by_another_route(
        &self,
        change: &mut Change<'_>,
        next: &mut Next,
        visit: Option<&Visit>,
    ) -> Result<Option<Reserved>> {
        let Some(visit) = visit.filter(|_| change.order.route_kind == RouteKind::Live) else { return Ok(None) };
        let budget = Duration::from_millis(change.tenant.settings_on(change.order.site).realtime_budget_ms.into());
        if self.clock.now() + ANSWER_TIME_LEAST > visit.began + budget {
            return Ok(None);
        }
        let Some(chosen) = self.route_beside(&change.order, &visit.tried).await? else { return Ok(None) };
        metrics::counter!("recoup_reroutes_total").increment(1);
        next.meant_for(&chosen);
        change.decide(next)?;
        self.reserve(change, next.ledger_rows, kept(&change.order), chosen).map(Some)
    }

    async fn not_sent(
        &self,
        change: &mut Change<'_>,
        mut attempt: Attempt,
        detail: &str,
        again: Again,
        visit: Option<&Visit>,
    ) -> Result<Option<Reserved>> {
        release(change, &mut attempt, detail);
        let waits_for_it = change.order.initiator() == Initiator::Cit && change.order.ending.is_none();
        let mut reserved = None;
        if waits_for_it && visit.is_some() {
            let mut next = self.realtime(change, false).await?;
            if matches!(next.step, Step::Attempt(_)) {
                reserved = self.by_another_route(change, &mut next, visit).await?;
            }
        }
        change.set.push(Write::UpdateAttempt(Box::new(attempt)));
        if reserved.is_none() {
            Self::again(change, again.wait, again.reason)?;
        }
        Ok(reserved)
    }

    /// Nothing was charged and nothing was learnt: try again later, or answer the present customer.
    pub(super) fn again(change: &mut Change<'_>, wait: Duration, reason: Reason) -> Result<()> {
        if let Some(ending) = change.order.ending {
            return finish(change, ending);
        }
        if change.order.initiator() == Initiator::Cit {
            return stop(change, reason);
        }
        let at = change.now + wait;
        change.advance(State::Scheduled { at })?;
        change.tell(Kind::OrderScheduled, json!({"NextAttemptUtc": at.iso6(), "DecisionId": null}));
        Ok(())
    }

    /// After the issuer's answer no CVV may be kept (PCI DSS 3.3.1); a route that failed technically had none, and the
    /// next one is part of the same authorisation.
    fn wipe_cvv(change: &mut Change<'_>, attempt: &Attempt) {
        change.set.push(Write::WipeCvv { token: attempt.token });
        change.set.push(Write::ClearTimer { kind: timer::Kind::Cvv, subject: attempt.token.0 });
    }
}

/// The customer's data did not help: what the new answer calls for is asked while there are tries and time; the
/// sandbox's tables ask for the same again.
fn ask_again(change: &mut Change<'_>, mut next: Next, asked: &Challenge) -> Result<Option<Reserved>> {
    let may = asked.may_ask_again(change.now);
    let again = Step::Challenge(asked.fields.clone());
    match next.step {
        Step::Challenge(_) if may => {}
        Step::Stop(Reason::HardDecline) => {}
        _ if may && asked.scripted => next.overrule(again, Overruled::Scenario, change.now),
        Step::AskUpdater if may => next.overrule(again, Overruled::NotNow, change.now),
        Step::Stop(reason) if reason != Reason::RetryLater => {}
        _ => next.overrule(Step::Stop(Reason::NotRescued), Overruled::NotNow, change.now),
    }
    follow(change, &mut next).map(|()| None)
}

impl Change<'_> {
    /// The money is there in full: `RECOVERED`, or (when a part is still due) what remains goes on.
    pub(crate) fn advance_paid(&mut self) -> Result<()> {
        self.order.reason = None;
        self.advance(State::Recovered)
    }
}

/// The attempt never charged: its slot is given back.
pub(super) fn release(change: &mut Change<'_>, attempt: &mut Attempt, detail: &str) {
    let tally = &mut change.order.tally;
    tally.unknown = tally.unknown.saturating_sub(1);
    tally.total = tally.total.saturating_sub(1);
    attempt.progress = Progress::Released { detail: detail.to_owned() };
    settle_slot(&mut change.set, attempt, Outcome::Released, None, None);
}

fn unknown(change: &mut Change<'_>, mut attempt: Attempt, detail: &str, answer: Option<Box<Answered>>) -> Result<()> {
    tracing::warn!(order = %change.order.id, attempt = %attempt.id, detail, "an attempt's result is unknown; it will be looked up");
    metrics::counter!("recoup_attempts_unknown_total").increment(1);
    let next_inquiry = change.now + inquiry_wait(0);
    change.advance(State::Reconciling { attempt: attempt.id, next_inquiry, inquiries: 0 })?;
    attempt.progress = Progress::Unknown { detail: detail.to_owned(), answer };
    change.set.push(Write::UpdateAttempt(Box::new(attempt)));
    Ok(())
}

fn answered_of(attempt: &Attempt, answer: &Authorization, class: Class, at: Timestamp, latency_ms: Option<u32>) -> Answered {
    let approved_minor = match answer.approved {
        true => answer.approved_amount_minor.unwrap_or(attempt.amount.minor).clamp(0, attempt.amount.minor),
        false => 0,
    };
    let verdict = match approved_minor {
        0 => Verdict::Declined,
        all if all == attempt.amount.minor => Verdict::Approved,
        _ => Verdict::Partial,
    };
    Answered {
        verdict,
        approved_minor,
        response_code: answer.response_code.clone(),
        advice_code: answer.advice_code.clone(),
        class: (verdict != Verdict::Approved).then_some(class),
        avs: answer.avs.clone(),
        cvv: answer.cvv.clone(),
        network_transaction_id: answer.network_transaction_id.clone(),
        processor_reference: answer.processor_reference.clone(),
        at,
        latency_ms: latency_ms.unwrap_or(0),
        looked_up: latency_ms.is_none(),
    }
}

fn count_answer(order: &mut Order, record: &Answered) {
    let tally = &mut order.tally;
    tally.unknown = tally.unknown.saturating_sub(1);
    match record.verdict {
        Verdict::Approved | Verdict::Partial => tally.approved += 1,
        Verdict::Declined | Verdict::Unknown => tally.declined += 1,
    }
    tally.last_response_code = Some(record.response_code.clone());
    tally.last_class = record.class;
}

fn tell_attempt(change: &mut Change<'_>, attempt: &Attempt, record: &Answered) {
    let data = json!({
        "AttemptNumber": attempt.number,
        "Result": record.verdict,
        "ResponseCode": record.response_code,
        "MerchantAdviceCode": record.advice_code,
        "DeclineClass": record.class,
    });
    change.tell(Kind::OrderAttempted, data);
}

fn ledger_outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Approved | Verdict::Partial => Outcome::Approved,
        Verdict::Declined => Outcome::Declined,
        Verdict::Unknown => Outcome::Pending,
    }
}
