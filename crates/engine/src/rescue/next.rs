//! What follows for an order: the plan of `recovery`, and carrying it out.

use domain::{
    card::{CardKey, Network},
    change::Write,
    decline::{Class, Reason},
    environment::Environment,
    id::{DecisionId, Mid},
    ledger::{Entry, Origin, Outcome},
    order::{Awaited, ChallengeField, Decision, Order, State},
    rules::Region,
    time::{DAY, MINUTE, Timestamp},
};
use recovery::{Action, Case, Challenge, Inputs, Observed, Overruled, Plan, Realtime, Refused, Snapshot, Updater, Widget};
use serde_json::json;

use super::{
    attempt::{HISTORY_DAYS, HISTORY_ROWS_MAX, LEDGER_DAYS, counted_rows},
    end::stop,
    log::Logged,
};
use crate::{Engine, Result, commit::Change, processors::Chosen, tenants::Tenant};

/// What follows for an order, with what it was decided on.
pub(crate) struct Next {
    /// What to do.
    pub step: Step,
    /// Rows of the card's ledger that the decision saw in the store.
    pub ledger_rows: u32,
    /// The decision in short, for the order and the attempt.
    pub decision: Decision,
    /// What the log keeps beside; none once it does.
    pub logged: Option<Logged>,
}

/// What to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Attempt at this moment (now or in the past: at once).
    Attempt(Timestamp),
    /// Ask the account updater first.
    AskUpdater,
    /// Only the customer or merchant can help.
    AskCustomer,
    /// No further attempt is lawful or worthwhile: the period runs out.
    LetExpire,
    /// Ask the present customer for these.
    Challenge(Vec<ChallengeField>),
    /// End.
    Stop(Reason),
}

impl Engine {
    /// Decides for a merchant-initiated order.
    pub(crate) async fn plan(&self, change: &Change<'_>) -> Result<Next> {
        let (order, now) = (&change.order, change.now);
        let (ledger, ledger_rows) = self.ledger_with(change).await?;
        let observed = observed(order);
        let route = self.route(order).await?;
        let case = self.case(change, &ledger, &observed, updater(order, route.as_ref()));
        let plan = self.plan_of(&case);
        let step = step_of(&plan.action);
        self.meter_declines(change, &ledger);
        let decision = self.decision(&plan, &step, order, now);
        let inputs = Inputs { route: route.map(|chosen| chosen.name), ..Inputs::of_plan(Snapshot::of(&case)) };
        let logged = Logged { inputs, propensity: plan.propensity, rules_version: plan.rules_version };
        Ok(Next { step, ledger_rows, decision, logged: Some(logged) })
    }

    /// Decides for a merchant-initiated order when somebody asks for an attempt now: at once, or why not.
    pub(crate) async fn plan_asked(&self, change: &Change<'_>) -> Result<std::result::Result<Next, Refused>> {
        let (order, now) = (&change.order, change.now);
        let (ledger, ledger_rows) = self.ledger_with(change).await?;
        let observed = observed(order);
        let route = self.route(order).await?;
        let case = self.case(change, &ledger, &observed, updater(order, route.as_ref()));
        if let Err(refused) = recovery::may_attempt_now(&case, self.rules()) {
            return Ok(Err(refused));
        }
        let plan = self.plan_of(&case);
        let step = step_of(&plan.action);
        let decision = self.decision(&plan, &step, order, now);
        let inputs = Inputs { route: route.map(|chosen| chosen.name), ..Inputs::of_plan(Snapshot::of(&case)) };
        let logged = Logged { inputs, propensity: plan.propensity, rules_version: plan.rules_version };
        let mut next = Next { step, ledger_rows, decision, logged: Some(logged) };
        next.overrule(Step::Attempt(now), Overruled::Asked, now);
        Ok(Ok(next))
    }

    /// The plan of whoever plans here.
    pub(crate) fn plan_of(&self, case: &Case<'_>) -> Plan {
        match &self.options.planner {
            Some(planner) => planner.0.plan(case, self.rules()),
            None => recovery::plan(case, self.rules(), &self.retry_model()),
        }
    }

    /// Decides for an order whose customer is present.
    pub(crate) async fn realtime(&self, change: &Change<'_>, challenge: bool) -> Result<Next> {
        self.realtime_answered(change, challenge, &[]).await
    }

