use std::collections::BTreeMap;

use domain::{
    change::Write,
    order::Order,
    time::{HOUR, MINUTE},
    webhook::{Delivery, DeliveryState, Endpoint, State, Try},
};
use store::{PageAt, Store};
use testkit::Ids;

use crate::support::{NOW, lease, put};

fn delivery(ids: &Ids, endpoint: &Endpoint, order: &Order, sequence: u32) -> Delivery {
    testkit::delivery(ids, endpoint, &testkit::event(ids, order, sequence, NOW), NOW)
}

fn insert(delivery: &Delivery) -> Write {
    Write::InsertDelivery(Box::new(delivery.clone()))
}

async fn endpoint(store: &Store, ids: &Ids) -> Endpoint {
    let endpoint = testkit::endpoint(ids, ids.mid(), NOW);
    put(store, [Write::PutEndpoint(Box::new(endpoint.clone()))]).await;
    endpoint
}

async fn settle(store: &Store, delivery: &Delivery, state: DeliveryState) -> Delivery {
    let next = Delivery { version: delivery.version + 1, state, ..delivery.clone() };
    put(store, [Write::UpdateDelivery(Box::new(next.clone()))]).await;
    next
}

pub async fn round_trip_and_pages(store: &Store) {
    let ids = Ids::new();
    let endpoint = endpoint(store, &ids).await;
    let order = testkit::order(&ids, endpoint.owner.mid().unwrap(), "o", NOW);
    let mut all: Vec<Delivery> = (1..=5).map(|n| delivery(&ids, &endpoint, &order, n)).collect();
    put(store, all.iter().map(insert)).await;
    all[0].version = 2;
    all[0].tries.push(Try { at: NOW, status: Some(503), latency_ms: 12, error: None, answer: Some("busy".into()) });
    put(store, [Write::UpdateDelivery(Box::new(all[0].clone()))]).await;
    assert_eq!(store.delivery(all[0].id).await.unwrap(), Some(all[0].clone()));
    all.reverse();
    let page = store.deliveries(endpoint.id, PageAt { number: 2, size: 2 }).await.unwrap();
    assert_eq!((page.rows.as_slice(), page.total), (&all[2..4], 5));
    assert_eq!(store.deliveries(ids.webhook(), PageAt::default()).await.unwrap().total, 0);
}

pub async fn one_order_keeps_its_sequence(store: &Store) {
    let ids = Ids::new();
    let endpoint = endpoint(store, &ids).await;
    let order = testkit::order(&ids, endpoint.owner.mid().unwrap(), "o", NOW);
    let (first, second, third) =
        (delivery(&ids, &endpoint, &order, 1), delivery(&ids, &endpoint, &order, 2), delivery(&ids, &endpoint, &order, 3));
    // Committed out of order, and the first one is not due yet: the others wait all the same.
    let first = Delivery { due: NOW + MINUTE, ..first };
    let loose = Delivery { order: None, ..delivery(&ids, &endpoint, &order, 9) };
    put(store, [insert(&third), insert(&loose)]).await;
    put(store, [insert(&second)]).await;
    put(store, [insert(&first)]).await;
    let claim = async |now, n| store.claim_deliveries(now, HOUR, 10, lease(n)).await.unwrap();
    assert_eq!(claim(NOW, 1).await, vec![loose]);
    assert_eq!(claim(NOW + MINUTE, 2).await, vec![first.clone()]);
    assert_eq!(claim(NOW + MINUTE, 3).await, vec![]);
    let retried = settle(store, &first, DeliveryState::Pending).await;
    assert_eq!(claim(NOW + MINUTE, 4).await, vec![retried.clone()]);
    settle(store, &retried, DeliveryState::Delivered).await;
    assert_eq!(claim(NOW + MINUTE, 5).await, vec![second.clone()]);
    settle(store, &second, DeliveryState::Failed).await;
    assert_eq!(claim(NOW + MINUTE, 6).await, vec![third]);
    // Delivering again what came earlier holds the later one back once more.
    let again = Delivery { resent: true, ..delivery(&ids, &endpoint, &order, 1) };
    put(store, [insert(&again)]).await;
    assert_eq!(claim(NOW + MINUTE, 7).await, vec![again]);
}

