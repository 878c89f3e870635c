//! Advice.

use domain::{
    advice::{Advice, Card, Code, Exhausted, Policy, State},
    card::{CardKey, Funding, Network},
    change::{Conflict, Write},
    channel::Channel,
    decline::{Class, Reason},
    environment::Environment,
    id::{AdviceId, Mid, SiteId},
    time::DAY,
};
use store::Store;
use testkit::Ids;

use crate::support::{NOW, conflict, put};

pub fn advice(ids: &Ids, mid: Mid, external_id: &str) -> Advice {
    let payment = testkit::payment(external_id, "t");
    Advice {
        id: AdviceId(ids.uuid()),
        version: 1,
        mid,
        environment: Environment::Sandbox,
        site: SiteId::from_bytes([2; 16]),
        matched_by: domain::site::MatchedBy::SiteId,
        channel: Channel::Mit,
        amount: payment.transaction.amount,
        payment: Box::new(payment),
        paid_minor: 0,
        cards: vec![Card {
            token: None,
            key: CardKey([1; 16]),
            weak_key: CardKey([1; 16]),
            network: Network::Visa,
            funding: Funding::Debit,
            bin: "411111".into(),
            last4: "1111".into(),
            fingerprint: Some("fp".into()),
            issuer_country: None,
            since: NOW,
        }],
        policy: Policy {
            deadline: NOW + DAY * 21,
            max_attempts: 8,
            min_interval_minutes: Some(60),
            local_hours: domain::advice::Hours::parse("22:00-06:00"),
            allow_partial: false,
            routes: vec!["acq-1".into()],
            lead_secs: 60,
        },
        state: State::Open,
        seen: vec![],
        attempts: 0,
        route: None,
        data_asked: false,
        class: Class::Nsf,
        advised: None,
        next_sequence: 1,
        told_ms: vec![],
        placed_at: NOW,
        updated_at: NOW,
    }
}

fn insert(advice: &Advice) -> Write {
    Write::InsertAdvice(Box::new(advice.clone()))
}

fn update(advice: &Advice) -> Write {
    Write::UpdateAdvice(Box::new(advice.clone()))
}

pub async fn advice_round_trips(store: &Store) {
    let ids = Ids::new();
    let mut first = advice(&ids, ids.mid(), "INV-1");
    assert_eq!(store.advice(first.id).await.unwrap(), None);
    put(store, [insert(&first)]).await;
    assert_eq!(store.advice(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(conflict(store, [update(&first)]).await, Conflict::Version { what: "advice", id: first.id.0 });
    first.version = 2;
    first.attempts = 3;
    put(store, [update(&first)]).await;
    assert_eq!(store.advice(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(conflict(store, [update(&first)]).await, Conflict::Version { what: "advice", id: first.id.0 });
}

pub async fn an_order_id_has_one_open_advice(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let open = async |mid, environment, id| store.open_advice(mid, environment, id).await.unwrap().map(|found| found.id);
    let newest = async |mid, environment, id| store.newest_advice(mid, environment, id).await.unwrap().map(|found| found.id);
    let mut first = advice(&ids, mid, "INV-1");
    put(store, [insert(&first)]).await;
    let second = advice(&ids, mid, "INV-1");
    assert_eq!(conflict(store, [insert(&second)]).await, Conflict::Taken { what: "advice" });
    let elsewhere = Advice { environment: Environment::Production, ..advice(&ids, mid, "INV-1") };
    let neighbour = advice(&ids, ids.mid(), "INV-1");
    put(store, [insert(&elsewhere), insert(&neighbour), insert(&advice(&ids, mid, "INV-2"))]).await;
    assert_eq!(open(mid, Environment::Sandbox, "INV-1").await, Some(first.id));
    assert_eq!(open(mid, Environment::Production, "INV-1").await, Some(elsewhere.id));
    assert_eq!(open(mid, Environment::Sandbox, "INV-3").await, None);

    first.version = 2;
    first.end(State::Stopped { reason: Reason::HardDecline, exhausted: Exhausted::HardDecline, at: NOW }).unwrap();
    put(store, [update(&first)]).await;
    assert_eq!(open(mid, Environment::Sandbox, "INV-1").await, None);
    assert_eq!(newest(mid, Environment::Sandbox, "INV-1").await, Some(first.id));
    put(store, [insert(&second)]).await;
    assert_eq!(open(mid, Environment::Sandbox, "INV-1").await, Some(second.id));
    assert_eq!(newest(mid, Environment::Sandbox, "INV-1").await, Some(second.id));
    assert_eq!(newest(mid, Environment::Production, "INV-1").await, Some(elsewhere.id));
    assert_eq!(store.advice(first.id).await.unwrap().map(|kept| kept.state.code()), Some(Code::Stopped));
}

pub async fn open_advice_is_found_by_card_and_payer(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let rows: Vec<Advice> = (0..5)
        .map(|n| {
            let mut row = advice(&ids, mid, &format!("INV-{n}"));
            row.payment.payer.id = (n != 3).then(|| "payer".into());
            row
        })
        .chain([advice(&ids, ids.mid(), "INV-9")])
        .collect();
    put(store, rows.iter().map(insert)).await;
    let mut moved = Advice { version: 2, ..rows[1].clone() };
    moved.take_card(Card { key: CardKey([2; 16]), fingerprint: Some("new".into()), ..moved.cards[0].clone() });
    let mut ended = Advice { version: 2, ..rows[2].clone() };
    ended.end(State::Cancelled { at: NOW }).unwrap();
    put(store, [update(&moved), update(&ended)]).await;
    let places = |found: Vec<Advice>| {
        let mut places: Vec<_> = found.iter().map(|one| rows.iter().position(|row| row.id == one.id).unwrap()).collect();
        places.sort_unstable();
        places
    };
    let sandbox = Environment::Sandbox;
    let on_card = async |fingerprint, after, limit| {
        places(store.open_advice_on_card(mid, sandbox, fingerprint, after, limit).await.unwrap())
    };
    assert_eq!(on_card("fp", None, 10).await, [0, 3, 4]);
    assert_eq!(on_card("new", None, 10).await, [1]);
    assert_eq!(on_card("none", None, 10).await, [0; 0]);
    let of_payer = async |after, limit| store.open_advice_of_payer(mid, sandbox, "payer", after, limit).await.unwrap();
    assert_eq!(places(of_payer(None, 10).await), [0, 1, 4]);
    let first = of_payer(None, 2).await;
    let rest = of_payer(first.last().map(|last| last.id), 2).await;
    assert_eq!((first.len(), rest.len()), (2, 1), "pages by id");
    let production = store.open_advice_on_card(mid, Environment::Production, "fp", None, 10).await.unwrap();
    assert!(production.is_empty());
}