    /// The same when the customer has just given data.
    pub(crate) async fn realtime_answered(
        &self,
        change: &Change<'_>,
        challenge: bool,
        answered: &[ChallengeField],
    ) -> Result<Next> {
        let (order, now) = (&change.order, change.now);
        let (ledger, ledger_rows) = self.ledger_with(change).await?;
        let observed = observed(order);
        let route = self.route(order).await?;
        let case = self.case(change, &ledger, &observed, updater(order, route.as_ref()));
        let assessed = recovery::realtime(&case, self.rules(), Challenge { enabled: challenge, answered });
        if assessed.action != Realtime::AskUpdater {
            self.meter_declines(change, &ledger);
        }
        let step = step_of_realtime(&assessed.action, now);
        let decision = Decision {
            id: DecisionId::at(self.clock.now(), self.random.bytes()),
            action: step.word(now).into(),
            next_attempt: None,
            probability: assessed.probability,
            class: assessed.class,
            bound_by: assessed.rules.clone(),
            model_version: recovery::plan::MODEL_VERSION.into(),
            answers: order.seen.len() as u32,
        };
        let inputs = Inputs {
            widget: Some(Widget { enabled: challenge, answered: answered.to_vec() }),
            route: route.map(|chosen| chosen.name),
            ..Inputs::of_plan(Snapshot::of(&case))
        };
        let logged = Logged { inputs, propensity: 1.0, rules_version: assessed.rules_version };
        Ok(Next { step, ledger_rows, decision, logged: Some(logged) })
    }

    /// The ledger of the card in use, oldest first.
    pub(crate) async fn card_ledger(&self, order: &Order, now: Timestamp) -> Result<Vec<Entry>> {
        let Some(credential) = order.credential() else { return Ok(vec![]) };
        self.ledger_of_card(order.mid, order.environment, [credential.key, credential.weak_key], now).await
    }

    /// The ledger of a card, oldest first.
    pub(crate) async fn ledger_of_card(
        &self,
        mid: Mid,
        environment: Environment,
        keys: [CardKey; 2],
        now: Timestamp,
    ) -> Result<Vec<Entry>> {
        let mut ledger = self.store.ledger(mid, environment, keys, now - DAY * HISTORY_DAYS).await?;
        let older = ledger.partition_point(|entry| entry.at < now - DAY * LEDGER_DAYS);
        ledger.drain(..older.saturating_sub(HISTORY_ROWS_MAX));
        Ok(ledger)
    }

    /// The stored ledger with the rows that this change is about to add, and how many of them are stored.
    async fn ledger_with(&self, change: &Change<'_>) -> Result<(Vec<Entry>, u32)> {
        let mut ledger = self.card_ledger(&change.order, change.now).await?;
        let stored = counted_rows(&ledger, change.now);
        ledger.extend(change.set.writes.iter().filter_map(|write| match write {
            Write::InsertLedger(entry) => Some(entry.clone()),
            _ => None,
        }));
        for write in &change.set.writes {
            // A slot that is given back in the same change counts no more.
            if let Write::SettleLedger { id, outcome: outcome @ Outcome::Released, .. } = write
                && let Some(entry) = ledger.iter_mut().find(|entry| entry.id == *id)
            {
                entry.outcome = *outcome;
            }
        }
        ledger.sort_by_key(|entry| entry.at);
        Ok((ledger, stored))
    }

    fn case<'a>(&self, change: &'a Change<'_>, ledger: &'a [Entry], observed: &'a [Observed], updater: Updater) -> Case<'a> {
        let (order, now) = (&change.order, change.now);
        let credential = order.credential();
        let changed = credential.filter(|_| order.credentials.len() > 1).or_else(|| credential.filter(|card| card.version > 1));
        Case {
            now,
            placed_at: order.placed_at,
            expires_at: order.expires_at,
            network: credential.map_or(Network::Other, |card| card.network),
            funding: credential.map_or(domain::card::Funding::Unknown, |card| card.funding),
            issuer_country: credential.and_then(|card| card.issuer_country.as_deref()),
            bin: credential.map(|card| card.bin.as_str()),
            merchant_country: &change.tenant.merchant.country,
            offset_minutes: order.payment.transaction.utc_offset_minutes,
            amount: domain::money::Money::new(order.remaining_minor(), order.amount.currency),
            initiator: order.initiator(),
            observed,
            ledger,
            own_attempts: order.tally.total,
            max_attempts: self.options.attempts_max,
            credential_version: credential.map_or(1, |card| card.version),
            credential_changed_at: changed.map(|card| card.since),
            updater,
            first_at: order.first_attempt_at.filter(|_| order.tally.total == 0),
            allowed: recovery::Allowed::default(),
            arm: order.arm,
            seed: self.random.seed(),
        }
    }

    fn decision(&self, plan: &Plan, step: &Step, order: &Order, now: Timestamp) -> Decision {
        Decision {
            id: DecisionId::at(self.clock.now(), self.random.bytes()),
            action: step.word(now).into(),
            next_attempt: if let Step::Attempt(at) = step { Some(*at) } else { None },
            probability: plan.probability,
            class: plan.class,
            bound_by: plan.bound_by.clone(),
            model_version: plan.model_version.clone(),
            answers: order.seen.len() as u32,
        }
    }

    /// The issuer's region; the merchant's own where the issuer's country is not known.
    pub(crate) fn region(order: &Order, tenant: &Tenant) -> Region {
        let country = order.credential().and_then(|card| card.issuer_country.as_deref());
        Region::of_country(country.unwrap_or(&tenant.merchant.country))
    }

