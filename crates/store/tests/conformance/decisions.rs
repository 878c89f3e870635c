//! The decision log and learnt models.

use domain::{
    change::{Conflict, Write},
    decision::{Arm, Record},
    decline::Class,
    environment::Environment,
    id::{DecisionId, Mid, OrderId},
    model::{self, Kind, State},
    time::{DAY, Timestamp},
};
use serde_json::json;
use store::{ApplyError, Store};
use testkit::Ids;

use crate::support::{NOW, conflict, put, set};

/// A decision made at an instant; a merchant's clock that stands still does not make it younger or older.
pub fn decision(ids: &Ids, mid: Mid, order: OrderId, made_at: Timestamp) -> Record {
    let random: [u8; 10] = ids.uuid().as_bytes()[6..].try_into().unwrap();
    Record {
        id: DecisionId::at(made_at, random),
        mid,
        environment: Environment::Sandbox,
        order,
        decided_at: NOW + DAY,
        attempt_number: 2,
        action: "schedule".into(),
        chosen_at: Some(NOW + DAY * 3),
        class: Class::Nsf,
        probability: 0.1 + 0.2,
        propensity: 1.0 / 3.0,
        arm: Arm::Explore,
        model_version: "2026.11.1".into(),
        rules_version: "2026-10-25".into(),
        seed: u64::MAX - 7,
        case: r#"{"now":1,"note":"quoted \"text\""}"#.into(),
    }
}

fn write(record: &Record) -> Write {
    Write::InsertDecision(Box::new(record.clone()))
}

