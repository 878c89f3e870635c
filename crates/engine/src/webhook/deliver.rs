//! Working deliveries: claimed with a lease, sent signed, tried again on a schedule, given up after three days.

use std::{sync::Arc, time::Duration};

use domain::{
    bounds::CONFLICT_RETRIES_MAX,
    change::{ChangeSet, Conflict, Write},
    event::Kind,
    id::{DeliveryId, EventId, LeaseToken},
    mark::Mark,
    owner::Owner,
    time::{DAY, Timestamp},
    webhook::{Delivery, DeliveryState, Endpoint, State, Try},
};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::{sender::host_of, sign::Signing};
use crate::{
    Engine, Error, Result,
    payload::{Payload, resent},
};

/// Waits before the second and later tries, seconds; the last one repeats (`wire-api` §7.4).
const WAITS_SECS: [u64; 8] = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 43_200];
/// A delivery is given up this long after its first try, days.
const GIVE_UP_DAYS: u32 = 3;
/// An endpoint without success for so long is switched off, days.
const DISABLE_DAYS: u32 = 5;
/// Tries kept on a delivery.
const TRIES_MAX: usize = 32;

impl Engine {
    /// Claims what is due and sends it; tells how many were tried.
    pub(crate) async fn deliver_due(self: &Arc<Self>) -> Result<usize> {
        let now = self.clock.now();
        let lease = LeaseToken::at(now, self.random.bytes());
        let lease_for = Duration::from_secs(self.options.lease_secs.into());
        let limit = self.options.webhook_concurrency;
        let claimed = self.store.claim_deliveries(now, lease_for, limit, lease).await?;
        let count = claimed.len();
        stream::iter(claimed)
            .for_each_concurrent(Some(limit as usize), |delivery| async move {
                let id = delivery.id;
                if let Err(error) = self.deliver(delivery).await {
                    tracing::error!(delivery = %id, %error, "a delivery could not be worked");
                }
            })
            .await;
        Ok(count)
    }

    /// Sends one delivery and records what came back.
    pub(super) async fn deliver(&self, delivery: Delivery) -> Result<Delivery> {
        let Some(endpoint) = self.store.endpoint(delivery.endpoint).await? else {
            return self.drop_delivery(delivery, "the endpoint is gone").await;
        };
        let Some(event) = self.store.event(delivery.event).await? else {
            return self.drop_delivery(delivery, "the event is no longer kept").await;
        };
        let again = delivery.resent || !delivery.tries.is_empty();
        let body = if again { resent(&event.payload) } else { event.payload.clone() };
        let tried = match self.sender.guard().check_url(&endpoint.url, endpoint.environment) {
            Ok(()) => self.send_signed(&endpoint, &delivery, &event.id, body).await?,
            Err(refused) => {
                Try { at: self.clock.now(), status: None, latency_ms: 0, error: Some(refused.to_string()), answer: None }
            }
        };
        let recorded = self.record_try(delivery, endpoint, tried).await?;
        if let (DeliveryState::Delivered, Owner::Merchant(mid)) = (recorded.state, event.owner) {
            self.note_mark(mid, event.environment, Mark::Webhook);
        }
        Ok(recorded)
    }

    async fn send_signed(&self, endpoint: &Endpoint, delivery: &Delivery, event: &EventId, body: String) -> Result<Try> {
        let at = self.clock.now();
        let key = self.endpoint_key(endpoint, &endpoint.secret)?;
        let previous = match &endpoint.previous {
            Some((sealed, until)) if at < *until => Some(self.endpoint_key(endpoint, sealed)?),
            _ => None,
        };
        let nonce = crate::hash::hex(&self.random.bytes::<16>());
        let (host, id) = (host_of(&endpoint.url), event.wire());
        let headers = Signing { body: body.as_bytes(), host: &host, nonce: &nonce, at, id: &id }.headers(&key, previous.as_ref());
        let trace = delivery.trace.as_deref().and_then(processor::trace::read);
        let parent = trace.map_or_else(processor::trace::parent, processor::trace::parent_of);
        let headers = [headers, vec![(processor::trace::HEADER, parent)]].concat();
        Ok(self.sender.send(&endpoint.url, headers, body, at).await)
    }

    async fn record_try(&self, mut delivery: Delivery, endpoint: Endpoint, tried: Try) -> Result<Delivery> {
        let success = tried.status.is_some_and(|status| (200..300).contains(&status));
        let gone = tried.status == Some(410);
        let outcome = if success { "delivered" } else { "failed" };
        metrics::counter!("recoup_webhook_tries_total", "outcome" => outcome).increment(1);
        let at = tried.at;
        delivery.tries.push(tried);
        if delivery.tries.len() > TRIES_MAX {
            delivery.tries.remove(1);
        }
        delivery.version += 1;
        next_state(&mut delivery, at, success, gone, self.random.bytes());
        let mut set = ChangeSet::new().with(Write::UpdateDelivery(Box::new(delivery.clone())));
        // A version conflict means that the lease ran out and another worker has it: its record stands.
        if self.apply(set).await?.is_err() {
            return Ok(delivery);
        }
        set = ChangeSet::new();
        if let Some(changed) = health(&endpoint, at, success, gone) {
            self.note_health(endpoint, changed, &mut set).await?;
        }
        Ok(delivery)
    }

