use domain::{
    attempt::{Answered, Progress, Verdict},
    block::{Block, Kind},
    change::{Conflict, Write},
    chargeback::{Chargeback, Report, Stage},
    environment::Environment,
    id::{BlockId, ChargebackId, Mid, OrderId},
    money::{Currency, Money},
    order::{Actor, Order, State},
    time::{DAY, Timestamp},
};
use store::{BlockFilter, ChargebackBy, ChargebackFilter, PageAt, Sort, Store};
use testkit::Ids;

use crate::support::{NOW, conflict, put};

pub fn chargeback(ids: &Ids, mid: Mid, order: Option<OrderId>, reference: &str) -> Chargeback {
    let amount = Money::new(1_999, Currency::USD);
    Chargeback {
        id: ChargebackId(ids.uuid()),
        version: 1,
        mid,
        environment: Environment::Sandbox,
        order,
        external_order_id: "o".into(),
        attempt: None,
        cards: vec!["fp".into()],
        network: None,
        reference: reference.into(),
        amount,
        reason_code: Some("10.4".into()),
        stage: Stage::Chargeback,
        received_at: NOW,
        due_at: None,
        arn: None,
        created_at: NOW,
        updated_at: NOW,
        reports: vec![Report { stage: Stage::Chargeback, amount, reason_code: None, received_at: None, due_at: None, arn: None }],
    }
}

pub fn block(ids: &Ids, mid: Mid, kind: Kind, value: &str) -> Block {
    Block {
        id: BlockId(ids.uuid()),
        mid,
        environment: Environment::Sandbox,
        kind,
        value: value.into(),
        card: None,
        reason: None,
        expires_at: None,
        created_at: NOW,
    }
}

const fn all(mids: Option<Vec<Mid>>) -> ChargebackFilter {
    ChargebackFilter {
        mids,
        environment: Environment::Sandbox,
        order: None,
        stage: None,
        received_from: None,
        received_to: None,
        order_by: ChargebackBy::ReceivedOn,
        sort: Sort::Descending,
        page: PageAt { number: 1, size: 10 },
    }
}

const fn every_block(mids: Option<Vec<Mid>>) -> BlockFilter {
    BlockFilter {
        mids,
        environment: Environment::Sandbox,
        kind: None,
        created_from: None,
        created_to: None,
        sort: Sort::Descending,
        page: PageAt { number: 1, size: 10 },
    }
}

