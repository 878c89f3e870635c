//! One order change, one commit: the row, its timer, and the events that the change of state owes. Because the final
//! event is derived here, from the states before and after, no way of ending an order can forget it.

use domain::{
    change::{ChangeSet, Conflict, Write},
    event::{Event, Kind},
    order::{ChallengeState, Code, Order, State},
    time::{MINUTE, Timestamp},
    timer,
};
use serde_json::json;

use crate::{Engine, Error, Result, payload::Payload, settlement, tenants::Tenant};

/// How often a held order looks whether it may go on.
const HELD_LOOK_MINUTES: u32 = 15;

/// What a commit met.
#[derive(Debug)]
pub enum Commit {
    /// Durable.
    Done,
    /// Another commit came first; read again and decide again.
    Stale,
}

/// A change of one order in the making.
pub struct Change<'a> {
    /// The order as it was read; `None` when it is new.
    before: Option<Code>,
    captured_before: i64,
    /// The order as it will be.
    pub order: Order,
    /// Its merchant.
    pub tenant: &'a Tenant,
    /// Everything else the change writes.
    pub set: ChangeSet,
    events: Vec<(Kind, serde_json::Value)>,
    /// No timer drives the order (sync MIT without background work), but for its end.
    pub now: Timestamp,
}

impl<'a> Change<'a> {
    /// A change of an order that exists.
    pub fn of(order: Order, tenant: &'a Tenant, now: Timestamp) -> Self {
        Self {
            before: Some(order.state.code()),
            captured_before: order.captured_minor,
            order,
            tenant,
            set: ChangeSet::new(),
            events: vec![],
            now,
        }
    }

    /// A new order.
    pub fn new(order: Order, tenant: &'a Tenant, now: Timestamp) -> Self {
        Self { before: None, captured_before: 0, order, tenant, set: ChangeSet::new(), events: vec![], now }
    }

    /// Goes to the next state.
    pub fn advance(&mut self, next: State) -> Result<()> {
        self.order.advance(next, self.now).map_err(Error::from)
    }

    /// Tells an event beside those that the change of state owes.
    pub fn tell(&mut self, kind: Kind, data: serde_json::Value) {
        self.events.push((kind, data));
    }
}

impl Engine {
    /// Commits a change; [`Commit::Stale`] when a version, lease or ledger expectation failed.
    pub(crate) async fn commit(&self, change: Change<'_>) -> Result<(Commit, Order)> {
        let (set, order) = self.seal(change);
        match self.apply(set).await? {
            Ok(()) => Ok((Commit::Done, order)),
            Err(_) => Ok((Commit::Stale, order)),
        }
    }

    /// Applies a change set; a conflict is an answer, anything else an error.
    pub(crate) async fn apply(&self, set: ChangeSet) -> Result<std::result::Result<(), Conflict>> {
        let wakes = set.writes.iter().any(|write| matches!(write, Write::InsertDelivery(_)));
        let tells = set.writes.iter().any(|write| matches!(write, Write::PublishEvent(_)));
        let challenges = set.writes.iter().any(|write| matches!(write, Write::UpdateOrder(order) if order.challenge.is_some()));
        match self.store.apply(set).await {
            Ok(()) => {
                if wakes {
                    self.wake_webhooks.notify_one();
                }
                if tells {
                    self.wake_events.notify_waiters();
                }
                if challenges {
                    self.wake_challenges.notify_waiters();
                }
                Ok(Ok(()))
            }
            Err(store::ApplyError::Conflict(conflict)) => Ok(Err(conflict)),
            Err(other) => Err(other.into()),
        }
    }

    /// Completes a change: version, timer, owed events, deliveries.
    pub(crate) fn seal(&self, mut change: Change<'_>) -> (ChangeSet, Order) {
        let asked = change.order.settle_challenge(change.now).and_then(|state| challenge_event(state, &change.order));
        change.events.extend(asked);
        let owed = owed_events(change.before, &change.order);
        change.events.extend(owed);
        let events = std::mem::take(&mut change.events);
        for (kind, data) in events {
            self.publish(&mut change, kind, data);
        }
        let terms = &change.tenant.merchant.settings.settlement;
        let moved = settlement::moved(change.captured_before, &change.order, terms, &change.set.writes, change.now);
        change.set.writes.extend(moved.into_iter().map(|item| Write::InsertSettlementItem(Box::new(item))));
        let Change { before, mut order, mut set, now, .. } = change;
        set.push(timer_write(&order, now));
        if before.is_some() {
            order.touch(now);
            set.push(Write::UpdateOrder(Box::new(order.clone())));
        } else {
            order.updated_at = now;
            set.push(Write::InsertOrder(Box::new(order.clone())));
        }
        (set, order)
    }

