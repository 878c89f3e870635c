use domain::{
    change::Write,
    environment::Environment,
    id::Mid,
    mark::{Mark, Noted, Seen},
    order::{Order, State},
    time::{DAY, HOUR, MINUTE, Timestamp},
};
use store::{PageAt, Store};
use testkit::Ids;

use crate::support::{NOW, put};

fn noted(mid: Mid, mark: Mark, first_at: Timestamp, last_at: Timestamp) -> Noted {
    Noted { mid, environment: Environment::Sandbox, mark, seen: Seen { first_at, last_at } }
}

pub async fn marks_only_grow(store: &Store) {
    let ids = Ids::new();
    let (ours, theirs) = (ids.mid(), ids.mid());
    put(store, [noted(ours, Mark::Transmit, NOW, NOW), noted(theirs, Mark::Refund, NOW, NOW)].map(Write::NoteMark)).await;
    put(store, [Write::NoteMark(noted(ours, Mark::Transmit, NOW + HOUR, NOW + HOUR))]).await;
    put(store, [Write::NoteMark(noted(ours, Mark::Transmit, NOW - HOUR, NOW - HOUR))]).await;
    let live = Noted { environment: Environment::Production, ..noted(ours, Mark::Token, NOW, NOW) };
    put(store, [Write::NoteMark(live)]).await;
    let read = async |mids: &[Mid], environment| store.marks(mids, environment).await.unwrap();
    let grown = noted(ours, Mark::Transmit, NOW - HOUR, NOW + HOUR);
    assert_eq!(read(&[ours], Environment::Sandbox).await, [grown]);
    assert_eq!(read(&[ours, theirs], Environment::Sandbox).await.len(), 2);
    assert_eq!(read(&[ours, theirs], Environment::Production).await, [live]);
    assert_eq!(read(&[], Environment::Sandbox).await, []);
    store.clear_sandbox_records(ours).await.unwrap();
    assert_eq!(read(&[ours, theirs], Environment::Sandbox).await.len(), 1, "another merchant's stay");
    assert_eq!(read(&[ours], Environment::Production).await, [live], "what was done in production stays");
}

pub async fn a_pulse_looks_at_the_newest_orders(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let order = |mid: Mid, name: &str, age, state: State| {
        let mut order = testkit::order(&ids, mid, name, NOW - age);
        order.state = state;
        Write::InsertOrder(Box::new(order))
    };
    put(
        store,
        [
            order(mid, "a", MINUTE, State::Recovered),
            order(mid, "b", MINUTE * 2, State::Expired),
            order(mid, "c", HOUR, State::Scheduled { at: NOW }),
            order(mid, "d", DAY * 2, State::PartRecovered),
            order(mid, "e", DAY * 40, State::Recovered),
            order(other, "a", MINUTE, State::Expired),
        ],
    )
    .await;
    let pulse = async |limit| {
        let read = store.pulses(vec![mid, other], Environment::Sandbox, NOW - DAY, NOW - DAY * 30, limit).await.unwrap();
        assert_eq!((read.len(), read[1].looked, read[1].rescued), (2, 1, 0));
        (read[0].counted, read[0].looked, read[0].closed, read[0].rescued)
    };
    assert_eq!(pulse(100).await, (3, 4, 3, 2));
    assert_eq!(pulse(2).await, (3, 2, 2, 1), "the newest ones only");
    let none = store.pulses(vec![mid], Environment::Production, NOW - DAY, NOW - DAY, 9).await.unwrap();
    assert_eq!(none, [store::Pulse::default()]);
}

pub async fn what_is_not_settled_is_found(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let order =
        |name: &str, at: Timestamp, environment, state| Order { environment, state, ..testkit::order(&ids, mid, name, at) };
    let unknown = |at| State::Reconciling { attempt: domain::id::AttemptId(ids.uuid()), next_inquiry: at, inquiries: 0 };
    let faulted = State::Faulted { fault: "?".into() };
    let orders = [
        order("a", NOW + HOUR, Environment::Sandbox, unknown(NOW)),
        order("b", NOW, Environment::Sandbox, faulted.clone()),
        order("c", NOW, Environment::Production, faulted),
        order("d", NOW, Environment::Sandbox, State::Expired),
    ];
    put(store, orders.clone().map(|order| Write::InsertOrder(Box::new(order)))).await;
    let page = store.unsettled(Environment::Sandbox, PageAt::default()).await.unwrap();
    assert_eq!((page.rows, page.total), (vec![orders[1].clone(), orders[0].clone()], 2));
    let second = store.unsettled(Environment::Sandbox, PageAt { number: 2, size: 1 }).await.unwrap();
    assert_eq!(second.rows, [orders[0].clone()]);
}
