use domain::{
    card::CardKey,
    change::{ChangeSet, Conflict, Expectation, Write},
    environment::Environment,
};
use store::{ApplyError, Error, Store};
use testkit::Ids;

use crate::support::{NOW, put, set};

async fn all(store: &Store, sets: Vec<ChangeSet>) -> Vec<Result<(), ApplyError>> {
    let tasks: Vec<_> = sets
        .into_iter()
        .map(|set| {
            let store = store.clone();
            tokio::spawn(async move { store.apply(set).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

pub async fn a_thousand_callers_commit(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let transmits: Vec<_> = (0..1_000).map(|n| testkit::transmit(&ids, mid, &format!("t-{n}"), NOW)).collect();
    let sets = transmits
        .iter()
        .map(|transmit| {
            let entry = testkit::entry(mid, CardKey([5; 16]), transmit.id.0, NOW);
            let mut set = set([Write::InsertTransmit(Box::new(transmit.clone())), Write::InsertLedger(entry)]);
            let external_id = transmit.payment.order_id.clone();
            set.expect(Expectation::NoOpenOrder { mid, environment: Environment::Sandbox, external_id });
            set
        })
        .collect();
    assert!(all(store, sets).await.iter().all(Result::is_ok));
    for transmit in &transmits {
        assert_eq!(store.transmit(transmit.id).await.unwrap().as_ref(), Some(transmit));
    }
    let counted = store.ledger_count(mid, Environment::Sandbox, [CardKey([5; 16]); 2], NOW).await.unwrap();
    assert_eq!(counted, 1_000);
}

pub async fn neighbours_of_a_failure_stay(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    put(store, [Write::InsertIdempotency(testkit::idempotency(mid, 0, NOW))]).await;
    let transmits: Vec<_> = (0..300).map(|n| testkit::transmit(&ids, mid, &format!("t-{n}"), NOW)).collect();
    let sets = transmits.iter().enumerate().map(|(n, transmit)| {
        let scope = if n % 3 == 0 { 0 } else { n as u64 };
        set([Write::InsertTransmit(Box::new(transmit.clone())), Write::InsertIdempotency(testkit::idempotency(mid, scope, NOW))])
    });
    let answers = all(store, sets.collect()).await;
    for (n, (transmit, answer)) in transmits.iter().zip(answers).enumerate() {
        let kept = store.transmit(transmit.id).await.unwrap();
        if n % 3 == 0 {
            assert_eq!(answer, Err(ApplyError::Conflict(Conflict::Taken { what: "idempotency scope" })), "{n}");
            assert_eq!(kept, None, "{n}");
        } else {
            assert_eq!(answer, Ok(()), "{n}");
            assert_eq!(kept.as_ref(), Some(transmit), "{n}");
        }
    }
}

pub async fn one_winner_among_rivals(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let sets = (0..50).map(|_| {
        let mut set = set([Write::InsertOrder(Box::new(testkit::order(&ids, mid, "same", NOW)))]);
        set.expect(Expectation::NoOpenOrder { mid, environment: Environment::Sandbox, external_id: "same".into() });
        set
    });
    let answers = all(store, sets.collect()).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(answers.iter().filter(|answer| **answer == Err(ApplyError::Conflict(Conflict::OpenOrder))).count(), 49);

    let order = store.open_order(mid, Environment::Sandbox, "same").await.unwrap().unwrap();
    let next = |n: i64| domain::order::Order { version: 2, captured_minor: n, ..order.clone() };
    let answers = all(store, (0..50).map(|n| set([Write::UpdateOrder(Box::new(next(n)))])).collect()).await;
    let winner = answers.iter().position(Result::is_ok).unwrap();
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(store.order(order.id).await.unwrap(), Some(next(winner as i64)));
}

pub async fn work_after_close_is_refused(store: &Store) {
    let ids = Ids::new();
    store.ping().await.unwrap();
    let transmit = testkit::transmit(&ids, ids.mid(), "t", NOW);
    put(store, [Write::InsertTransmit(Box::new(transmit.clone()))]).await;
    store.close().await.unwrap();
    assert_eq!(store.apply(ChangeSet::new()).await, Err(ApplyError::Failed(Error::Closed)));
    assert_eq!(store.ping().await, Err(Error::Closed));
    assert_eq!(store.close().await, Ok(()));
    assert_eq!(store.transmit(transmit.id).await.unwrap(), Some(transmit));
}
