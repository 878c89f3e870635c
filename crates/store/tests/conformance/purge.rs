use std::time::Duration;

use domain::{
    change::Write,
    client::Refresh,
    time::{DAY, HOUR},
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
        put(store, [Write::InsertNotification(Box::new(crate::processors::notification(ids.processor(), &n.to_string(), received_at)))])
            .await;
    }
    let purged = store.purge(NOW, &retention).await.unwrap();
    let expected =
        Purged { idempotency: 1, events: 1, deliveries: 1, cvvs: 1, cards: 1, refreshes: 1, notifications: 1, ..Purged::default() };
    assert_eq!(purged, expected);
    assert_eq!(store.purge(NOW, &retention).await.unwrap(), Purged::default());
    assert!(store.idempotency(testkit::idempotency(mid, 0, NOW).scope).await.unwrap().is_none());
    assert!(store.idempotency(testkit::idempotency(mid, 1, NOW).scope).await.unwrap().is_some());
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
