use domain::{
    card::CardKey,
    change::{Conflict, Expectation, Write},
    environment::Environment,
    ledger::Outcome,
    timer::Kind,
};
use store::Store;
use testkit::Ids;

use crate::support::{NOW, conflict, conflict_of, lease, put, set};

pub async fn every_conflict_is_told(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let order = testkit::order(&ids, mid, "o-1", NOW);
    let attempt = testkit::attempt(&ids, &order, 1, NOW);
    let refund = testkit::refund(&ids, &order, attempt.id, NOW);
    let transmit = testkit::transmit(&ids, mid, "t-1", NOW);
    let card = testkit::card(&ids, mid, ids.data_key(), NOW);
    let entry = testkit::entry(mid, CardKey([1; 16]), attempt.id.0, NOW);
    let endpoint = testkit::endpoint(&ids, mid, NOW);
    let event = testkit::event(&ids, &order, 1, NOW);
    let delivery = testkit::delivery(&ids, &endpoint, &event, NOW);
    let record = testkit::idempotency(mid, 1, NOW);
    let inserts = || {
        [
            ("order", Write::InsertOrder(Box::new(order.clone()))),
            ("attempt", Write::InsertAttempt(Box::new(attempt.clone()))),
            ("refund", Write::InsertRefund(Box::new(refund.clone()))),
            ("transmit", Write::InsertTransmit(Box::new(transmit.clone()))),
            ("card", Write::InsertCard(Box::new(card.clone()))),
            ("ledger row", Write::InsertLedger(entry.clone())),
            ("event", Write::PublishEvent(event.clone())),
            ("delivery", Write::InsertDelivery(Box::new(delivery.clone()))),
            ("idempotency scope", Write::InsertIdempotency(record.clone())),
        ]
    };
    put(store, inserts().map(|(_, write)| write)).await;
    put(store, [Write::PutEndpoint(Box::new(endpoint.clone()))]).await;
    for (what, write) in inserts() {
        assert_eq!(conflict(store, [write]).await, Conflict::Taken { what });
    }
    let mut twin = testkit::attempt(&ids, &order, 1, NOW);
    assert_eq!(conflict(store, [Write::InsertAttempt(Box::new(twin.clone()))]).await, Conflict::Taken { what: "attempt" });
    twin.number = 2;
    put(store, [Write::InsertAttempt(Box::new(twin))]).await;

    // Stored at version 1: only version 2 may follow. Never stored: nothing may.
    for version in [0, 1, 3, u32::MAX] {
        let updates = [
            ("order", order.id.0, Write::UpdateOrder(Box::new(domain::order::Order { version, ..order.clone() }))),
            ("attempt", attempt.id.0, Write::UpdateAttempt(Box::new(domain::attempt::Attempt { version, ..attempt.clone() }))),
            ("refund", refund.id.0, Write::UpdateRefund(Box::new(domain::refund::Refund { version, ..refund.clone() }))),
            (
                "transmit",
                transmit.id.0,
                Write::UpdateTransmit(Box::new(domain::transmit::Transmit { version, ..transmit.clone() })),
            ),
            ("card", card.id.0, Write::UpdateCard(Box::new(domain::token::Card { version, ..card.clone() }))),
            (
                "delivery",
                delivery.id.0,
                Write::UpdateDelivery(Box::new(domain::webhook::Delivery { version, ..delivery.clone() })),
            ),
            (
                "endpoint",
                endpoint.id.0,
                Write::UpdateEndpoint(Box::new(domain::webhook::Endpoint { version, ..endpoint.clone() })),
            ),
        ];
        for (what, id, write) in updates {
            assert_eq!(conflict(store, [write]).await, Conflict::Version { what, id }, "{version}");
        }
    }
    let stranger = testkit::order(&ids, mid, "o-2", NOW);
    let update = domain::order::Order { version: 2, ..stranger.clone() };
    assert_eq!(
        conflict(store, [Write::UpdateOrder(Box::new(update))]).await,
        Conflict::Version { what: "order", id: stranger.id.0 }
    );
    expectations_are_checked(store, &order).await;
    let settle = Write::SettleLedger {
        mid,
        environment: Environment::Production,
        card: entry.card,
        at: entry.at,
        id: entry.id,
        outcome: Outcome::Approved,
        response_code: None,
        advice_code: None,
    };
    assert_eq!(conflict(store, [settle]).await, Conflict::Version { what: "ledger row", id: entry.id });
}

