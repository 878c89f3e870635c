//! What is advised: the plan of the brain, under the rules, and within the caller's own bounds.

use std::time::Duration;

use domain::{
    advice::{Advice, Advised, Decision, Exhausted, State},
    change::Write,
    decision::{Arm, Record},
    decline::{Class, Reason},
    id::DecisionId,
    ledger::{Entry, Initiator},
    limits::{self, Permit, Planned},
    time::{HOUR, MINUTE, Timestamp},
};
use recovery::{Action, Allowed, Case, Challenge, Inputs, Observed, Overruled, Realtime, Snapshot, Updater, Widget};

use super::{change::Change, how};
use crate::{
    Engine, Error, Result,
    rescue::{step_of, step_of_realtime},
    tenants::Tenant,
};

/// How long an advised moment stays good: a morning's credits are spent by noon, and who comes later had better ask again.
const GOOD_FOR: Duration = HOUR.saturating_mul(6);
/// The same while the customer is there.
const VISIT: Duration = MINUTE.saturating_mul(15);

/// A decision before it is put into an advice.
struct Decided {
    verdict: Verdict,
    /// The log's word, as for an order.
    action: &'static str,
    /// The moment as it was planned.
    chosen_at: Option<Timestamp>,
    class: Class,
    probability: f64,
    propensity: f64,
    not_before: Timestamp,
    bound_by: Vec<String>,
    model_version: String,
    rules_version: String,
    inputs: Inputs,
}

enum Verdict {
    /// Charge at this moment, until that one.
    Retry { at: Timestamp, until: Timestamp },
    /// Wait, and for what.
    Wait(Decision),
    /// End.
    End(State),
}

impl Engine {
    /// Decides anew: what is advised, and the log's record of it; or the end, when nothing is left to advise.
    pub(super) async fn decide_advice(&self, change: &mut Change<'_>) -> Result<()> {
        if self.is_advice_blocked(change.tenant, &change.advice, change.now).await? {
            let blocked = State::Stopped { reason: Reason::Blocked, exhausted: Exhausted::Cancelled, at: change.now };
            return end(&mut change.advice, blocked);
        }
        let ledger = self.ledger_of_advice(change).await?;
        let observed = observed(&change.advice);
        let case = self.case_of_advice(&change.advice, change.tenant, &ledger, &observed, change.now);
        let decided = match case.initiator {
            Initiator::Mit => self.by_plan(&case),
            Initiator::Cit => self.by_visit(&case, &change.advice),
        };
        self.take_decision(change, decided)
    }

    /// Whether a decision still stands: nothing was booked on the card since, and the moment is still lawful.
    pub(super) async fn still_stands(&self, change: &Change<'_>, advised: &Advised) -> Result<bool> {
        let ledger = self.ledger_of_advice(change).await?;
        if ledger.iter().any(|entry| entry.at > advised.decided_at) {
            return Ok(false);
        }
        let observed = observed(&change.advice);
        let case = self.case_of_advice(&change.advice, change.tenant, &ledger, &observed, change.now);
        let planned = Planned {
            at: advised.retry_at.unwrap_or(change.now).max(change.now),
            network: case.network,
            initiator: case.initiator,
            amount: case.amount,
            merchant_country: case.merchant_country,
            credential_changed_at: case.credential_changed_at,
        };
        Ok(limits::check(self.rules(), case.ledger, &planned).lawful == Permit::Allowed)
    }

    fn by_plan(&self, case: &Case<'_>) -> Decided {
        let plan = self.plan_of(case);
        let verdict = match plan.action {
            Action::Attempt { at } => {
                let at = at.max(case.now);
                Verdict::Retry { at, until: (at + GOOD_FOR).min(case.allowed_until(at)).min(case.expires_at) }
            }
            Action::AskUpdater => Verdict::Wait(Decision::WaitForData),
            Action::AskCustomer => Verdict::Wait(Decision::AskCustomer),
            Action::LetExpire => Verdict::Wait(Decision::None),
            Action::Stop { reason } => stopped(reason, case.now),
        };
        Decided {
            verdict,
            action: step_of(&plan.action).word(case.now),
            chosen_at: if let Action::Attempt { at } = plan.action { Some(at) } else { None },
            class: plan.class,
            probability: plan.probability,
            propensity: plan.propensity,
            not_before: case.earliest_allowed(plan.not_before),
            bound_by: plan.bound_by,
            model_version: plan.model_version,
            rules_version: plan.rules_version,
            inputs: Inputs::of_plan(Snapshot::of(case)),
        }
    }

