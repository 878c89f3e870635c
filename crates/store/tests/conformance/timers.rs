use domain::{
    change::{ChangeSet, Clock, Conflict, Expectation, Write},
    environment::Environment,
    id::{LeaseToken, Mid},
    time::{HOUR, MINUTE, Timestamp},
    timer::{Kind, Timer},
};
use store::Store;
use testkit::Ids;

use crate::support::{NOW, conflict_of, lease, put};

async fn claim(store: &Store, lane: i64, now: Timestamp, limit: u32, lease: LeaseToken) -> Vec<Timer> {
    let claimed = store.claim_timers(lane, now, now, MINUTE, limit, lease).await.unwrap();
    assert!(claimed.iter().all(|leased| leased.lease == lease));
    claimed.into_iter().map(|leased| leased.timer).collect()
}

fn tried(timer: &Timer, tries: u32) -> Timer {
    Timer { tries, ..timer.clone() }
}

fn held(timer: &Timer, lease: LeaseToken) -> Expectation {
    Expectation::Lease { kind: timer.kind, subject: timer.subject, lease }
}

fn clock(mid: Mid, lane: i64) -> Write {
    Write::PutClock(Clock { mid, lane, offset_us: 0, frozen_at: None })
}

pub async fn timers_are_claimed_in_order(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let timers: Vec<Timer> = (0..5).map(|n| testkit::timer(mid, ids.order(), NOW + MINUTE * n)).collect();
    put(store, timers.iter().rev().cloned().map(Write::SetTimer)).await;
    assert_eq!(store.pending_timers().await.unwrap(), 5);
    assert_eq!(store.next_timer(0).await.unwrap(), Some(NOW));
    assert_eq!(claim(store, 0, NOW - MINUTE, 9, lease(1)).await, vec![]);
    assert_eq!(claim(store, 0, NOW + HOUR, 2, lease(1)).await, vec![tried(&timers[0], 1), tried(&timers[1], 1)]);
    assert_eq!(store.next_timer(0).await.unwrap(), Some(NOW), "what is held is not done");
    assert_eq!(claim(store, 0, NOW + MINUTE * 3, 9, lease(2)).await, vec![tried(&timers[2], 1), tried(&timers[3], 1)]);
    put(store, [Write::ClearTimer { kind: Kind::Order, subject: timers[4].subject }]).await;
    assert_eq!(store.pending_timers().await.unwrap(), 4);
    put(store, timers[..4].iter().map(|timer| Write::ClearTimer { kind: Kind::Order, subject: timer.subject })).await;
    assert_eq!(store.next_timer(0).await.unwrap(), None);
}

pub async fn a_lease_ends(store: &Store) {
    let ids = Ids::new();
    let timer = testkit::timer(ids.mid(), ids.order(), NOW);
    put(store, [Write::SetTimer(timer.clone())]).await;
    assert_eq!(claim(store, 0, NOW, 9, lease(1)).await, vec![tried(&timer, 1)]);
    assert_eq!(claim(store, 0, NOW, 9, lease(2)).await, vec![]);
    // The lane's clock may jump far ahead: only real time ends a lease.
    let ahead = store.claim_timers(0, NOW + HOUR * 99, NOW, MINUTE, 9, lease(2)).await.unwrap();
    assert_eq!(ahead, vec![]);
    assert_eq!(claim(store, 0, NOW + MINUTE, 9, lease(2)).await, vec![tried(&timer, 2)]);
}

pub async fn a_lost_lease_moves_nothing(store: &Store) {
    let ids = Ids::new();
    let timer = testkit::timer(ids.mid(), ids.order(), NOW);
    put(store, [Write::SetTimer(timer.clone())]).await;
    claim(store, 0, NOW, 9, lease(1)).await;
    claim(store, 0, NOW + MINUTE, 9, lease(2)).await;
    let later = Write::SetTimer(Timer { due: NOW + HOUR, ..timer.clone() });
    let event = testkit::event(&ids, &testkit::order(&ids, timer.mid, "o", NOW), 1, NOW);
    let writes = [Write::PublishEvent(event.clone()), later];
    assert_eq!(conflict_of(store, vec![held(&timer, lease(1))], writes.clone()).await, Conflict::LeaseLost);
    assert_eq!(store.event(event.id).await.unwrap(), None);
    assert!(!store.release_timer(timer.kind, timer.subject, lease(1)).await.unwrap());
    store.apply(ChangeSet { expect: vec![held(&timer, lease(2))], writes: writes.to_vec() }).await.unwrap();
    assert_eq!(store.next_timer(0).await.unwrap(), Some(NOW + HOUR));
    assert_eq!(conflict_of(store, vec![held(&timer, lease(2))], []).await, Conflict::LeaseLost);
}