pub async fn chargebacks_round_trip(store: &Store) {
    let ids = Ids::new();
    let (mid, order) = (ids.mid(), ids.order());
    let mut first = chargeback(&ids, mid, Some(order), "CB-1");
    put(store, [Write::InsertChargeback(Box::new(first.clone()))]).await;
    assert_eq!(store.chargeback(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(store.chargeback_by_reference(mid, Environment::Sandbox, "CB-1").await.unwrap(), Some(first.clone()));
    assert_eq!(store.chargeback_by_reference(mid, Environment::Production, "CB-1").await.unwrap(), None);
    assert_eq!(store.chargeback_by_reference(ids.mid(), Environment::Sandbox, "CB-1").await.unwrap(), None);
    assert_eq!(store.chargebacks_of(order).await.unwrap(), [first.clone()]);

    let again = chargeback(&ids, mid, None, "CB-1");
    assert_eq!(conflict(store, [Write::InsertChargeback(Box::new(again))]).await, Conflict::Taken { what: "chargeback" });
    let stale = Write::UpdateChargeback(Box::new(first.clone()));
    assert_eq!(conflict(store, [stale]).await, Conflict::Version { what: "chargeback", id: first.id.0 });
    first.version = 2;
    first.stage = Stage::Won;
    put(store, [Write::UpdateChargeback(Box::new(first.clone()))]).await;
    assert_eq!(store.chargeback(first.id).await.unwrap(), Some(first));
}

pub async fn chargebacks_are_filtered(store: &Store) {
    let ids = Ids::new();
    let (mid, other, order) = (ids.mid(), ids.mid(), ids.order());
    let mut rows: Vec<Chargeback> = (0..4).map(|n| chargeback(&ids, mid, None, &format!("CB-{n}"))).collect();
    rows[0].order = Some(order);
    rows[1].stage = Stage::Won;
    rows[1].received_at = NOW + DAY;
    rows[2].amount = Money::new(5, Currency::USD);
    rows[2].received_at = NOW + DAY * 2;
    rows[3].environment = Environment::Production;
    rows.push(chargeback(&ids, other, None, "CB-0"));
    put(store, rows.iter().map(|row| Write::InsertChargeback(Box::new(row.clone())))).await;
    let found = async |filter: ChargebackFilter| {
        let page = store.chargebacks(&filter).await.unwrap();
        let places = page.rows.iter().map(|row| rows.iter().position(|known| known.id == row.id).unwrap());
        (places.collect::<Vec<_>>(), page.total)
    };
    assert_eq!(found(all(Some(vec![mid]))).await, (vec![2, 1, 0], 3));
    assert_eq!(found(all(Some(vec![mid, other]))).await, (vec![2, 1, 4, 0], 4));
    assert_eq!(found(all(None)).await.1, 4);
    assert_eq!(found(all(Some(vec![]))).await, (vec![], 0));
    let mine = || all(Some(vec![mid]));
    assert_eq!(found(ChargebackFilter { environment: Environment::Production, ..mine() }).await, (vec![3], 1));
    assert_eq!(found(ChargebackFilter { order: Some(order), ..mine() }).await, (vec![0], 1));
    assert_eq!(found(ChargebackFilter { stage: Some(Stage::Won), ..mine() }).await, (vec![1], 1));
    assert_eq!(found(ChargebackFilter { received_from: Some(NOW + DAY), ..mine() }).await, (vec![2, 1], 2));
    assert_eq!(found(ChargebackFilter { received_to: Some(NOW + DAY), ..mine() }).await, (vec![1, 0], 2));
    let cheapest = ChargebackFilter { order_by: ChargebackBy::Amount, sort: Sort::Ascending, ..mine() };
    assert_eq!(found(cheapest).await, (vec![2, 0, 1], 3));
    let second = ChargebackFilter { page: PageAt { number: 2, size: 2 }, ..mine() };
    assert_eq!(found(second).await, (vec![0], 3));
}

pub async fn blocks_are_looked_up(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let version = store.registry_version().await.unwrap();
    let email = block(&ids, mid, Kind::Email, "ada@example.com");
    let bin = block(&ids, mid, Kind::Bin, "400000");
    put(store, [Write::PutBlock(Box::new(email.clone())), Write::PutBlock(Box::new(bin.clone()))]).await;
    assert!(store.registry_version().await.unwrap() > version, "caches hear of it");
    let keys: Vec<String> = ["country:US", "bin:400000", "email:ada@example.com"].map(str::to_owned).to_vec();
    let mut found = store.blocks_under(mid, Environment::Sandbox, &keys).await.unwrap();
    found.sort_by_key(|block| block.id);
    assert_eq!(found, [email.clone(), bin.clone()]);
    assert!(store.blocks_under(mid, Environment::Production, &keys).await.unwrap().is_empty());
    assert!(store.blocks_under(other, Environment::Sandbox, &keys).await.unwrap().is_empty());
    assert!(store.blocks_under(mid, Environment::Sandbox, &[]).await.unwrap().is_empty());

    let twice = block(&ids, mid, Kind::Bin, "400000");
    assert_eq!(conflict(store, [Write::PutBlock(Box::new(twice))]).await, Conflict::Taken { what: "block" });
    let changed = Block { expires_at: Some(NOW), ..bin.clone() };
    put(store, [Write::PutBlock(Box::new(changed.clone())), Write::PutBlock(Box::new(block(&ids, other, Kind::Bin, "400000")))])
        .await;
    assert_eq!(store.block(bin.id).await.unwrap(), Some(changed));
    assert_eq!(store.blocks_count(mid, Environment::Sandbox).await.unwrap(), 2);
    assert_eq!(store.blocks_of(mid, Environment::Sandbox, 1).await.unwrap().len(), 1);
    assert_eq!(store.blocks(&every_block(None)).await.unwrap().total, 3);
    let bins = BlockFilter { kind: Some(Kind::Bin), ..every_block(Some(vec![mid, other])) };
    assert_eq!(store.blocks(&bins).await.unwrap().total, 2);

    put(store, [Write::DeleteBlock { mid: other, id: email.id }]).await;
    assert!(store.block(email.id).await.unwrap().is_some(), "another merchant's entry stays");
    put(store, [Write::DeleteBlock { mid, id: email.id }]).await;
    assert_eq!(store.block(email.id).await.unwrap(), None);
}

fn on_card(ids: &Ids, mid: Mid, external_id: &str, fingerprint: &str, payer: &str) -> Order {
    let mut order = testkit::order(ids, mid, external_id, NOW);
    order.credentials = vec![testkit::credential(ids, NOW)];
    order.credentials[0].fingerprint = fingerprint.into();
    order.payment.payer.id = Some(payer.into());
    order
}

pub async fn open_orders_are_found_by_card_and_payer(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let orders = [
        on_card(&ids, mid, "a", "fp-1", "p-1"),
        on_card(&ids, mid, "b", "fp-1", "p-2"),
        on_card(&ids, mid, "c", "fp-2", "p-1"),
        on_card(&ids, other, "d", "fp-1", "p-1"),
        testkit::order(&ids, mid, "e", NOW),
    ];
    put(store, orders.iter().map(|order| Write::InsertOrder(Box::new(order.clone())))).await;
    let sandbox = Environment::Sandbox;
    let open = async |card: &str, after, limit| {
        let found = store.open_orders_on_card(mid, sandbox, card, after, limit).await.unwrap();
        found.iter().map(|order| order.payment.order_id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(open("fp-1", None, 9).await, ["a", "b"]);
    assert_eq!(open("fp-1", None, 1).await, ["a"]);
    assert_eq!(open("fp-1", Some(orders[0].id), 9).await, ["b"]);
    assert!(store.open_orders_on_card(mid, Environment::Production, "fp-1", None, 9).await.unwrap().is_empty());
    let of_payer = store.open_orders_of_payer(mid, sandbox, "p-1", None, 9).await.unwrap();
    assert_eq!(of_payer.iter().map(|order| order.id).collect::<Vec<_>>(), [orders[0].id, orders[2].id]);

    let mut moved = orders[0].clone();
    moved.credentials.push(on_card(&ids, mid, "x", "fp-2", "p").credentials.remove(0));
    moved.touch(NOW);
    let mut closed = orders[1].clone();
    closed.advance(State::Cancelled { reason: domain::decline::Reason::Disputed, by: Actor::System }, NOW).unwrap();
    closed.touch(NOW);
    put(store, [Write::UpdateOrder(Box::new(moved)), Write::UpdateOrder(Box::new(closed))]).await;
    assert_eq!(open("fp-1", None, 9).await, Vec::<String>::new(), "one has a new card, the other ended");
    assert_eq!(open("fp-2", None, 9).await, ["a", "c"]);
}

pub async fn approved_attempts_are_found_by_reference(store: &Store) {
    let ids = Ids::new();
    let order = testkit::order(&ids, ids.mid(), "o", NOW);
    let answered = |verdict: Verdict, network: &str| Answered {
        verdict,
        approved_minor: 1_999,
        response_code: "00".into(),
        advice_code: None,
        class: None,
        avs: None,
        cvv: None,
        network_transaction_id: Some(network.into()),
        processor_reference: Some(format!("ref-{network}")),
        at: Timestamp::EPOCH,
        latency_ms: 1,
        looked_up: false,
    };
    let mut attempts = [testkit::attempt(&ids, &order, 1, NOW), testkit::attempt(&ids, &order, 2, NOW)];
    put(store, attempts.iter().map(|attempt| Write::InsertAttempt(Box::new(attempt.clone())))).await;
    for (attempt, (verdict, network)) in attempts.iter_mut().zip([(Verdict::Declined, "1"), (Verdict::Approved, "2")]) {
        attempt.version += 1;
        attempt.progress = Progress::Answered(answered(verdict, network));
    }
    put(store, attempts.iter().map(|attempt| Write::UpdateAttempt(Box::new(attempt.clone())))).await;
    assert_eq!(store.attempts_by_network_reference("2", 9).await.unwrap(), [attempts[1].clone()]);
    assert_eq!(store.attempts_by_processor_reference("ref-2", 9).await.unwrap(), [attempts[1].clone()]);
    assert!(store.attempts_by_network_reference("1", 9).await.unwrap().is_empty(), "it was declined");
    assert!(store.attempts_by_processor_reference("2", 9).await.unwrap().is_empty());
}
