//! What a shop's page told of the visit in which a payment was made (`wire-api` §16.1): counts and keyed hashes, folded
//! as batches come, in any order and each once. No text that was typed is in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    environment::Environment,
    id::{Mid, SenseKey, SiteId},
    time::Timestamp,
};

/// Batches of one session that are taken; later ones are dropped.
pub const BATCHES_MAX: u32 = 256;
/// Events of one batch that are counted.
pub const EVENTS_MAX: usize = 500;
/// Languages that are kept.
pub const LANGUAGES_MAX: usize = 8;
/// A word of the browser about itself, characters.
pub const WORD_CHARS_MAX: usize = 64;
/// A user agent, characters.
pub const AGENT_CHARS_MAX: usize = 400;
/// A field of a form, counted no further.
const FIELD_EVENTS_MAX: u32 = 100_000;

crate::words! {
    /// What a field asks for. Card data, passwords and codes have no kind: nothing of them is ever told.
    pub enum FieldKind {
        /// E-mail address.
        Email = "email",
        /// A person's name.
        Name = "name",
        /// Telephone number.
        Phone = "phone",
        /// A part of an address.
        Address = "address",
        /// Anything else.
        Other = "other",
    }
}

crate::words! {
    /// What happened on a page.
    pub enum EventKind {
        /// A page was opened.
        Load = "load",
        /// A field, or the page, got the focus.
        Focus = "focus",
        /// A field, or the page, lost it.
        Blur = "blur",
        /// Something was pasted into a field.
        Paste = "paste",
        /// The window changed its size.
        Resize = "resize",
        /// The page was scrolled.
        Scroll = "scroll",
        /// Keys were pressed in a field: how many and how evenly, not which.
        Keys = "keys",
        /// What a field holds: how long it is, its keyed hash, whether the browser filled it.
        Field = "field",
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Event {
    /// Milliseconds since the session began.
    pub at_ms: u64,
    /// What; none: a word we do not know.
    pub kind: Option<EventKind>,
    /// The field.
    pub target: Option<FieldKind>,
    /// Waits between keys: how many, their mean and deviation, milliseconds.
    pub waits: Option<(u32, f64, f64)>,
    /// Length of what the field holds, characters.
    pub length: Option<u32>,
    /// Keyed hash of what the field holds.
    pub hash: Option<[u8; 16]>,
    /// The browser filled the field.
    pub autofilled: bool,
}

/// What the browser says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Device {
    /// Keyed hash of everything that tells devices apart.
    pub hash: Option<[u8; 16]>,
    /// User agent.
    pub user_agent: Option<String>,
    /// Languages, the preferred first.
    pub languages: Vec<String>,
    /// IANA name of the time zone.
    pub time_zone: Option<String>,
    /// Minutes east of UTC.
    pub offset_minutes: Option<i32>,
    /// Screen, `1920x1080x24@2`.
    pub screen: Option<String>,
    /// Points of touch.
    pub touch: Option<u32>,
    /// Pages may store.
    pub storage: Option<bool>,
}

/// What is known of a field of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Field {
    /// Keys pressed in it.
    pub keys: u32,
    /// How often something was pasted into it.
    pub pastes: u32,
    /// The browser filled it.
    pub autofilled: bool,
    /// Characters it holds, the most.
    pub length: u32,
    /// Keyed hash of what it held last.
    pub hash: Option<[u8; 16]>,
    /// When that was, milliseconds since the session began.
    pub hash_at_ms: u64,
}

/// Sums over waits between keys, milliseconds: mean and deviation follow from them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// How many.
    pub count: u64,
    /// Their sum.
    pub sum: u64,
    /// The sum of their squares.
    pub squares: u64,
}