    /// The customer is there: once, for the length of a visit. Afterwards only the customer can help.
    fn by_visit(&self, case: &Case<'_>, advice: &Advice) -> Decided {
        let assessed = recovery::realtime(case, self.rules(), Challenge { enabled: true, answered: &[] });
        let newest = case.observed.iter().map(|observed| observed.at).max();
        let known = advice.advised.as_ref().filter(|known| newest.is_none_or(|newest| newest <= known.decided_at));
        let visit_is_over = known.and_then(|known| known.not_after).is_some_and(|end| case.now >= end);
        let verdict = match &assessed.action {
            Realtime::Attempt if visit_is_over => Verdict::Wait(Decision::AskCustomer),
            Realtime::Attempt => Verdict::Retry { at: case.now, until: (case.now + VISIT).min(case.expires_at) },
            Realtime::AskUpdater => Verdict::Wait(Decision::WaitForData),
            // A later charge without the customer has no mandate; the customer may come back with other means.
            Realtime::Challenge { .. } | Realtime::Decline { reason: Reason::NotRescued } => Verdict::Wait(Decision::AskCustomer),
            Realtime::Decline { reason } => stopped(*reason, case.now),
        };
        Decided {
            verdict,
            action: step_of_realtime(&assessed.action, case.now).word(case.now),
            chosen_at: (assessed.action == Realtime::Attempt).then_some(case.now),
            class: assessed.class,
            probability: assessed.probability,
            propensity: 1.0,
            not_before: case.now,
            bound_by: assessed.rules,
            model_version: recovery::plan::MODEL_VERSION.into(),
            rules_version: assessed.rules_version,
            inputs: Inputs {
                overruled: (visit_is_over && assessed.action == Realtime::Attempt).then_some(Overruled::NotNow),
                widget: Some(Widget { enabled: true, answered: vec![] }),
                ..Inputs::of_plan(Snapshot::of(case))
            },
        }
    }

    fn take_decision(&self, change: &mut Change<'_>, mut decided: Decided) -> Result<()> {
        let advice = &mut change.advice;
        let attempt_number = advice.attempt_number();
        let (decision, retry_at, not_after) = match decided.verdict {
            Verdict::Retry { at, until } => (Decision::Retry, Some(at), Some(until)),
            Verdict::Wait(decision) => (decision, None, None),
            Verdict::End(state) => {
                end(advice, state)?;
                (advice.decision(), None, None)
            }
        };
        advice.class = decided.class;
        advice.data_asked |= decision == Decision::WaitForData;
        let advised = Advised {
            id: DecisionId::at(self.clock.now(), self.random.bytes()),
            decided_at: change.now,
            decision,
            retry_at,
            not_before: matches!(decision, Decision::Retry | Decision::None)
                .then_some(retry_at.map_or(decided.not_before, |at| decided.not_before.min(at))),
            not_after,
            how: how::of(advice, decision, decided.class),
            class: decided.class,
            probability: decided.probability,
            bound_by: decided.bound_by,
            model_version: decided.model_version,
            told: false,
        };
        decided.inputs.route.clone_from(&advised.how.route);
        let record = Record {
            id: advised.id,
            mid: advice.mid,
            environment: advice.environment,
            order: advice.order(),
            decided_at: change.now,
            attempt_number,
            action: decided.action.into(),
            chosen_at: decided.chosen_at,
            class: advised.class,
            probability: advised.probability,
            propensity: decided.propensity,
            arm: decided.inputs.case.arm,
            model_version: advised.model_version.clone(),
            rules_version: decided.rules_version,
            seed: decided.inputs.case.seed,
            case: decided.inputs.to_text().map_err(|error| Error::Internal(error.to_string()))?,
        };
        advice.advised = Some(advised);
        change.set.push(Write::InsertDecision(Box::new(record)));
        Ok(())
    }