    fn publish(&self, change: &mut Change<'_>, kind: Kind, data: serde_json::Value) {
        let real = self.clock.now();
        let order = &mut change.order;
        let (sequence, id) = order.take_event(real);
        let payload = Payload::of_order(kind, order, sequence, change.now, data).json();
        let event = Event {
            id,
            owner: order.mid.into(),
            environment: order.environment,
            order: Some(order.id),
            sequence,
            kind,
            at: change.now,
            payload,
        };
        for endpoint in change.tenant.endpoints(order.environment, kind) {
            change.set.push(Write::InsertDelivery(Box::new(self.new_delivery(endpoint, &event, real, false))));
        }
        change.set.push(Write::PublishEvent(event));
        metrics::counter!("recoup_events_total", "event" => kind.as_str()).increment(1);
    }
}

/// The events that a change of state owes by itself.
fn owed_events(before: Option<Code>, order: &Order) -> Vec<(Kind, serde_json::Value)> {
    let after = order.state.code();
    if before == Some(after) {
        return vec![];
    }
    match &order.state {
        State::Recovered => vec![(Kind::OrderCompleted, completed(order, false))],
        State::PartRecovered => vec![(Kind::OrderCompleted, completed(order, true))],
        State::Rejected { .. } => vec![(Kind::OrderCancelled, cancelled(order, "system"))],
        State::Cancelled { by, .. } => vec![(Kind::OrderCancelled, cancelled(order, by.as_str()))],
        State::Expired => vec![(
            Kind::OrderExpired,
            json!({"ExpiryDate": order.expires_at.iso6(), "AttemptCount": order.tally.total, "AmountCaptured": order.captured_minor}),
        )],
        State::Authorized { capture_before, .. } => vec![(
            Kind::OrderCapturerequired,
            json!({"AmountAuthorized": order.authorized_minor, "CaptureBeforeUtc": capture_before.iso6()}),
        )],
        _ => vec![],
    }
}

/// What is told of a challenge whose state has changed.
fn challenge_event(state: ChallengeState, order: &Order) -> Option<(Kind, serde_json::Value)> {
    let challenge = order.challenge.as_ref()?;
    let kind = match state {
        ChallengeState::Presented => Kind::ChallengePresented,
        ChallengeState::Attempted => Kind::ChallengeAttempted,
        ChallengeState::Passed => Kind::ChallengePassed,
        ChallengeState::Failed | ChallengeState::Expired => Kind::ChallengeFailed,
    };
    let (fields, left, expires) = (&challenge.fields, challenge.attempts_left, challenge.expires_at.iso6());
    Some((kind, json!({"Fields": fields, "AttemptsLeft": left, "ExpiresUtc": expires})))
}

fn completed(order: &Order, partial: bool) -> serde_json::Value {
    json!({
        "AmountCaptured": order.captured_minor,
        "AttemptCount": order.tally.total,
        "Descriptor": order.descriptor,
        "CompletedOn": order.completed_at.map(Timestamp::iso6),
        "TransactionId": order.paid_by.map(|attempt| attempt.to_string()),
        "Partial": partial,
    })
}

fn cancelled(order: &Order, by: &str) -> serde_json::Value {
    json!({"CancelledBy": by, "AttemptCount": order.tally.total, "DeclineClass": order.class})
}

/// The order's one timer: when its state must be looked at again.
fn timer_write(order: &Order, now: Timestamp) -> Write {
    match wake_at(order, now) {
        Some(due) => Write::SetTimer(timer::Timer {
            kind: timer::Kind::Order,
            subject: order.id.0,
            mid: order.mid,
            environment: order.environment,
            due,
            tries: 0,
        }),
        None => Write::ClearTimer { kind: timer::Kind::Order, subject: order.id.0 },
    }
}

/// When an order must be looked at again; `None` once it is closed.
fn wake_at(order: &Order, now: Timestamp) -> Option<Timestamp> {
    let end = order.expires_at;
    Some(match &order.state {
        State::Received | State::Evaluating => now,
        State::Scheduled { .. } if order.on_request_only => end,
        State::Scheduled { at } => (*at).min(end),
        State::Attempting { deadline, .. } => *deadline,
        State::Reconciling { next_inquiry, .. } => *next_inquiry,
        State::Waiting { until, .. } => (*until).min(end),
        State::Challenged { expires_at, .. } => *expires_at,
        State::Held { .. } => end.min(now + MINUTE * HELD_LOOK_MINUTES),
        State::Authorized { capture_before, .. } => *capture_before,
        State::Faulted { .. } => end,
        State::Recovered
        | State::PartRecovered
        | State::Refunded { .. }
        | State::Rejected { .. }
        | State::Cancelled { .. }
        | State::Expired => return None,
    })
}