impl Rhythm {
    fn add(&mut self, count: u32, mean: f64, deviation: f64) {
        const WAIT_MS_MAX: f64 = 60_000.0;
        let (count, mean, deviation) = (u64::from(count), mean.clamp(0.0, WAIT_MS_MAX), deviation.clamp(0.0, WAIT_MS_MAX));
        self.count = self.count.saturating_add(count);
        self.sum = self.sum.saturating_add((mean * count as f64) as u64);
        self.squares = self.squares.saturating_add((mean.mul_add(mean, deviation * deviation) * count as f64) as u64);
    }

    /// Mean and deviation, milliseconds; none when nothing is known.
    pub fn mean_and_deviation(&self) -> Option<(f64, f64)> {
        let count = (self.count > 0).then_some(self.count as f64)?;
        let mean = self.sum as f64 / count;
        Some((mean, (self.squares as f64 / count - mean * mean).max(0.0).sqrt()))
    }
}

/// A batch that a page sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The merchant.
    pub mid: Mid,
    /// Its site.
    pub site: SiteId,
    /// The session.
    pub key: SenseKey,
    /// The merchant's order id, once the page knows it.
    pub order_id: Option<String>,
    /// Number of the batch in its session, from 0.
    pub seq: u32,
    /// The browser.
    pub device: Device,
    /// What happened since the last batch.
    pub events: Vec<Event>,
}

/// A visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its key; names it within merchant and environment.
    pub key: SenseKey,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Row version.
    pub version: u32,
    /// The site of its last batch.
    pub site: SiteId,
    /// The merchant's order id, the last one told.
    pub order_id: Option<String>,
    /// The browser.
    pub device: Device,
    /// Batches that were taken, a bit for each.
    batches: [u64; 4],
    /// Its first batch came, UTC, real time.
    pub began_at: Timestamp,
    /// Its last batch came, UTC, real time.
    pub seen_at: Timestamp,
    /// The latest event, milliseconds since the session began.
    pub lasted_ms: u64,
    /// How often each kind of event was told.
    pub counts: BTreeMap<EventKind, u32>,
    /// Fields of the form.
    pub fields: BTreeMap<FieldKind, Field>,
    /// Waits between keys, over all fields.
    pub rhythm: Rhythm,
}

impl Session {
    /// A session that nothing was told of yet.
    pub fn new(batch: &Batch, environment: Environment, now: Timestamp) -> Self {
        Self {
            key: batch.key,
            mid: batch.mid,
            environment,
            version: 0,
            site: batch.site,
            order_id: None,
            device: Device::default(),
            batches: [0; 4],
            began_at: now,
            seen_at: now,
            lasted_ms: 0,
            counts: BTreeMap::new(),
            fields: BTreeMap::new(),
            rhythm: Rhythm::default(),
        }
    }

    /// Takes a batch in; false when it was taken before, or is one too many.
    pub fn take(&mut self, batch: Batch, now: Timestamp) -> bool {
        if batch.seq >= BATCHES_MAX {
            return false;
        }
        let (word, bit) = ((batch.seq / 64) as usize, 1_u64 << (batch.seq % 64));
        if self.batches[word] & bit != 0 {
            return false;
        }
        self.batches[word] |= bit;
        self.version += 1;
        self.seen_at = self.seen_at.max(now);
        self.site = batch.site;
        self.order_id = batch.order_id.or(self.order_id.take());
        if batch.device != Device::default() {
            self.device = batch.device;
        }
        batch.events.iter().take(EVENTS_MAX).for_each(|event| self.fold(event));
        true
    }