    /// Keeps the endpoint's health; a row that others change at the same time is read again.
    async fn note_health(&self, mut endpoint: Endpoint, mut changed: Endpoint, set: &mut ChangeSet) -> Result<()> {
        for _ in 0..CONFLICT_RETRIES_MAX {
            let mut next = std::mem::take(set).with(Write::UpdateEndpoint(Box::new(changed.clone())));
            if changed.state == State::AutoDisabled && endpoint.state == State::Enabled {
                self.tell_disabled(&changed, &mut next).await?;
            }
            match self.apply(next).await? {
                Ok(()) => return Ok(()),
                Err(Conflict::Version { .. }) => {}
                Err(other) => return Err(Error::Internal(other.to_string())),
            }
            let Some(fresh) = self.store.endpoint(endpoint.id).await? else { return Ok(()) };
            changed = Endpoint {
                state: changed.state,
                failing_since: changed.failing_since,
                last_success_at: changed.last_success_at,
                ..fresh.clone()
            };
            changed.version += 1;
            endpoint = fresh;
        }
        Ok(())
    }

    /// `webhook.disabled` goes to the owner's other endpoints and the feed.
    async fn tell_disabled(&self, endpoint: &Endpoint, set: &mut ChangeSet) -> Result<()> {
        let data = json!({
            "WebhookId": endpoint.id,
            "Url": endpoint.url,
            "FailingSince": endpoint.failing_since.map(Timestamp::iso6),
        });
        let now = self.clock.now();
        let test = endpoint.environment == domain::environment::Environment::Sandbox;
        let payload = Payload::plain(Kind::WebhookDisabled, now, test, data).json();
        let event = domain::event::Event {
            id: EventId::at(now, self.random.bytes()),
            owner: endpoint.owner,
            environment: endpoint.environment,
            order: None,
            sequence: 0,
            kind: Kind::WebhookDisabled,
            at: now,
            payload,
        };
        self.publish_to_owner(event, Some(endpoint.id), set).await
    }

    /// A delivery of an event to an endpoint.
    pub(crate) fn new_delivery(
        &self,
        endpoint: &Endpoint,
        event: &domain::event::Event,
        due: Timestamp,
        resent: bool,
    ) -> Delivery {
        let strict = endpoint.ordering == domain::webhook::Ordering::Strict;
        Delivery {
            id: if resent {
                DeliveryId::at(self.clock.now(), self.random.bytes())
            } else {
                DeliveryId::of(event.id, endpoint.id)
            },
            version: 1,
            owner: endpoint.owner,
            environment: endpoint.environment,
            endpoint: endpoint.id,
            event: event.id,
            kind: event.kind,
            // What is sent again by hand does not wait for, or hold up, what is sent anew.
            order: event.order.filter(|_| strict && !resent),
            sequence: event.sequence,
            state: DeliveryState::Pending,
            due,
            resent,
            created_at: self.clock.now(),
            tries: vec![],
            trace: processor::trace::current().map(processor::trace::digits),
        }
    }

    async fn drop_delivery(&self, mut delivery: Delivery, why: &str) -> Result<Delivery> {
        delivery.version += 1;
        delivery.state = DeliveryState::Failed;
        let at = self.clock.now();
        delivery.tries.push(Try { at, status: None, latency_ms: 0, error: Some(why.to_owned()), answer: None });
        let _ = self.apply(ChangeSet::new().with(Write::UpdateDelivery(Box::new(delivery.clone())))).await?;
        Ok(delivery)
    }
}

fn next_state(delivery: &mut Delivery, at: Timestamp, success: bool, gone: bool, random: [u8; 2]) {
    let first = delivery.tries.first().map_or(at, |first| first.at);
    if success {
        delivery.state = DeliveryState::Delivered;
    } else if gone || at.since(first) >= DAY * GIVE_UP_DAYS {
        delivery.state = DeliveryState::Failed;
    } else {
        delivery.due = at + wait(delivery.tries.len(), random);
    }
}

/// The wait after so many tries, ±10 %.
fn wait(tries: usize, random: [u8; 2]) -> Duration {
    let secs = WAITS_SECS[tries.saturating_sub(1).min(WAITS_SECS.len() - 1)];
    let jitter = f64::from(u16::from_le_bytes(random)) / f64::from(u16::MAX);
    Duration::from_secs(secs).mul_f64(0.9 + 0.2 * jitter)
}

/// The endpoint's row after a try, when it must change.
fn health(endpoint: &Endpoint, at: Timestamp, success: bool, gone: bool) -> Option<Endpoint> {
    let mut next = endpoint.clone();
    next.version += 1;
    if gone {
        next.state = State::Disabled;
        return Some(next);
    }
    if success {
        // The time of the last success is kept to the minute: it would else be a write for every delivery.
        let stale = endpoint.last_success_at.is_none_or(|last| at.since(last) >= domain::time::MINUTE);
        next.failing_since = None;
        next.last_success_at = Some(at);
        return (endpoint.failing_since.is_some() || stale).then_some(next);
    }
    match endpoint.failing_since {
        None => {
            next.failing_since = Some(at);
            Some(next)
        }
        Some(since) if at.since(since) >= DAY * DISABLE_DAYS && endpoint.state == State::Enabled => {
            next.state = State::AutoDisabled;
            Some(next)
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_follow_the_contract_within_a_tenth() {
        for (tries, secs) in
            [(1, 5), (2, 60), (3, 300), (4, 1_800), (5, 7_200), (6, 18_000), (7, 36_000), (8, 43_200), (20, 43_200)]
        {
            let (low, high) = (wait(tries, [0, 0]), wait(tries, [255, 255]));
            assert!(
                low >= Duration::from_secs(secs).mul_f64(0.899) && high <= Duration::from_secs(secs).mul_f64(1.101),
                "{tries}"
            );
        }
    }
}