pub async fn release_gives_back(store: &Store) {
    let ids = Ids::new();
    let timer = testkit::timer(ids.mid(), ids.order(), NOW);
    put(store, [Write::SetTimer(timer.clone())]).await;
    claim(store, 0, NOW, 9, lease(1)).await;
    assert!(!store.release_timer(timer.kind, timer.subject, lease(2)).await.unwrap());
    assert!(!store.release_timer(Kind::Refund, timer.subject, lease(1)).await.unwrap());
    assert!(store.release_timer(timer.kind, timer.subject, lease(1)).await.unwrap());
    assert_eq!(claim(store, 0, NOW, 9, lease(3)).await, vec![tried(&timer, 2)]);
}

pub async fn moving_ends_a_lease(store: &Store) {
    let ids = Ids::new();
    let timer = testkit::timer(ids.mid(), ids.order(), NOW);
    put(store, [Write::SetTimer(timer.clone())]).await;
    claim(store, 0, NOW, 9, lease(1)).await;
    let sooner = Timer { due: NOW - HOUR, tries: 4, ..timer.clone() };
    put(store, [Write::SetTimer(sooner.clone())]).await;
    assert_eq!(store.pending_timers().await.unwrap(), 1);
    assert_eq!(conflict_of(store, vec![held(&timer, lease(1))], []).await, Conflict::LeaseLost);
    assert_eq!(claim(store, 0, NOW, 9, lease(2)).await, vec![tried(&sooner, 5)]);
    let another = Timer { kind: Kind::Capture, ..timer };
    put(store, [Write::SetTimer(another)]).await;
    assert_eq!(store.pending_timers().await.unwrap(), 2);
}

pub async fn lanes_keep_sandbox_merchants_apart(store: &Store) {
    let ids = Ids::new();
    let (virtual_mid, plain) = (ids.mid(), ids.mid());
    put(store, [clock(virtual_mid, 0)]).await;
    let own = testkit::timer(virtual_mid, ids.order(), NOW);
    let live = Timer { environment: Environment::Production, ..testkit::timer(virtual_mid, ids.order(), NOW + MINUTE) };
    let shared = testkit::timer(plain, ids.order(), NOW + HOUR);
    put(store, [&own, &live, &shared].map(|timer| Write::SetTimer(timer.clone()))).await;
    assert_eq!(store.next_timer(1).await.unwrap(), Some(NOW));
    assert_eq!(store.next_timer(2).await.unwrap(), None);
    assert_eq!(claim(store, 1, NOW + HOUR, 9, lease(1)).await, vec![tried(&own, 1)]);
    assert_eq!(claim(store, 0, NOW + HOUR, 9, lease(2)).await, vec![tried(&live, 1), tried(&shared, 1)]);
}

pub async fn timers_move_with_their_clock(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let before = testkit::timer(mid, ids.order(), NOW);
    let live = Timer { environment: Environment::Production, ..testkit::timer(mid, ids.order(), NOW + HOUR) };
    let foreign = testkit::timer(other, ids.order(), NOW + HOUR);
    put(store, [&before, &live, &foreign].map(|timer| Write::SetTimer(timer.clone()))).await;
    let along = testkit::timer(mid, ids.order(), NOW + MINUTE);
    put(store, [clock(mid, 0), Write::SetTimer(along.clone())]).await;
    let after = testkit::timer(mid, ids.order(), NOW + MINUTE * 2);
    put(store, [Write::SetTimer(after.clone())]).await;
    let moved = claim(store, 1, NOW + HOUR, 9, lease(1)).await;
    assert_eq!(moved, [&before, &along, &after].map(|timer| tried(timer, 1)));
    assert_eq!(claim(store, 0, NOW + HOUR, 9, lease(2)).await.len(), 2);
    put(store, [clock(mid, 5)]).await;
    assert_eq!(claim(store, 5, NOW + HOUR * 2, 9, lease(3)).await.len(), 3);
}
