//! Webhook endpoints and their deliveries, as their owners manage them (`wire-api` §7.1).

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    bounds::{TEXT_CHARS_MAX, WEBHOOK_URL_CHARS_MAX, WEBHOOKS_PER_OWNER_MAX},
    change::{ChangeSet, Write},
    client::Role,
    event::{Event, Kind},
    fault::Faults,
    id::{DeliveryId, EventId, Mid, WebhookId},
    owner::Owner,
    time::{HOUR, Timestamp},
    webhook::{Delivery, Endpoint, Ordering, State},
};
use serde_json::json;
use store::{Page, PageAt};
use vault::Context;
use zeroize::Zeroizing;

use super::{guard::Refused, sign::KEY_BYTES};
use crate::{Engine, Error, Precondition, Principal, Result, payload::Payload};

/// Patterns of one endpoint.
const PATTERNS_MAX: usize = 50;
/// Longest overlap of two keys, hours.
const OVERLAP_HOURS_MAX: u32 = 24 * 7;
/// Events sent again by one replay.
const REPLAY_EVENTS_MAX: usize = 10_000;
/// Rows read at once by a replay.
const REPLAY_PAGE: u32 = 500;

/// What a caller says of an endpoint; absent members keep or default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Where to.
    pub url: Option<String>,
    /// Patterns.
    pub events: Option<Vec<String>>,
    /// Free text.
    pub description: Option<String>,
    /// Switched on or off.
    pub enabled: Option<bool>,
    /// Ordering.
    pub ordering: Option<Ordering>,
}

/// A new or rotated endpoint with its key, which is shown only now.
pub struct Created {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// Base64 of the 64-byte key.
    pub key: Zeroizing<String>,
}

