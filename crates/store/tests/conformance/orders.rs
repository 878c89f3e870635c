use domain::{
    change::{Idempotency, Write},
    environment::Environment,
    order::{Order, State},
    owner::Owner,
    payment::Subscription,
    refund,
    time::{HOUR, MINUTE},
    transmit::Transmit,
};
use store::{ApplyError, Error, Store};
use testkit::Ids;

use crate::support::{NOW, conflict, put, set};

fn insert(order: &Order) -> Write {
    Write::InsertOrder(Box::new(order.clone()))
}

pub async fn orders_round_trip(store: &Store) {
    let ids = Ids::new();
    let mut order = testkit::order(&ids, ids.mid(), "o-1", NOW);
    order.credentials.push(testkit::credential(&ids, NOW));
    order.payment.payer.email = Some("zoë@example.com".into());
    put(store, [insert(&order)]).await;
    assert_eq!(store.order(order.id).await.unwrap().as_ref(), Some(&order));
    order.advance(State::Held { since: NOW }, NOW).unwrap();
    order.worked_at = Some(NOW + HOUR);
    order.touch(NOW + HOUR);
    put(store, [Write::UpdateOrder(Box::new(order.clone()))]).await;
    assert_eq!(store.order(order.id).await.unwrap().as_ref(), Some(&order));
    assert_eq!(store.order(ids.order()).await.unwrap(), None);
}

pub async fn open_orders(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let mut order = testkit::order(&ids, mid, "o-1", NOW);
    put(store, [insert(&order)]).await;
    let open = async |mid, environment, id| store.open_order(mid, environment, id).await.unwrap().map(|order: Order| order.id);
    assert_eq!(open(mid, Environment::Sandbox, "o-1").await, Some(order.id));
    assert_eq!(open(mid, Environment::Production, "o-1").await, None);
    assert_eq!(open(other, Environment::Sandbox, "o-1").await, None);
    assert_eq!(open(mid, Environment::Sandbox, "O-1").await, None);
    order.state = State::Expired;
    order.touch(NOW);
    put(store, [Write::UpdateOrder(Box::new(order.clone()))]).await;
    assert_eq!(open(mid, Environment::Sandbox, "o-1").await, None);
    assert_eq!(store.orders_by_external(mid, Environment::Sandbox, "o-1", 5).await.unwrap(), vec![order]);
}

pub async fn orders_by_external_are_newest_first(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let mut orders: Vec<Order> = (0..6).map(|n| testkit::order(&ids, mid, "o-1", NOW + MINUTE * n)).collect();
    for order in orders.iter_mut().step_by(2) {
        order.state = State::Expired;
    }
    put(store, orders.iter().map(insert)).await;
    put(store, [insert(&testkit::order(&ids, ids.mid(), "o-1", NOW))]).await;
    orders.reverse();
    for limit in [0, 1, 3, 6, 100] {
        let read = store.orders_by_external(mid, Environment::Sandbox, "o-1", limit).await.unwrap();
        assert_eq!(read, orders[..(limit as usize).min(6)], "{limit}");
    }
}

pub async fn credentials_are_found_by_three_names(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let with = |mid, external: &str, payer: Option<&str>, subscription: Option<&str>, has: bool| {
        let mut order = testkit::order(&ids, mid, external, NOW);
        order.payment.payer.id = payer.map(str::to_owned);
        order.payment.subscription =
            Some(Subscription { subscription_id: subscription.map(str::to_owned), ..Subscription::default() });
        if has {
            order.credentials.push(testkit::credential(&ids, NOW));
        }
        order
    };
    let orders = [
        with(mid, "o-1", Some("p-1"), Some("s-1"), true),
        with(mid, "o-2", Some("p-1"), None, true),
        with(mid, "o-3", None, Some("s-1"), true),
        with(mid, "o-1", Some("p-1"), Some("s-1"), false),
        with(other, "o-1", Some("p-1"), Some("s-1"), true),
    ];
    put(store, orders.iter().map(insert)).await;
    let found = async |external, payer, subscription| {
        let order = store.order_with_credential_of(mid, Environment::Sandbox, external, payer, subscription).await.unwrap();
        order.and_then(|order| orders.iter().position(|known| known.id == order.id))
    };
    for (external, payer, subscription, expected) in [
        ("o-1", None, None, Some(0)),
        ("o-9", None, None, None),
        ("o-9", Some("p-1"), None, Some(1)),
        ("o-9", None, Some("s-1"), Some(2)),
        ("o-1", Some("p-1"), Some("s-1"), Some(2)),
        ("o-2", None, Some("s-9"), Some(1)),
        ("", Some(""), Some(""), None),
    ] {
        assert_eq!(found(external, payer, subscription).await, expected, "{external} {payer:?} {subscription:?}");
    }
    let mut late = orders[3].clone();
    late.credentials.push(testkit::credential(&ids, NOW));
    late.touch(NOW);
    put(store, [Write::UpdateOrder(Box::new(late))]).await;
    assert_eq!(found("o-9", Some("p-1"), None).await, Some(3));
}