    fn fold(&mut self, event: &Event) {
        self.lasted_ms = self.lasted_ms.max(event.at_ms);
        let Some(kind) = event.kind else { return };
        let count = self.counts.entry(kind).or_default();
        *count = count.saturating_add(1);
        if let Some((waits, mean, deviation)) = event.waits {
            self.rhythm.add(waits.min(FIELD_EVENTS_MAX), mean, deviation);
        }
        let Some(target) = event.target else { return };
        let field = self.fields.entry(target).or_default();
        match kind {
            EventKind::Paste => field.pastes = field.pastes.saturating_add(1).min(FIELD_EVENTS_MAX),
            EventKind::Keys => {
                let keys = event.waits.map_or(1, |(waits, ..)| waits.saturating_add(1));
                field.keys = field.keys.saturating_add(keys).min(FIELD_EVENTS_MAX);
            }
            EventKind::Field => {
                field.autofilled |= event.autofilled;
                field.length = field.length.max(event.length.unwrap_or(0));
                if event.hash.is_some() && event.at_ms >= field.hash_at_ms {
                    (field.hash, field.hash_at_ms) = (event.hash, event.at_ms);
                }
            }
            _ => {}
        }
    }

    /// The keyed hash of the e-mail address that was typed last.
    pub fn email(&self) -> Option<[u8; 16]> {
        self.fields.get(&FieldKind::Email)?.hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(seq: u32, events: Vec<Event>) -> Batch {
        let device = Device { offset_minutes: Some(60), ..Device::default() };
        let (mid, site, key) = (Mid::from_bytes([1; 16]), SiteId::from_bytes([2; 16]), SenseKey::from_bytes([3; 16]));
        Batch { mid, site, key, order_id: None, seq, device, events }
    }

    fn event(at_ms: u64, kind: EventKind, target: FieldKind) -> Event {
        Event { at_ms, kind: Some(kind), target: Some(target), ..Event::default() }
    }

    fn session() -> Session {
        Session::new(&batch(0, vec![]), Environment::Sandbox, Timestamp::EPOCH)
    }

    #[test]
    fn batches_count_once_and_in_any_order() {
        let keys = Event { waits: Some((9, 120.0, 30.0)), ..event(900, EventKind::Keys, FieldKind::Email) };
        let old = Event { hash: Some([7; 16]), length: Some(5), ..event(950, EventKind::Field, FieldKind::Email) };
        let new = Event { hash: Some([8; 16]), length: Some(9), ..event(1_900, EventKind::Field, FieldKind::Email) };
        let batches = [batch(0, vec![keys, old]), batch(1, vec![new, event(2_000, EventKind::Paste, FieldKind::Phone)])];
        let mut forwards = session();
        for which in [0, 0, 1, 0] {
            forwards.take(batches[which].clone(), Timestamp::EPOCH);
        }
        let mut backwards = session();
        assert!(backwards.take(batches[1].clone(), Timestamp::EPOCH) && backwards.take(batches[0].clone(), Timestamp::EPOCH));
        assert!(!backwards.take(batches[1].clone(), Timestamp::EPOCH));
        assert_eq!(forwards, backwards);
        assert_eq!((forwards.version, forwards.lasted_ms, forwards.email()), (2, 2_000, Some([8; 16])));
        assert_eq!(forwards.fields[&FieldKind::Email].keys, 10);
        assert_eq!(forwards.fields[&FieldKind::Phone].pastes, 1);
        let (mean, deviation) = forwards.rhythm.mean_and_deviation().unwrap();
        assert!((mean - 120.0).abs() < 1.0 && (deviation - 30.0).abs() < 1.0, "{mean} {deviation}");
    }

    #[test]
    fn a_session_is_bounded() {
        let mut session = session();
        assert!(!session.take(batch(BATCHES_MAX, vec![]), Timestamp::EPOCH));
        for seq in 0..BATCHES_MAX {
            let flood =
                vec![
                    Event { waits: Some((u32::MAX, f64::MAX, f64::NAN)), ..event(u64::MAX, EventKind::Keys, FieldKind::Name) };
                    EVENTS_MAX + 9
                ];
            assert!(session.take(batch(seq, flood), Timestamp::EPOCH));
        }
        assert_eq!(session.counts[&EventKind::Keys], BATCHES_MAX * EVENTS_MAX as u32);
        assert!(serde_json::to_string(&session).unwrap().len() < 4_096);
    }
}