    /// The ledger of the card in use with the rows that this change is about to add, oldest first.
    async fn ledger_of_advice(&self, change: &Change<'_>) -> Result<Vec<Entry>> {
        let Change { advice, set, now, .. } = change;
        let Some(card) = advice.card() else { return Ok(vec![]) };
        let mut ledger = self.ledger_of_card(advice.mid, advice.environment, [card.key, card.weak_key], *now).await?;
        ledger.extend(set.writes.iter().filter_map(|write| match write {
            Write::InsertLedger(entry) if entry.card == card.key => Some(entry.clone()),
            _ => None,
        }));
        ledger.sort_by_key(|entry| entry.at);
        Ok(ledger)
    }

    fn case_of_advice<'a>(
        &self,
        advice: &'a Advice,
        tenant: &'a Tenant,
        ledger: &'a [Entry],
        observed: &'a [Observed],
        now: Timestamp,
    ) -> Case<'a> {
        let card = advice.card();
        let changed_at = advice.card_changed_at();
        Case {
            now,
            placed_at: advice.placed_at,
            expires_at: advice.policy.deadline,
            network: card.map_or(domain::card::Network::Other, |card| card.network),
            funding: card.map_or(domain::card::Funding::Unknown, |card| card.funding),
            issuer_country: card.and_then(|card| card.issuer_country.as_deref()),
            bin: card.map(|card| card.bin.as_str()),
            merchant_country: &tenant.merchant.country,
            offset_minutes: advice.payment.transaction.utc_offset_minutes,
            amount: advice.due(),
            initiator: advice.initiator(),
            observed,
            ledger,
            own_attempts: advice.attempts,
            max_attempts: advice.policy.max_attempts,
            credential_version: u32::try_from(advice.cards.len()).unwrap_or(u32::MAX).max(1),
            credential_changed_at: changed_at,
            // Whether the caller has an updater is not known: it is told once to ask, and what it knows then it sends.
            updater: match (advice.data_asked, changed_at) {
                (_, Some(_)) => Updater::Tried { found: true },
                (true, None) => Updater::Tried { found: false },
                (false, None) => Updater::Untried,
            },
            first_at: None,
            allowed: Allowed {
                local_minutes: advice.policy.local_hours.map(domain::advice::Hours::minutes),
                min_gap: advice.policy.min_gap(),
            },
            arm: Arm::Policy,
            seed: self.random.seed(),
        }
    }
}

fn end(advice: &mut Advice, state: State) -> Result<()> {
    advice.end(state).map_err(|closed| Error::Internal(closed.to_string()))
}

/// What a stop of the plan means to somebody who charges by himself.
fn stopped(reason: Reason, at: Timestamp) -> Verdict {
    let stop = |exhausted| Verdict::End(State::Stopped { reason, exhausted, at });
    match reason {
        Reason::NotDeclined => Verdict::End(State::Succeeded { reason: Some(reason), at }),
        // Recoup cannot reach the customer of a merchant-initiated payment; the caller can.
        Reason::CustomerAction => Verdict::Wait(Decision::AskCustomer),
        Reason::NotRescued => stop(Exhausted::Attempts),
        Reason::LimitReached => stop(Exhausted::NetworkLimit),
        _ => stop(Exhausted::HardDecline),
    }
}

fn observed(advice: &Advice) -> Vec<Observed> {
    let of = |seen: &domain::advice::Seen| Observed {
        at: seen.at,
        answer: seen.answer.clone(),
        origin: seen.origin,
        approved: seen.approved,
    };
    advice.seen.iter().map(of).collect()
}