pub async fn attempts_and_refunds_round_trip(store: &Store) {
    let ids = Ids::new();
    let order = testkit::order(&ids, ids.mid(), "o-1", NOW);
    let mut first = testkit::attempt(&ids, &order, 1, NOW);
    first.decision = Some(serde_json::json!({"p": 0.25, "arms": [1, 2]}));
    let second = testkit::attempt(&ids, &order, 2, NOW + HOUR);
    let mut refund = testkit::refund(&ids, &order, first.id, NOW);
    put(
        store,
        [
            Write::InsertAttempt(Box::new(second.clone())),
            Write::InsertAttempt(Box::new(first.clone())),
            Write::InsertRefund(Box::new(refund.clone())),
        ],
    )
    .await;
    first.progress = domain::attempt::Progress::Released { detail: "timeout".into() };
    first.version = 2;
    (refund.state, refund.version) = (refund::State::Success, 2);
    put(store, [Write::UpdateAttempt(Box::new(first.clone())), Write::UpdateRefund(Box::new(refund.clone()))]).await;
    assert_eq!(store.attempt(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(store.attempts(order.id).await.unwrap(), vec![first, second]);
    assert_eq!(store.refund(refund.id).await.unwrap(), Some(refund.clone()));
    assert_eq!(store.refunds(order.id).await.unwrap(), vec![refund]);
    assert_eq!(store.attempts(ids.order()).await.unwrap(), vec![]);
    assert_eq!(store.refunds(ids.order()).await.unwrap(), vec![]);
}

pub async fn transmits_round_trip(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let mut transmit = testkit::transmit(&ids, mid, "t-1", NOW);
    let mut capture = testkit::transmit(&ids, mid, "t-1", NOW);
    capture.payment.transaction.transaction_type = Some("capture".into());
    put(store, [&transmit, &capture].map(|transmit| Write::InsertTransmit(Box::new(transmit.clone())))).await;
    transmit.version = 2;
    transmit.is_declined = false;
    put(store, [Write::UpdateTransmit(Box::new(transmit.clone()))]).await;
    assert_eq!(store.transmit(transmit.id).await.unwrap(), Some(transmit.clone()));
    let by = async |mid, environment, id, kind| store.transmit_by_identity(mid, environment, id, kind).await.unwrap();
    assert_eq!(by(mid, Environment::Sandbox, "t-1", "").await, Some(transmit));
    assert_eq!(by(mid, Environment::Sandbox, "t-1", "capture").await, Some(capture));
    assert_eq!(by(mid, Environment::Sandbox, "t-2", "").await, None);
    assert_eq!(by(mid, Environment::Production, "t-1", "").await, None);
    assert_eq!(by(ids.mid(), Environment::Sandbox, "t-1", "").await, None);
}

pub async fn a_known_transmit_is_kept(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let first = testkit::transmit(&ids, mid, "t-1", NOW);
    let again = Transmit { is_declined: false, ..testkit::transmit(&ids, mid, "t-1", NOW) };
    let order = testkit::order(&ids, mid, "o-1", NOW);
    put(store, [Write::InsertTransmitIfNew(Box::new(first.clone()))]).await;
    put(store, [Write::InsertTransmitIfNew(Box::new(again.clone())), insert(&order)]).await;
    assert_eq!(store.transmit_by_identity(mid, Environment::Sandbox, "t-1", "").await.unwrap(), Some(first));
    assert_eq!(store.transmit(again.id).await.unwrap(), None);
    assert!(store.order(order.id).await.unwrap().is_some());
    conflict(store, [Write::InsertTransmit(Box::new(again))]).await;
}

pub async fn idempotency_round_trip(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let record = Idempotency { order: Some(ids.order()), ..testkit::idempotency(mid, 1, NOW) };
    let answered = Idempotency { answer: Some((201, "{}".into())), ..testkit::idempotency(mid, 2, NOW) };
    put(store, [record.clone(), answered.clone()].map(Write::InsertIdempotency)).await;
    assert_eq!(store.idempotency(record.scope).await.unwrap(), Some(record.clone()));
    assert_eq!(store.idempotency(answered.scope).await.unwrap(), Some(answered));
    put(store, [Write::AnswerIdempotency { scope: record.scope, status: 200, body: "{\"a\":1}".into() }]).await;
    let expected = Idempotency { answer: Some((200, "{\"a\":1}".into())), ..record.clone() };
    assert_eq!(store.idempotency(record.scope).await.unwrap(), Some(expected));
    put(store, [Write::DropIdempotency { scope: record.scope }]).await;
    assert_eq!(store.idempotency(record.scope).await.unwrap(), None);
    put(store, [Write::AnswerIdempotency { scope: record.scope, status: 200, body: String::new() }]).await;
    assert_eq!(store.idempotency(record.scope).await.unwrap(), None);
    put(store, [Write::InsertIdempotency(record)]).await;
}

pub async fn events_are_read_behind_a_cursor(store: &Store) {
    let ids = Ids::new();
    let orders = [0, 1, 2].map(|_| testkit::order(&ids, ids.mid(), "o", NOW));
    let mut events: Vec<_> = (0..9).map(|n| testkit::event(&ids, &orders[n % 3], n as u32, NOW)).collect();
    (events[8].order, events[7].environment) = (None, Environment::Production);
    let partner = Owner::from(ids.partner());
    let mut of_partner = testkit::event(&ids, &orders[0], 0, NOW);
    (of_partner.order, of_partner.owner) = (None, partner);
    events.push(of_partner);
    put(store, events.iter().cloned().map(Write::PublishEvent)).await;
    assert_eq!(store.event(events[8].id).await.unwrap().as_ref(), Some(&events[8]));
    assert_eq!(store.event(ids.event()).await.unwrap(), None);
    let owners = [orders[0].mid.into(), orders[1].mid.into(), partner];
    for (scope, expected) in [
        (None, vec![0, 1, 2, 3, 4, 5, 6, 8, 9]),
        (Some(&owners[..1]), vec![0, 3, 6]),
        (Some(&owners[..2]), vec![0, 1, 3, 4, 6]),
        (Some(&owners[..]), vec![0, 1, 3, 4, 6, 9]),
        (Some(&owners[2..]), vec![9]),
        (Some(&[][..]), vec![]),
    ] {
        let (mut cursor, mut read) = (0, Vec::new());
        loop {
            let some = store.events_after(scope, Environment::Sandbox, cursor, 2).await.unwrap();
            let Some((last, _)) = some.last() else { break };
            assert!(*last > cursor && some.len() <= 2);
            cursor = *last;
            read.extend(some.into_iter().map(|(_, event)| event));
        }
        assert_eq!(read, expected.into_iter().map(|n: usize| events[n].clone()).collect::<Vec<_>>());
    }
}

pub async fn a_chance_that_is_no_number_is_refused(store: &Store) {
    let ids = Ids::new();
    let mut order = testkit::order(&ids, ids.mid(), "o", NOW);
    order.decision = Some(domain::order::Decision {
        id: ids.decision(),
        action: "schedule".into(),
        next_attempt: None,
        probability: f64::NAN,
        class: order.class,
        bound_by: vec![],
        model_version: "1".into(),
        answers: 1,
    });
    let refused = store.apply(set([insert(&order)])).await;
    assert_eq!(refused, Err(ApplyError::Failed(Error::Corrupt { table: "orders", id: order.id.to_string() })));
    assert_eq!(store.order(order.id).await.unwrap(), None);
}
