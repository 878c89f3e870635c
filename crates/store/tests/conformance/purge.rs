use std::time::Duration;

use domain::{
    block::{Block, Kind},
    change::{Clock, Write},
    client::Refresh,
    environment::Environment,
    id::Mid,
    time::{DAY, HOUR, Timestamp},
    token::{Sealed, SealedCvv},
};
use store::{Purged, Retention, Store};
use testkit::Ids;

use crate::support::{NOW, lease, put};

const MOMENT: Duration = Duration::from_micros(1);

pub async fn old_rows_go_and_young_ones_stay(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let order = testkit::order(&ids, mid, "o", NOW);
    let endpoint = testkit::endpoint(&ids, mid, NOW);
    let retention = Retention::default();
    // The first of each pair is past its end by a moment, the second not yet.
    let old_and_young = |keep: Duration| [NOW - keep - MOMENT, NOW - keep];
    let mut kept_event = None;
    for (n, created_at) in old_and_young(retention.idempotency).into_iter().enumerate() {
        put(store, [Write::InsertIdempotency(testkit::idempotency(mid, n as u64, created_at))]).await;
    }
    for at in old_and_young(retention.events) {
        let event = testkit::event(&ids, &order, 1, at);
        kept_event = Some(event.id);
        put(store, [Write::PublishEvent(event)]).await;
    }
    let mut deliveries = Vec::new();
    for at in old_and_young(retention.deliveries) {
        let event = testkit::event(&ids, &order, 1, at);
        let delivery = testkit::delivery(&ids, &endpoint, &event, at);
        deliveries.push(delivery.id);
        put(store, [Write::InsertDelivery(Box::new(delivery))]).await;
    }
    let key = ids.data_key();
    let mut cards = Vec::new();
    for at in old_and_young(retention.unused_cards) {
        let card = testkit::card(&ids, mid, key, at);
        let cvv = SealedCvv { token: card.id, mid, sealed: Sealed { key, bytes: vec![1] }, expires_at: NOW + DAY };
        cards.push(card.id);
        put(store, [Write::InsertCard(Box::new(card)), Write::PutCvv(cvv)]).await;
    }
    let mut cvvs = Vec::new();
    for expires_at in [NOW, NOW + MOMENT] {
        let token = ids.token();
        cvvs.push(token);
        put(store, [Write::PutCvv(SealedCvv { token, mid, sealed: Sealed { key, bytes: vec![1] }, expires_at })]).await;
    }
    for (n, expires_at) in [(1, NOW), (2, NOW + HOUR)] {
        let refresh = Refresh { hash: [n; 32], family: ids.uuid(), client: ids.client(), expires_at, spent: false, key: None };
        put(store, [Write::InsertRefresh(refresh)]).await;
    }
    for (n, received_at) in old_and_young(retention.notifications).into_iter().enumerate() {
        put(
            store,
            [Write::InsertNotification(Box::new(crate::processors::notification(ids.processor(), &n.to_string(), received_at)))],
        )
        .await;
    }
    let decided = ids.order();
    for at in old_and_young(retention.decisions) {
        put(store, [Write::InsertDecision(Box::new(crate::decisions::decision(&ids, mid, decided, at)))]).await;
    }
    let purged = store.purge(NOW, &retention).await.unwrap();
    let expected = Purged {
        idempotency: 1,
        events: 1,
        deliveries: 1,
        cvvs: 1,
        cards: 1,
        refreshes: 1,
        notifications: 1,
        decisions: 1,
        ..Purged::default()
    };
    assert_eq!(purged, expected);
    assert_eq!(store.purge(NOW, &retention).await.unwrap(), Purged::default());
    assert!(store.idempotency(testkit::idempotency(mid, 0, NOW).scope).await.unwrap().is_none());
    assert!(store.idempotency(testkit::idempotency(mid, 1, NOW).scope).await.unwrap().is_some());
    assert_eq!(store.decisions(decided).await.unwrap().len(), 1);
    assert!(store.event(kept_event.unwrap()).await.unwrap().is_some());
    assert!(store.delivery(deliveries[0]).await.unwrap().is_none() && store.delivery(deliveries[1]).await.unwrap().is_some());
    assert!(store.card(cards[0]).await.unwrap().is_none() && store.card(cards[1]).await.unwrap().is_some());
    assert!(store.cvv(cards[0]).await.unwrap().is_none() && store.cvv(cards[1]).await.unwrap().is_some());
    assert!(store.cvv(cvvs[0]).await.unwrap().is_none() && store.cvv(cvvs[1]).await.unwrap().is_some());
    assert!(store.refresh([1; 32]).await.unwrap().is_none() && store.refresh([2; 32]).await.unwrap().is_some());
}

