//! One change of an advice, one commit: the row, its timer, and the events that it owes. `retry.exhausted` is derived
//! here, from the states before and after, so that every end without success tells it exactly once.

use domain::{
    advice::Advice,
    change::{ChangeSet, Write},
    event::{Event, Kind},
    time::Timestamp,
    timer,
};
use serde_json::json;

use super::View;
use crate::{Engine, Result, payload::Payload, tenants::Tenant};

/// A change of one advice in the making.
pub(super) struct Change<'a> {
    is_new: bool,
    was_open: bool,
    tells_due: bool,
    /// The advice as it will be.
    pub advice: Advice,
    /// Its merchant.
    pub tenant: &'a Tenant,
    /// Everything else the change writes.
    pub set: ChangeSet,
    /// Now, by the merchant's clock.
    pub now: Timestamp,
}

impl<'a> Change<'a> {
    /// A change of an advice that exists.
    pub const fn of(advice: Advice, tenant: &'a Tenant, now: Timestamp) -> Self {
        let was_open = advice.state.is_open();
        Self { is_new: false, was_open, tells_due: false, advice, tenant, set: ChangeSet { expect: vec![], writes: vec![] }, now }
    }

    /// A new advice.
    pub fn new(advice: Advice, tenant: &'a Tenant, now: Timestamp) -> Self {
        Self { is_new: true, was_open: true, ..Self::of(advice, tenant, now) }
    }

    /// Tells that the advised attempt is due, once for each decision.
    pub fn tell_due(&mut self) {
        if let Some(advised) = self.advice.advised.as_mut().filter(|advised| !advised.told) {
            advised.told = true;
            self.tells_due = true;
        }
    }
}

impl Engine {
    /// Commits; the advice as it then stands, or `None` when another commit came first.
    pub(super) async fn commit_advice(&self, change: Change<'_>) -> Result<Option<Advice>> {
        let (set, advice) = self.seal_advice(change);
        Ok(self.apply(set).await?.is_ok().then_some(advice))
    }

    fn seal_advice(&self, mut change: Change<'_>) -> (ChangeSet, Advice) {
        if change.tells_due {
            let own = json!({"AdviceId": change.advice.id, "Advice": View::of(&change.advice).told()});
            self.publish_of_advice(&mut change, Kind::RetryDue, own);
        }
        if let Some(why) = change.advice.state.exhausted().filter(|_| change.was_open) {
            let own = json!({"AdviceId": change.advice.id, "Reason": why});
            self.publish_of_advice(&mut change, Kind::RetryExhausted, own);
        }
        let Change { is_new, mut advice, mut set, now, .. } = change;
        set.push(timer_write(&advice));
        advice.updated_at = now;
        if is_new {
            set.push(Write::InsertAdvice(Box::new(advice.clone())));
        } else {
            advice.version += 1;
            set.push(Write::UpdateAdvice(Box::new(advice.clone())));
        }
        (set, advice)
    }

    fn publish_of_advice(&self, change: &mut Change<'_>, kind: Kind, own: serde_json::Value) {
        let real = self.clock.now();
        let (sequence, id) = change.advice.take_event(real);
        let advice = &change.advice;
        let event = Event {
            id,
            owner: advice.mid.into(),
            environment: advice.environment,
            order: Some(advice.order()),
            sequence,
            kind,
            at: change.now,
            payload: Payload::of_advice(kind, advice, sequence, change.now, own).json(),
        };
        for endpoint in change.tenant.endpoints(advice.environment, kind) {
            change.set.push(Write::InsertDelivery(Box::new(self.new_delivery(endpoint, &event, real, false))));
        }
        change.set.push(Write::PublishEvent(event));
        metrics::counter!("recoup_events_total", "event" => kind.as_str()).increment(1);
    }
}

fn timer_write(advice: &Advice) -> Write {
    match advice.wake_at() {
        Some(due) => Write::SetTimer(timer::Timer {
            kind: timer::Kind::Advice,
            subject: advice.id.0,
            mid: advice.mid,
            environment: advice.environment,
            due,
            tries: 0,
        }),
        None => Write::ClearTimer { kind: timer::Kind::Advice, subject: advice.id.0 },
    }
}