pub async fn endpoints_share_a_claim(store: &Store) {
    let ids = Ids::new();
    let mut writes = Vec::new();
    let mut endpoints = Vec::new();
    for _ in 0..5 {
        let endpoint = endpoint(store, &ids).await;
        for _ in 0..40 {
            let order = testkit::order(&ids, endpoint.owner.mid().unwrap(), "o", NOW);
            writes.push(insert(&delivery(&ids, &endpoint, &order, 1)));
        }
        endpoints.push(endpoint.id);
    }
    put(store, writes).await;
    let mut claimed = BTreeMap::new();
    for n in 0..5 {
        for delivery in store.claim_deliveries(NOW, HOUR, 32, lease(n)).await.unwrap() {
            *claimed.entry(delivery.endpoint).or_insert(0) += 1;
        }
    }
    assert_eq!(claimed.values().sum::<i32>(), 160);
    for endpoint in endpoints {
        assert!(claimed[&endpoint] >= 16, "{claimed:?}");
    }
    let rest = store.claim_deliveries(NOW, HOUR, 1_000, lease(9)).await.unwrap();
    assert_eq!(rest.len(), 40);
}

pub async fn disabled_endpoints_wait(store: &Store) {
    let ids = Ids::new();
    let (mut off, on) = (endpoint(store, &ids).await, endpoint(store, &ids).await);
    (off.state, off.version) = (State::AutoDisabled, 2);
    put(store, [Write::UpdateEndpoint(Box::new(off.clone()))]).await;
    let waiting = delivery(&ids, &off, &testkit::order(&ids, off.owner.mid().unwrap(), "o", NOW), 1);
    let going = delivery(&ids, &on, &testkit::order(&ids, on.owner.mid().unwrap(), "o", NOW), 1);
    put(store, [insert(&waiting), insert(&going)]).await;
    assert_eq!(store.claim_deliveries(NOW, HOUR, 10, lease(1)).await.unwrap(), vec![going]);
    (off.state, off.version) = (State::Enabled, 3);
    put(store, [Write::UpdateEndpoint(Box::new(off))]).await;
    assert_eq!(store.claim_deliveries(NOW, HOUR, 10, lease(2)).await.unwrap(), vec![waiting]);
}

pub async fn a_lease_is_exclusive_until_it_ends(store: &Store) {
    let ids = Ids::new();
    let endpoint = endpoint(store, &ids).await;
    let sent = delivery(&ids, &endpoint, &testkit::order(&ids, endpoint.owner.mid().unwrap(), "o", NOW), 1);
    put(store, [insert(&sent)]).await;
    let claim = async |now, n| store.claim_deliveries(now, MINUTE, 10, lease(n)).await.unwrap().len();
    assert_eq!(claim(NOW - MINUTE, 1).await, 0);
    assert_eq!(claim(NOW, 1).await, 1);
    assert_eq!(claim(NOW, 2).await, 0);
    assert_eq!(claim(NOW + MINUTE, 3).await, 1);
    // Whoever reports first wins; the other meets a newer version.
    let done = Delivery { version: 2, state: DeliveryState::Delivered, ..sent };
    put(store, [Write::UpdateDelivery(Box::new(done.clone()))]).await;
    crate::support::conflict(store, [Write::UpdateDelivery(Box::new(done))]).await;
    assert_eq!(claim(NOW + HOUR, 4).await, 0);
}

pub async fn a_deleted_endpoint_takes_its_pending_deliveries(store: &Store) {
    let ids = Ids::new();
    let endpoint = endpoint(store, &ids).await;
    let [first, second] =
        [1, 2].map(|_| delivery(&ids, &endpoint, &testkit::order(&ids, endpoint.owner.mid().unwrap(), "o", NOW), 1));
    put(store, [insert(&first), insert(&second)]).await;
    let first = settle(store, &first, DeliveryState::Delivered).await;
    put(store, [Write::DeleteEndpoint { id: endpoint.id }]).await;
    assert_eq!(store.endpoint(endpoint.id).await.unwrap(), None);
    assert_eq!(store.delivery(first.id).await.unwrap(), Some(first));
    assert_eq!(store.delivery(second.id).await.unwrap(), None);
    assert_eq!(store.stats(None).await.unwrap().deliveries_pending, 0);
}
