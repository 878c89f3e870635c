//! Clearing a sandbox merchant: everything of it goes, nothing of another merchant, nothing of production.

use domain::{
    advice::Advice,
    block::{self, Block},
    change::{Idempotency, Write},
    chargeback::Chargeback,
    decision::Record,
    environment::Environment,
    id::Mid,
    order::Order,
    time::{DAY, HOUR},
    timer::{Kind, Timer},
    webhook::Endpoint,
};
use store::Store;
use testkit::Ids;

use crate::{
    advices,
    decisions::decision,
    disputes,
    support::{NOW, lease, put},
};

/// Things of a shop that [`left`] counts.
const WHOLE: usize = 13;
/// Between the scope of an order's idempotency record and that of one which names no order.
const UNNAMED: u64 = 100;

struct Shop {
    mid: Mid,
    order: Order,
    endpoint: Endpoint,
    scope: u64,
}

/// An order with everything that can belong to it.
async fn shop(store: &Store, ids: &Ids, mid: Mid, environment: Environment, scope: u64) -> Shop {
    let mut order = testkit::order(ids, mid, "o", NOW);
    order.environment = environment;
    let mut attempt = testkit::attempt(ids, &order, 1, NOW);
    attempt.environment = environment;
    let refund = testkit::refund(ids, &order, attempt.id, NOW);
    let mut transmit = testkit::transmit(ids, mid, "t", NOW);
    transmit.environment = environment;
    let mut entry = testkit::entry(mid, attempt.card, ids.uuid(), NOW);
    entry.environment = environment;
    let chargeback = Chargeback { environment, ..disputes::chargeback(ids, mid, Some(order.id), "CB") };
    let advice = Advice { environment, ..advices::advice(ids, mid, "o") };
    let block = Block { environment, ..disputes::block(ids, mid, block::Kind::Email, "a@b.example") };
    let mut endpoint = testkit::endpoint(ids, mid, NOW);
    endpoint.environment = environment;
    let event = testkit::event(ids, &order, 1, NOW);
    let delivery = testkit::delivery(ids, &endpoint, &event, NOW);
    let timer = |kind, subject| Timer { kind, subject, mid, environment, due: NOW, tries: 0 };
    put(
        store,
        [
            Write::SetTimer(timer(Kind::Order, order.id.0)),
            Write::SetTimer(timer(Kind::Capture, order.id.0)),
            Write::SetTimer(timer(Kind::Reversal, attempt.id.0)),
            Write::SetTimer(timer(Kind::Refund, refund.id.0)),
            Write::InsertOrder(Box::new(order.clone())),
            Write::InsertAttempt(Box::new(attempt)),
            Write::InsertRefund(Box::new(refund)),
            Write::InsertTransmit(Box::new(transmit)),
            Write::InsertLedger(entry),
            Write::PutEndpoint(Box::new(endpoint.clone())),
            Write::PublishEvent(event),
            Write::InsertDelivery(Box::new(delivery)),
            Write::InsertIdempotency(Idempotency { order: Some(order.id), environment, ..testkit::idempotency(mid, scope, NOW) }),
            Write::InsertIdempotency(Idempotency { environment, ..testkit::idempotency(mid, scope + UNNAMED, NOW) }),
            Write::InsertChargeback(Box::new(chargeback)),
            Write::PutBlock(Box::new(block)),
            Write::InsertAdvice(Box::new(advice.clone())),
            Write::SetTimer(timer(Kind::Advice, advice.id.0)),
            Write::InsertDecision(Box::new(Record { environment, ..decision(ids, mid, order.id, NOW) })),
        ],
    )
    .await;
    Shop { mid, order, endpoint, scope }
}

/// How many things of a shop are left, of [`WHOLE`].
async fn left(store: &Store, shop: &Shop) -> usize {
    let Shop { mid, order, endpoint, scope } = shop;
    let environment = order.environment;
    let keys = [domain::card::CardKey([1; 16]); 2];
    let counts = [
        usize::from(store.order(order.id).await.unwrap().is_some()),
        store.attempts(order.id).await.unwrap().len(),
        store.refunds(order.id).await.unwrap().len(),
        usize::from(store.transmit_by_identity(*mid, environment, "t", "").await.unwrap().is_some()),
        store.ledger(*mid, environment, keys, NOW - DAY).await.unwrap().len(),
        store.events_after(Some(&[(*mid).into()]), environment, 0, 10).await.unwrap().len(),
        store.deliveries(endpoint.id, store::PageAt { number: 1, size: 10 }).await.unwrap().rows.len(),
        usize::from(store.idempotency(testkit::idempotency(*mid, *scope, NOW).scope).await.unwrap().is_some()),
        usize::from(store.idempotency(testkit::idempotency(*mid, *scope + UNNAMED, NOW).scope).await.unwrap().is_some()),
        store.chargebacks_of(order.id).await.unwrap().len(),
        store.blocks_of(*mid, environment, 10).await.unwrap().len(),
        store.decisions(order.id).await.unwrap().len(),
        usize::from(store.open_advice(*mid, environment, "o").await.unwrap().is_some()),
    ];
    counts.iter().sum()
}

pub async fn clearing_takes_one_merchants_sandbox_and_nothing_else(store: &Store) {
    let ids = Ids::new();
    let (mid, neighbour) = (ids.mid(), ids.mid());
    let cleared = shop(store, &ids, mid, Environment::Sandbox, 1).await;
    let live = shop(store, &ids, mid, Environment::Production, 2).await;
    let other = shop(store, &ids, neighbour, Environment::Sandbox, 3).await;
    for one in [&cleared, &live, &other] {
        assert_eq!(left(store, one).await, WHOLE);
    }
    store.clear_sandbox_mentions(mid).await.unwrap();
    let orders = store.sandbox_orders(mid).await.unwrap();
    assert_eq!(orders, [cleared.order.id]);
    store.drop_sandbox_orders(mid, vec![cleared.order.id, live.order.id, other.order.id]).await.unwrap();
    store.clear_sandbox_records(mid).await.unwrap();
    assert!(store.sandbox_orders(mid).await.unwrap().is_empty());
    assert_eq!((left(store, &cleared).await, left(store, &live).await, left(store, &other).await), (0, WHOLE, WHOLE));
    let due = store.claim_timers(0, NOW, NOW, HOUR, 100, lease(1)).await.unwrap();
    assert_eq!(due.len(), 10, "four timers of each order that stays, and one of each advice");
    assert!(due.iter().all(|leased| leased.timer.mid != mid || leased.timer.environment == Environment::Production));
}

pub async fn the_newest_event_keeps_its_number_but_not_its_owner(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let cleared = shop(store, &ids, mid, Environment::Sandbox, 1).await;
    let last = store.last_event().await.unwrap();
    store.clear_sandbox_records(mid).await.unwrap();
    assert_eq!(store.last_event().await.unwrap(), last, "a cursor that somebody holds is not given out again");
    assert!(store.events_after(Some(&[mid.into()]), Environment::Sandbox, 0, 10).await.unwrap().is_empty());
    assert!(store.order(cleared.order.id).await.unwrap().is_some());
    let whole = store::EventFilter {
        owners: None,
        environment: Environment::Sandbox,
        kinds: None,
        order: None,
        after: last - 1,
        limit: 10,
    };
    assert!(store.events_page(whole).await.unwrap().0.is_empty(), "nobody is shown the mark, the operator neither");
}