pub async fn a_purged_delivery_frees_its_successor(store: &Store) {
    let ids = Ids::new();
    let order = testkit::order(&ids, ids.mid(), "o", NOW);
    let endpoint = testkit::endpoint(&ids, order.mid, NOW);
    put(store, [Write::PutEndpoint(Box::new(endpoint.clone()))]).await;
    let deliveries = [(1, NOW - DAY * 31), (2, NOW)]
        .map(|(sequence, at)| testkit::delivery(&ids, &endpoint, &testkit::event(&ids, &order, sequence, at), at));
    put(store, deliveries.iter().map(|delivery| Write::InsertDelivery(Box::new(delivery.clone())))).await;
    assert_eq!(store.purge(NOW, &Retention::default()).await.unwrap().deliveries, 1);
    let claimed = store.claim_deliveries(NOW, HOUR, 10, lease(1)).await.unwrap();
    assert_eq!(claimed, deliveries[1..]);
}

/// More than one batch holds, so that a purge that ends with its first is found out.
const MANY: usize = 1_100;

pub async fn blocks_go_when_they_ended_long_ago_by_their_merchants_clock(store: &Store) {
    let ids = Ids::new();
    let (plain, frozen, ahead) = (ids.mid(), ids.mid(), ids.mid());
    let keep = Retention::default().ended_blocks;
    let entry = |mid: Mid, environment, value: String, expires_at: Option<Timestamp>| Block {
        environment,
        expires_at,
        ..crate::disputes::block(&ids, mid, Kind::Customer, &value)
    };
    let clock = |mid, offset_us, frozen_at| Write::PutClock(Clock { mid, lane: 0, offset_us, frozen_at });
    let a_year_us = i64::try_from((DAY * 365).as_micros()).unwrap();
    put(store, [clock(frozen, 0, Some(NOW - DAY * 60)), clock(ahead, a_year_us, None)]).await;
    let (sandbox, production) = (Environment::Sandbox, Environment::Production);
    let (over, not_yet) = (Some(NOW - keep - MOMENT), Some(NOW - keep));
    let mut stays = vec![
        entry(plain, production, "for good".into(), None),
        entry(plain, production, "ended lately".into(), not_yet),
        entry(plain, sandbox, "ended lately".into(), not_yet),
        entry(frozen, sandbox, "lives where time stands still".into(), Some(NOW - keep - DAY * 20)),
        entry(ahead, production, "the test clock is of the sandbox".into(), not_yet),
    ];
    let mut goes = vec![
        entry(plain, sandbox, "over".into(), over),
        entry(frozen, production, "over".into(), over),
        entry(frozen, sandbox, "over there too".into(), Some(NOW - keep - DAY * 61)),
        entry(ahead, sandbox, "over there already".into(), Some(NOW + DAY * 300)),
    ];
    for n in 0..MANY {
        let (list, end) = if n % 2 == 0 { (&mut stays, not_yet) } else { (&mut goes, over) };
        list.push(entry(plain, production, format!("payer-{n}"), end));
    }
    put(store, stays.iter().chain(&goes).map(|block| Write::PutBlock(Box::new(block.clone())))).await;
    let purged = store.purge(NOW, &Retention::default()).await.unwrap();
    assert_eq!(purged, Purged { blocks: goes.len() as u64, ..Purged::default() });
    for block in &goes {
        assert_eq!(store.block(block.id).await.unwrap(), None, "{block:?}");
    }
    for block in &stays {
        assert!(store.block(block.id).await.unwrap().is_some(), "{block:?}");
    }
    assert_eq!(store.purge(NOW, &Retention::default()).await.unwrap(), Purged::default());
}