    /// The class of an answer to this order.
    pub(crate) fn class_of(&self, order: &Order, tenant: &Tenant, answer: &domain::decline::Answer, at: Timestamp) -> Class {
        let network = order.credential().map_or(Network::Other, |card| card.network);
        self.rules().classify(answer, network, Self::region(order, tenant), at).class
    }
}

/// Carries out what follows, as far as that is a change of state: schedules, waits, asks, or ends. Attempts that are
/// due at once and the updater are the caller's.
pub(crate) fn follow(change: &mut Change<'_>, next: &mut Next) -> Result<()> {
    let now = change.now;
    let scripted = next.is_scripted();
    change.decide(next)?;
    change.order.class = next.decision.class;
    match &next.step {
        Step::Attempt(at) => {
            let at = (*at).max(now);
            change.order.reason = None;
            change.advance(State::Scheduled { at })?;
            let data = json!({"NextAttemptUtc": at.iso6(), "DecisionId": next.decision.id});
            change.tell(domain::event::Kind::OrderScheduled, data);
            Ok(())
        }
        Step::AskUpdater => change.advance(State::Waiting { on: Awaited::Updater, until: now }),
        Step::LetExpire => {
            let until = change.order.expires_at;
            change.advance(State::Waiting { on: Awaited::Customer, until })
        }
        Step::AskCustomer => {
            change.order.next_action = Some(domain::decline::NextAction::AskCustomer);
            let until = change.order.expires_at;
            change.advance(State::Waiting { on: Awaited::Customer, until })
        }
        Step::Challenge(fields) => {
            change.order.next_action = Some(challenge_action(fields));
            present(change, fields.clone(), scripted)
        }
        Step::Stop(reason) => stop(change, *reason),
    }
}

/// Asks the customer: anew, or once more within the challenge that is under way.
fn present(change: &mut Change<'_>, fields: Vec<ChallengeField>, scripted: bool) -> Result<()> {
    let now = change.now;
    let going_on = change.order.challenge.take().filter(|challenge| challenge.may_ask_again(now));
    let challenge = match going_on {
        Some(challenge) => domain::order::Challenge { fields, ..challenge },
        None => {
            let minutes = change.tenant.settings_on(change.order.site).challenge_ttl_minutes;
            domain::order::Challenge::new(fields, now + MINUTE * u32::from(minutes), scripted)
        }
    };
    let (fields, attempts_left, expires_at) = (challenge.fields.clone(), challenge.attempts_left, challenge.expires_at);
    change.order.challenge = Some(challenge);
    change.advance(State::Challenged { fields, attempts_left, expires_at })
}

fn challenge_action(fields: &[ChallengeField]) -> domain::decline::NextAction {
    use domain::decline::NextAction;
    match fields.first() {
        Some(ChallengeField::ThreeDs) => NextAction::StepUp3ds,
        Some(ChallengeField::CardExpiry) => NextAction::UpdateCard,
        _ => NextAction::AskCustomer,
    }
}

/// Whether the account updater can still help.
fn updater(order: &Order, route: Option<&Chosen>) -> Updater {
    if order.updater_asked {
        return Updater::Tried { found: order.credential().is_some_and(|credential| credential.version > 1) };
    }
    if route.is_some_and(|chosen| chosen.offers().updater) { Updater::Untried } else { Updater::NotOffered }
}

fn observed(order: &Order) -> Vec<Observed> {
    let origin = |own| if own { Origin::Own } else { Origin::Evaluated };
    order
        .seen
        .iter()
        .map(|seen| Observed { at: seen.at, answer: seen.answer.clone(), origin: origin(seen.own), approved: false })
        .collect()
}

/// What a plan comes to.
pub(crate) const fn step_of(action: &Action) -> Step {
    match *action {
        Action::Attempt { at } => Step::Attempt(at),
        Action::AskUpdater => Step::AskUpdater,
        Action::AskCustomer => Step::AskCustomer,
        // A used-up budget forbids nothing: until the period is over the merchant may bring a new card, or be paid.
        Action::Stop { reason: Reason::NotRescued } | Action::LetExpire => Step::LetExpire,
        Action::Stop { reason } => Step::Stop(reason),
    }
}

/// What an answer to a present customer comes to.
pub(crate) fn step_of_realtime(action: &Realtime, now: Timestamp) -> Step {
    match action {
        Realtime::Attempt => Step::Attempt(now),
        Realtime::AskUpdater => Step::AskUpdater,
        Realtime::Challenge { fields } => Step::Challenge(fields.clone()),
        Realtime::Decline { reason } => Step::Stop(*reason),
    }
}

impl Step {
    /// The decision's `action` word (`wire-api` §9).
    pub(crate) fn word(&self, now: Timestamp) -> &'static str {
        match self {
            Self::Attempt(at) if *at <= now => "attempt_now",
            Self::Attempt(_) => "schedule",
            Self::AskUpdater | Self::AskCustomer | Self::LetExpire => "wait_for_data",
            Self::Challenge(_) => "challenge",
            Self::Stop(_) => "stop",
        }
    }
}