pub async fn decisions_round_trip(store: &Store) {
    let ids = Ids::new();
    let (mid, order, other) = (ids.mid(), ids.order(), ids.order());
    let first = decision(&ids, mid, order, NOW);
    let second = Record {
        chosen_at: None,
        seed: 0,
        probability: 0.0,
        environment: Environment::Production,
        ..decision(&ids, mid, order, NOW)
    };
    let third = decision(&ids, mid, other, NOW);
    assert!(store.decisions(order).await.unwrap().is_empty());
    assert_eq!(store.latest_decision(order).await.unwrap(), None);
    put(store, [write(&first), write(&third), write(&second)]).await;
    assert_eq!(store.decisions(order).await.unwrap(), [first.clone(), second.clone()], "bit for bit, as they were made");
    assert_eq!(store.latest_decision(order).await.unwrap(), Some(second.clone()));
    assert_eq!(store.decision(order, first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(store.decision(order, third.id).await.unwrap(), None, "of another order");
    assert_eq!(store.decision(other, third.id).await.unwrap(), Some(third));
}

pub async fn decisions_are_read_behind_a_cursor(store: &Store) {
    let ids = Ids::new();
    let (mid, neighbour) = (ids.mid(), ids.mid());
    let live = |record: Record| Record { environment: Environment::Production, ..record };
    let rows = [
        decision(&ids, mid, ids.order(), NOW),
        decision(&ids, neighbour, ids.order(), NOW),
        live(decision(&ids, mid, ids.order(), NOW)),
        decision(&ids, mid, ids.order(), NOW),
    ];
    put(store, rows.iter().map(write)).await;
    let read = async |mid, environment, after, limit| {
        let found = store.decisions_since(mid, environment, after, limit).await.unwrap();
        let places = found.iter().map(|(_, record)| rows.iter().position(|row| row == record).unwrap()).collect::<Vec<_>>();
        (places, found.last().map_or(after, |(cursor, _)| *cursor))
    };
    let sandbox = Some(Environment::Sandbox);
    assert_eq!(read(None, None, 0, 9).await.0, [0, 1, 2, 3]);
    assert_eq!(read(None, sandbox, 0, 9).await.0, [0, 1, 3]);
    assert_eq!(read(Some(mid), None, 0, 9).await.0, [0, 2, 3]);
    assert_eq!(read(Some(mid), Some(Environment::Production), 0, 9).await.0, [2]);
    let (first, cursor) = read(Some(mid), sandbox, 0, 1).await;
    assert_eq!(first, [0]);
    let (second, end) = read(Some(mid), sandbox, cursor, 1).await;
    assert_eq!(second, [3]);
    assert_eq!(read(Some(mid), sandbox, end, 9).await.0, Vec::<usize>::new());
    assert_eq!(read(Some(ids.mid()), sandbox, 0, 9).await.0, Vec::<usize>::new());
}

pub async fn a_chance_that_is_no_number_is_not_logged(store: &Store) {
    let ids = Ids::new();
    let order = ids.order();
    for broken in [f64::NAN, f64::INFINITY] {
        let good = decision(&ids, ids.mid(), order, NOW);
        for record in [Record { probability: broken, ..good.clone() }, Record { propensity: broken, ..good }] {
            let refused = store.apply(set([write(&record)])).await;
            assert!(matches!(refused, Err(ApplyError::Failed(_))), "{refused:?}");
        }
    }
    assert!(store.decisions(order).await.unwrap().is_empty());
}

fn learnt(kind: Kind, version: &str, state: State, created_at: Timestamp) -> model::Record {
    model::Record {
        kind,
        version: version.into(),
        state,
        created_at,
        changed_at: created_at,
        report: json!({"rows": 7}),
        body: vec![0, 255, 7],
    }
}

fn keep(model: &model::Record) -> Write {
    Write::PutModel(Box::new(model.clone()))
}

pub async fn one_model_of_a_kind_is_live(store: &Store) {
    let old = learnt(Kind::Retry, "1", State::Live, NOW);
    let new = learnt(Kind::Retry, "2", State::Candidate, NOW + DAY);
    let risk = learnt(Kind::Risk, "1", State::Live, NOW);
    assert_eq!(store.live_model(Kind::Retry).await.unwrap(), None);
    put(store, [keep(&old), keep(&new), keep(&risk)]).await;
    assert_eq!(store.live_model(Kind::Retry).await.unwrap(), Some(old.clone()), "with its body");
    assert_eq!(store.model(Kind::Retry, "2").await.unwrap(), Some(new.clone()));
    assert_eq!(store.model(Kind::Retry, "3").await.unwrap(), None);
    assert_eq!(store.live_model_version(Kind::Retry).await.unwrap().as_deref(), Some("1"));
    let listed = store.models(Kind::Retry).await.unwrap();
    let bare = |model: &model::Record| model::Record { body: vec![], ..model.clone() };
    assert_eq!(listed, [bare(&new), bare(&old)], "newest first, without bodies");

    let promoted = model::Record { state: State::Live, changed_at: NOW + DAY * 2, ..new.clone() };
    assert_eq!(conflict(store, [keep(&promoted)]).await, Conflict::Taken { what: "live model" });
    let retired = model::Record { state: State::Retired, changed_at: NOW + DAY * 2, ..old.clone() };
    put(store, [keep(&retired), keep(&promoted)]).await;
    assert_eq!(store.live_model(Kind::Retry).await.unwrap(), Some(promoted));
    assert_eq!(store.model(Kind::Retry, "1").await.unwrap(), Some(retired));
    assert_eq!(store.live_model(Kind::Risk).await.unwrap(), Some(risk));
}

pub async fn lessons_have_their_attempts_and_orders(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let order = testkit::order(&ids, mid, "INV-1", NOW);
    let attempt = testkit::attempt(&ids, &order, 2, NOW);
    let planned = decision(&ids, mid, order.id, NOW);
    let later = Record { attempt_number: 3, ..decision(&ids, mid, order.id, NOW) };
    let advice = decision(&ids, mid, ids.order(), NOW);
    let live = Record { environment: Environment::Production, ..decision(&ids, mid, ids.order(), NOW) };
    let due = order.amount;
    put(store, [Write::InsertOrder(Box::new(order.clone())), Write::InsertAttempt(Box::new(attempt.clone()))]).await;
    put(store, [write(&planned), write(&later), write(&advice), write(&live)]).await;

    let found = store.lessons(Some(Environment::Sandbox), u64::MAX, 10).await.unwrap();
    let told: Vec<&Record> = found.iter().map(|lesson| &lesson.decision).collect();
    assert_eq!(told, [&advice, &later, &planned], "newest first, of one environment");
    assert_eq!(found.iter().map(|lesson| lesson.attempt.as_ref()).collect::<Vec<_>>(), [None, None, Some(&attempt)], "by number");
    assert_eq!(found[0].order, None, "advice has no order");
    let taught = found[2].order.as_ref().unwrap();
    assert_eq!((taught.due, taught.is_open), (due, true));
    assert_eq!(taught.card, order.credentials.first().map(|card| card.fingerprint.clone()));

    let page = store.lessons(None, u64::MAX, 2).await.unwrap();
    let rest = store.lessons(None, page[1].cursor, 10).await.unwrap();
    assert_eq!((page[0].decision.id, rest.len()), (live.id, 2), "behind the cursor");
}