impl Engine {
    /// Makes an endpoint.
    pub async fn create_webhook(
        &self,
        principal: &Principal,
        mid: Option<Mid>,
        draft: Draft,
        mut faults: Faults,
    ) -> Result<Created> {
        principal.require("webhooks")?;
        self.admit()?;
        let owner = self.webhook_owner(principal, mid, &mut faults).await?;
        self.check_webhook(&draft, true, principal.environment, &mut faults);
        let (Some(owner), true) = (owner, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        if self.store.endpoints(owner, principal.environment).await?.len() >= WEBHOOKS_PER_OWNER_MAX {
            return Err(Error::State {
                message: format!("There may be at most {WEBHOOKS_PER_OWNER_MAX} webhooks."),
                order: None,
            });
        }
        self.new_webhook(owner, principal.environment, draft).await
    }

    /// Whose a new endpoint is: the merchant's that is named or calls, else the calling partner's own.
    async fn webhook_owner(&self, principal: &Principal, mid: Option<Mid>, faults: &mut Faults) -> Result<Option<Owner>> {
        match (mid, principal.role, principal.partner) {
            (None, Role::Partner, Some(partner)) if !faults.has("Mid") => Ok(Some(partner.into())),
            _ => Ok(self.merchant_for(principal, mid, faults).await?.map(Owner::from)),
        }
    }

    /// Makes an endpoint for the administration, which has checked the draft.
    pub(crate) async fn new_webhook(
        &self,
        owner: Owner,
        environment: domain::environment::Environment,
        draft: Draft,
    ) -> Result<Created> {
        let now = self.clock.now();
        let id = WebhookId::at(now, self.random.bytes());
        let (key, secret) = self.fresh_key(id)?;
        let endpoint = Endpoint {
            id,
            version: 1,
            owner,
            environment,
            url: draft.url.unwrap_or_default(),
            events: draft.events.unwrap_or_else(|| vec!["*".into()]),
            description: draft.description,
            state: if draft.enabled == Some(false) { State::Disabled } else { State::Enabled },
            ordering: draft.ordering.unwrap_or(Ordering::Strict),
            secret,
            previous: None,
            failing_since: None,
            last_success_at: None,
            created_at: now,
        };
        self.store.apply(ChangeSet::new().with(Write::PutEndpoint(Box::new(endpoint.clone())))).await?;
        self.refresh_registry().await?;
        Ok(Created { endpoint, key })
    }

    /// Every endpoint of a merchant; without one, those of the caller and all its merchants.
    pub async fn webhooks(&self, principal: &Principal, mid: Option<Mid>) -> Result<Vec<Endpoint>> {
        principal.require_read("webhooks")?;
        let mut all = Vec::new();
        for owner in self.visible_owners(principal, mid.or(principal.mid)).await?.unwrap_or_default() {
            all.extend(self.store.endpoints(owner, principal.environment).await?);
        }
        Ok(all)
    }

    /// One endpoint of the caller's.
    pub async fn webhook(&self, principal: &Principal, id: WebhookId) -> Result<Endpoint> {
        principal.require_read("webhooks")?;
        let endpoint = self.store.endpoint(id).await?.ok_or(Error::NotFound)?;
        if self.sees_owner(principal, endpoint.owner, endpoint.environment).await { Ok(endpoint) } else { Err(Error::NotFound) }
    }

    /// One endpoint of the caller's, for whoever is about to do more than look at it.
    async fn managed_webhook(&self, principal: &Principal, id: WebhookId) -> Result<Endpoint> {
        principal.require("webhooks")?;
        self.webhook(principal, id).await
    }

    /// Changes an endpoint.
    pub async fn amend_webhook(
        &self,
        principal: &Principal,
        id: WebhookId,
        draft: Draft,
        mut faults: Faults,
        known: &Precondition,
    ) -> Result<Endpoint> {
        self.admit()?;
        let endpoint = self.managed_webhook(principal, id).await?;
        self.check_webhook(&draft, false, endpoint.environment, &mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.amend(|| async {
            let mut endpoint = self.managed_webhook(principal, id).await?;
            known.check(endpoint.version)?;
            let draft = draft.clone();
            endpoint.url = draft.url.unwrap_or(endpoint.url);
            endpoint.events = draft.events.unwrap_or(endpoint.events);
            endpoint.description = draft.description.or(endpoint.description);
            endpoint.ordering = draft.ordering.unwrap_or(endpoint.ordering);
            match draft.enabled {
                Some(true) => {
                    endpoint.state = State::Enabled;
                    endpoint.failing_since = None;
                }
                Some(false) => endpoint.state = State::Disabled,
                None => {}
            }
            endpoint.version += 1;
            Ok((ChangeSet::new().with(Write::UpdateEndpoint(Box::new(endpoint.clone()))), endpoint))
        })
        .await
    }

    /// Deletes an endpoint; what waits for it is given up.
    pub async fn delete_webhook(&self, principal: &Principal, id: WebhookId, known: &Precondition) -> Result<()> {
        self.admit()?;
        self.amend(|| async {
            let mut endpoint = self.managed_webhook(principal, id).await?;
            known.check(endpoint.version)?;
            // Over this version only: what was read is what goes.
            endpoint.version += 1;
            let set = ChangeSet::new().with(Write::UpdateEndpoint(Box::new(endpoint))).with(Write::DeleteEndpoint { id });
            Ok((set, ()))
        })
        .await
    }

    /// Gives an endpoint a new key; the old one signs beside it for a while.
    pub async fn rotate_webhook_key(
        &self,
        principal: &Principal,
        id: WebhookId,
        overlap_hours: u32,
        known: &Precondition,
    ) -> Result<Created> {
        self.admit()?;
        let until = self.clock.now() + HOUR * overlap_hours.min(OVERLAP_HOURS_MAX);
        self.managed_webhook(principal, id).await?;
        let (key, secret) = self.fresh_key(id)?;
        let endpoint = self
            .amend(|| async {
                let mut endpoint = self.managed_webhook(principal, id).await?;
                known.check(endpoint.version)?;
                let old = std::mem::replace(&mut endpoint.secret, secret.clone());
                endpoint.previous = (overlap_hours > 0).then_some((old, until));
                endpoint.version += 1;
                Ok((ChangeSet::new().with(Write::UpdateEndpoint(Box::new(endpoint.clone()))), endpoint))
            })
            .await?;
        Ok(Created { endpoint, key })
    }

    /// Sends a sample event and waits for what comes back.
    pub async fn test_webhook(self: &Arc<Self>, principal: &Principal, id: WebhookId, kind: Kind) -> Result<Delivery> {
        self.admit()?;
        let endpoint = self.managed_webhook(principal, id).await?;
        let now = self.clock.now();
        let data = json!({"Sample": true, "Mid": endpoint.owner.mid()});
        let event = Event {
            id: EventId::at(now, self.random.bytes()),
            owner: endpoint.owner,
            environment: endpoint.environment,
            order: None,
            sequence: 0,
            kind,
            at: now,
            payload: Payload::plain(kind, now, true, data).json(),
        };
        // Leased to this request: the worker must not send it too.
        let delivery = self.new_delivery(&endpoint, &event, now + Duration::from_secs(self.options.lease_secs.into()), false);
        let set = ChangeSet::new().with(Write::PublishEvent(event)).with(Write::InsertDelivery(Box::new(delivery.clone())));
        self.store.apply(set).await?;
        self.deliver(delivery).await
    }

    /// Deliveries of an endpoint, newest first.
    pub async fn deliveries(&self, principal: &Principal, id: WebhookId, page: PageAt) -> Result<Page<Delivery>> {
        let endpoint = self.webhook(principal, id).await?;
        Ok(self.store.deliveries(endpoint.id, page).await?)
    }

    /// One delivery of an endpoint.
    pub async fn delivery(&self, principal: &Principal, id: WebhookId, delivery: DeliveryId) -> Result<Delivery> {
        let endpoint = self.webhook(principal, id).await?;
        let found = self.store.delivery(delivery).await?.filter(|found| found.endpoint == endpoint.id);
        found.ok_or(Error::NotFound)
    }

    /// Sends a delivery's event again.
    pub async fn redeliver(&self, principal: &Principal, id: WebhookId, delivery: DeliveryId) -> Result<Delivery> {
        self.admit()?;
        let endpoint = self.managed_webhook(principal, id).await?;
        let old = self.delivery(principal, id, delivery).await?;
        let event = self.store.event(old.event).await?.ok_or(Error::NotFound)?;
        let fresh = self.new_delivery(&endpoint, &event, self.clock.now(), true);
        self.apply(ChangeSet::new().with(Write::InsertDelivery(Box::new(fresh.clone()))))
            .await?
            .map_err(|_| Error::InProgress)?;
        Ok(fresh)
    }

    /// Sends the events of a period again; tells how many.
    pub async fn replay_webhook(
        &self,
        principal: &Principal,
        id: WebhookId,
        from: Timestamp,
        to: Timestamp,
        patterns: &[String],
    ) -> Result<usize> {
        self.admit()?;
        let endpoint = self.managed_webhook(principal, id).await?;
        let wanted = |kind: Kind| {
            let list = if patterns.is_empty() { &endpoint.events } else { patterns };
            list.iter().any(|pattern| kind.matches(pattern))
        };
        let owners = self.heard_by(&endpoint).await?;
        let (mut cursor, mut sent) = (0, 0);
        loop {
            let page = self.store.events_after(Some(&owners), endpoint.environment, cursor, REPLAY_PAGE).await?;
            let Some(last) = page.last().map(|(at, _)| *at) else { return Ok(sent) };
            let mut set = ChangeSet::new();
            for (_, event) in page.iter().filter(|(_, event)| event.at >= from && event.at <= to && wanted(event.kind)) {
                set.push(Write::InsertDelivery(Box::new(self.new_delivery(&endpoint, event, self.clock.now(), true))));
                sent += 1;
            }
            if !set.writes.is_empty() {
                self.apply(set).await?.map_err(|_| Error::InProgress)?;
            }
            if sent >= REPLAY_EVENTS_MAX {
                return Ok(sent);
            }
            cursor = last;
        }
    }

    /// Whose events an endpoint gets: its owner's, and for a partner those of the merchants it may act for.
    async fn heard_by(&self, endpoint: &Endpoint) -> Result<Vec<Owner>> {
        let mut owners = vec![endpoint.owner];
        if let Owner::Partner(partner) = endpoint.owner {
            owners.extend(self.store.merchants(Some(partner)).await?.into_iter().map(|merchant| Owner::from(merchant.id)));
            owners.extend(self.store.grants_of_partner(partner).await?.into_iter().map(|grant| Owner::from(grant.mid)));
        }
        Ok(owners)
    }

    /// Publishes an event that belongs to no order, with a delivery to every endpoint that wants it but `except`.
    pub(crate) async fn publish_to_owner(&self, event: Event, except: Option<WebhookId>, set: &mut ChangeSet) -> Result<()> {
        let (now, environment) = (self.clock.now(), event.environment);
        let hears = |endpoint: &&Endpoint| Some(endpoint.id) != except;
        let mut deliveries: Vec<Delivery> = vec![];
        match event.owner {
            Owner::Merchant(mid) => {
                let Some(tenant) = self.tenants.get(mid).await? else { return Ok(()) };
                let endpoints = tenant.endpoints(environment, event.kind).filter(hears);
                deliveries.extend(endpoints.map(|endpoint| self.new_delivery(endpoint, &event, now, false)));
            }
            Owner::Partner(_) => {
                let endpoints = self.store.endpoints(event.owner, environment).await?;
                let endpoints = endpoints.iter().filter(|endpoint| endpoint.wants(event.kind)).filter(hears);
                deliveries.extend(endpoints.map(|endpoint| self.new_delivery(endpoint, &event, now, false)));
            }
        }
        set.writes.extend(deliveries.into_iter().map(|delivery| Write::InsertDelivery(Box::new(delivery))));
        set.push(Write::PublishEvent(event));
        Ok(())
    }

    pub(crate) fn check_webhook(
        &self,
        draft: &Draft,
        creating: bool,
        environment: domain::environment::Environment,
        faults: &mut Faults,
    ) {
        match &draft.url {
            None if creating => faults.required("Url"),
            None => {}
            Some(url) if url.len() > WEBHOOK_URL_CHARS_MAX => faults.too_long("Url", WEBHOOK_URL_CHARS_MAX),
            Some(url) => {
                if let Err(refused) = self.sender.guard().check_url(url, environment) {
                    faults.add("Url", Refused::to_string(&refused));
                }
            }
        }
        match &draft.events {
            None if creating => faults.required("Events"),
            Some(events) if events.is_empty() => faults.required("Events"),
            Some(events) if events.len() > PATTERNS_MAX => faults.too_many("Events", PATTERNS_MAX),
            Some(events) if events.iter().any(|pattern| !is_pattern(pattern)) => faults.invalid("Events"),
            None | Some(_) => {}
        }
        if draft.description.as_ref().is_some_and(|text| text.chars().count() > TEXT_CHARS_MAX) {
            faults.too_long("Description", TEXT_CHARS_MAX);
        }
    }

    fn fresh_key(&self, id: WebhookId) -> Result<(Zeroizing<String>, Vec<u8>)> {
        let key = Zeroizing::new(self.random.bytes::<KEY_BYTES>());
        let sealed = self.vault.seal_value(secret_context(&id.bytes()), key.as_slice())?;
        Ok((Zeroizing::new(STANDARD.encode(key.as_slice())), sealed))
    }

    pub(super) fn endpoint_key(&self, endpoint: &Endpoint, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        Ok(self.vault.open_value(secret_context(&endpoint.id.bytes()), sealed)?)
    }
}

pub(crate) fn secret_context(row: &[u8]) -> Context<'_> {
    Context { table: "endpoints", row, column: "secret" }
}

/// `*`, a known name, or the head of known names with `.*`. Names of later versions are let through when they are
/// well-formed: a client may be ahead of its server.
fn is_pattern(pattern: &str) -> bool {
    let head = pattern.strip_suffix(".*").unwrap_or(pattern);
    let well_formed = |text: &str| {
        !text.is_empty()
            && text.len() <= 64
            && text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    };
    pattern == "*" || well_formed(head)
}
