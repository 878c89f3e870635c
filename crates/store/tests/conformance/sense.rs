//! Visits to shop pages.

use domain::{
    change::{Conflict, Write},
    environment::Environment,
    id::{Mid, SenseKey, SiteId},
    sense::{Batch, Device, Event, EventKind, FieldKind, Session},
    time::{DAY, Timestamp},
};
use store::{Retention, Store};
use testkit::Ids;

use crate::support::{NOW, conflict, put};

pub fn batch(mid: Mid, key: SenseKey, seq: u32, device: u8, email: u8) -> Batch {
    let typed = Event {
        kind: Some(EventKind::Field),
        target: Some(FieldKind::Email),
        hash: Some([email; 16]),
        length: Some(9),
        ..Event::default()
    };
    let device = Device { hash: Some([device; 16]), ..Device::default() };
    Batch { mid, site: SiteId::from_bytes([9; 16]), key, order_id: None, seq, device, events: vec![typed] }
}

pub fn session(mid: Mid, environment: Environment, key: SenseKey, at: Timestamp, device: u8, email: u8) -> Session {
    let batch = batch(mid, key, 0, device, email);
    let mut session = Session::new(&batch, environment, at);
    assert!(session.take(batch, at));
    session
}

fn write(session: &Session) -> Write {
    Write::PutSense(Box::new(session.clone()))
}

pub async fn visits_round_trip_and_keep_their_versions(store: &Store) {
    let ids = Ids::new();
    let (mid, other, key) = (ids.mid(), ids.mid(), SenseKey(ids.uuid()));
    let first = session(mid, Environment::Sandbox, key, NOW, 1, 1);
    put(store, [write(&first)]).await;
    assert_eq!(store.sense_session(mid, Environment::Sandbox, key).await.unwrap(), Some(first.clone()));
    assert_eq!(store.sense_session(mid, Environment::Production, key).await.unwrap(), None);
    assert_eq!(store.sense_session(other, Environment::Sandbox, key).await.unwrap(), None);
    assert!(matches!(conflict(store, [write(&first)]).await, Conflict::Version { .. }), "written already");
    let mut next = first.clone();
    assert!(next.take(batch(mid, key, 1, 1, 2), NOW + DAY));
    put(store, [write(&next)]).await;
    assert!(matches!(conflict(store, [write(&next)]).await, Conflict::Version { .. }));
    assert_eq!(store.sense_session(mid, Environment::Sandbox, key).await.unwrap(), Some(next));
    // The same key of another merchant is another visit.
    let theirs = session(other, Environment::Sandbox, key, NOW, 5, 5);
    put(store, [write(&theirs)]).await;
    assert_eq!(store.sense_session(other, Environment::Sandbox, key).await.unwrap(), Some(theirs));
}

pub async fn emails_of_a_device_are_counted_by_merchant(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let visits = [(mid, 0, 1), (mid, 0, 1), (mid, 0, 2), (mid, 9, 3), (other, 0, 4)];
    for (mid, days, email) in visits {
        put(store, [write(&session(mid, Environment::Sandbox, SenseKey(ids.uuid()), NOW - DAY * days, 1, email))]).await;
    }
    let count = async |mid, device, days: u32| {
        store.sense_emails(mid, Environment::Sandbox, [device; 16], NOW - DAY * days).await.unwrap()
    };
    assert_eq!((count(mid, 1, 1).await, count(mid, 1, 10).await, count(mid, 2, 10).await), (2, 3, 0));
    assert_eq!(count(other, 1, 10).await, 1);
    assert_eq!(store.sense_emails(mid, Environment::Production, [1; 16], NOW - DAY * 10).await.unwrap(), 0);
}

pub async fn old_visits_are_purged(store: &Store) {
    let ids = Ids::new();
    let (mid, keep) = (ids.mid(), Retention::default().sense_sessions);
    let ages = [keep + DAY, keep, DAY];
    let keys: Vec<_> = ages.iter().map(|_| SenseKey(ids.uuid())).collect();
    for (key, age) in keys.iter().zip(ages) {
        put(store, [write(&session(mid, Environment::Production, *key, NOW - age, 1, 1))]).await;
    }
    assert_eq!(store.purge(NOW, &Retention::default()).await.unwrap().sense_sessions, 1);
    for (key, there) in keys.iter().zip([false, true, true]) {
        assert_eq!(store.sense_session(mid, Environment::Production, *key).await.unwrap().is_some(), there);
    }
}
