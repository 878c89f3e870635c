//! Visits to shop pages: batches of their script come in, and payments are looked at beside them.

use domain::{
    bounds::CONFLICT_RETRIES_MAX,
    change::{ChangeSet, Write},
    environment::Environment,
    fault::Faults,
    id::{Mid, SenseKey},
    order::Order,
    sense::{Batch, FieldKind, Session},
    site::Site,
    time::DAY,
};
use recovery::risk::Signals;

use crate::{Engine, Error, Result};

/// A visit tells of a payment for so long: the life of its key.
const VISIT_DAYS: u32 = 1;
/// E-mail addresses of a device are counted over so many days.
const DEVICE_DAYS: u32 = 7;

impl Engine {
    /// Takes a batch of a page in. Pages of origins that are not listed for the site are refused; a batch that was taken
    /// before, or came too late, changes nothing.
    pub async fn take_sense(&self, environment: Environment, batch: Batch, origin: Option<&str>) -> Result<()> {
        self.admit()?;
        let tenant = self.tenants.get(batch.mid).await?;
        let site = tenant.as_ref().and_then(|tenant| tenant.site(batch.site)).filter(|site| !site.archived);
        let Some(site) = site else {
            let mut faults = Faults::new();
            faults.invalid("SiteId");
            return Err(Error::Invalid(faults));
        };
        if !admits_origin(site, environment, origin) {
            return Err(Error::OriginRefused);
        }
        let batch = self.hashed(batch);
        let now = self.clock.now();
        for _ in 0..CONFLICT_RETRIES_MAX {
            let known = self.store.sense_session(batch.mid, environment, batch.key).await?;
            let mut session = known.unwrap_or_else(|| Session::new(&batch, environment, now));
            if !session.take(batch.clone(), now) {
                return Ok(());
            }
            let set = ChangeSet::new().with(Write::PutSense(Box::new(session)));
            if self.apply(set).await?.is_ok() {
                metrics::counter!("recoup_sense_batches_total").increment(1);
                return Ok(());
            }
        }
        Err(Error::Overloaded)
    }

    /// What the visit of an order's customer says of its payment; none: there was none that is known.
    pub(crate) async fn signals_of(&self, order: &Order) -> Result<Option<Signals>> {
        let Some(key) = self.visit_of(order).await? else { return Ok(None) };
        let Some(visit) = self.store.sense_session(order.mid, order.environment, key).await? else { return Ok(None) };
        let now = self.clock.now();
        if visit.seen_at + DAY * VISIT_DAYS < now {
            return Ok(None);
        }
        let emails = match visit.device.hash {
            Some(device) => self.store.sense_emails(order.mid, order.environment, device, now - DAY * DEVICE_DAYS).await?,
            None => 0,
        };
        Ok(Some(self.signals(order, &visit, emails)))
    }

    /// The key that the payment names, else the one its card was vaulted with.
    async fn visit_of(&self, order: &Order) -> Result<Option<SenseKey>> {
        if let Some(named) = order.payment.sense_key.as_deref() {
            return Ok(SenseKey::parse(named));
        }
        let Some(token) = order.credential().map(|credential| credential.token) else { return Ok(None) };
        let card = self.store.card(token).await?;
        Ok(card.and_then(|card| SenseKey::parse(card.sense_key.as_deref()?)))
    }

    fn signals(&self, order: &Order, visit: &Session, emails: u32) -> Signals {
        let filled = visit.fields.values().filter(|field| field.length > 0);
        let rhythm = visit.rhythm.mean_and_deviation();
        let typed = visit.email();
        let named = order.payment.payer.email.as_deref().filter(|email| email.contains('@'));
        let country =
            order.payment.billing.as_ref().and_then(|billing| billing.country_code.as_ref().or(billing.country.as_ref()));
        Signals {
            secs: (visit.lasted_ms / 1_000) as f32,
            filled: filled.clone().count() as u32,
            untouched: filled.filter(|field| field.keys == 0 && field.pastes == 0 && !field.autofilled).count() as u32,
            pasted: [FieldKind::Email, FieldKind::Name, FieldKind::Phone, FieldKind::Address]
                .iter()
                .filter(|kind| visit.fields.get(kind).is_some_and(|field| field.pastes > 0))
                .count() as u32,
            waits: visit.rhythm.count,
            deviation_ms: rhythm.map(|(_, deviation)| deviation as f32),
            offset_minutes: visit.device.offset_minutes,
            country: country.and_then(|country| domain::country::code_of(country)),
            emails,
            other_email: typed.zip(named).map(|(typed, named)| typed != self.email_hash(order.mid, named)),
        }
    }

    /// Hashes that pages made are hashed again under a key of our own: what lies in the store fits no list that others made.
    fn hashed(&self, mut batch: Batch) -> Batch {
        let mid = batch.mid;
        if let Some(hash) = &mut batch.device.hash {
            *hash = self.sense_hash(mid, b"device", hash);
        }
        for event in &mut batch.events {
            if let Some(hash) = &mut event.hash {
                *hash = self.sense_hash(mid, b"field", hash);
            }
        }
        batch
    }

    fn sense_hash(&self, mid: Mid, what: &[u8], hash: &[u8; 16]) -> [u8; 16] {
        first16(&self.hasher.of(&[b"sense", what, &mid.bytes(), hash]))
    }

    /// The hash of an e-mail address as the page makes it, and then we.
    fn email_hash(&self, mid: Mid, email: &str) -> [u8; 16] {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, mid.to_string().as_bytes());
        let tag = aws_lc_rs::hmac::sign(&key, email.trim().to_lowercase().as_bytes());
        self.sense_hash(mid, b"field", &first16(tag.as_ref()))
    }
}

fn first16(bytes: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&bytes[..16]);
    out
}

/// Whether pages of an origin may speak for a site: it is listed; in the sandbox a site that lists none admits any.
pub fn admits_origin(site: &Site, environment: Environment, origin: Option<&str>) -> bool {
    if environment == Environment::Sandbox && site.allowed_origins.is_empty() {
        return true;
    }
    let same = |known: &String| origin.is_some_and(|origin| known.trim().trim_end_matches('/').eq_ignore_ascii_case(origin));
    site.allowed_origins.iter().any(same)
}