async fn expectations_are_checked(store: &Store, order: &domain::order::Order) {
    let (mid, environment) = (order.mid, order.environment);
    let none_open =
        |environment, external_id: &str| Expectation::NoOpenOrder { mid, environment, external_id: external_id.into() };
    let rows = |rows| Expectation::LedgerRows { mid, environment, keys: [CardKey([1; 16]); 2], since: NOW, rows };
    let held = Expectation::Lease { kind: Kind::Order, subject: order.id.0, lease: lease(1) };
    for (expectation, told) in [
        (none_open(environment, "o-1"), Some(Conflict::OpenOrder)),
        (none_open(environment, "o-9"), None),
        (none_open(Environment::Production, "o-1"), None),
        (rows(0), Some(Conflict::LedgerMoved)),
        (rows(2), Some(Conflict::LedgerMoved)),
        (rows(1), None),
        (held, Some(Conflict::LeaseLost)),
    ] {
        match told {
            Some(told) => assert_eq!(conflict_of(store, vec![expectation], []).await, told),
            None => store.apply(domain::change::ChangeSet { expect: vec![expectation], writes: vec![] }).await.unwrap(),
        }
    }
}

pub async fn a_failing_last_write_leaves_nothing(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let order = testkit::order(&ids, mid, "o-1", NOW);
    let attempt = testkit::attempt(&ids, &order, 1, NOW);
    let event = testkit::event(&ids, &order, 1, NOW);
    let transmit = testkit::transmit(&ids, mid, "t-1", NOW);
    let record = testkit::idempotency(mid, 1, NOW);
    let merchant = testkit::merchant(&ids, NOW);
    put(store, [Write::InsertIdempotency(record.clone())]).await;
    let version = store.registry_version().await.unwrap();
    let writes = [
        Write::InsertOrder(Box::new(order.clone())),
        Write::InsertAttempt(Box::new(attempt.clone())),
        Write::InsertTransmit(Box::new(transmit.clone())),
        Write::InsertLedger(testkit::entry(mid, CardKey([1; 16]), attempt.id.0, NOW)),
        Write::SetTimer(testkit::timer(mid, order.id, NOW)),
        Write::PublishEvent(event.clone()),
        Write::PutMerchant(Box::new(merchant.clone())),
        Write::PutClock(domain::change::Clock { mid, lane: 0, offset_us: 0, frozen_at: None }),
        Write::InsertIdempotency(record),
    ];
    assert_eq!(conflict(store, writes).await, Conflict::Taken { what: "idempotency scope" });
    assert_eq!(store.order(order.id).await.unwrap(), None);
    assert_eq!(store.attempt(attempt.id).await.unwrap(), None);
    assert_eq!(store.transmit(transmit.id).await.unwrap(), None);
    assert_eq!(store.ledger(mid, Environment::Sandbox, [CardKey([1; 16]); 2], NOW).await.unwrap(), vec![]);
    assert_eq!(store.pending_timers().await.unwrap(), 0);
    assert_eq!(store.event(event.id).await.unwrap(), None);
    assert_eq!(store.merchant(merchant.id).await.unwrap(), None);
    assert_eq!(store.registry_version().await.unwrap(), version);
    // The lane that was rolled back is not remembered either.
    store.apply(set([Write::SetTimer(testkit::timer(mid, order.id, NOW))])).await.unwrap();
    assert_eq!(store.next_timer(0).await.unwrap(), Some(NOW));
}
