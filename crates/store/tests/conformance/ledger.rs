use std::time::Duration;

use domain::{
    bounds::LEDGER_ROWS_MAX,
    card::CardKey,
    change::Write,
    environment::Environment,
    ledger::{Entry, Outcome},
};
use store::Store;
use testkit::Ids;

use crate::support::{NOW, put};

const STRONG: CardKey = CardKey([1; 16]);
const WEAK: CardKey = CardKey([2; 16]);
const MINUTE: Duration = Duration::from_mins(1);

pub async fn rows_are_read_by_card_and_time(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let mut first = testkit::entry(mid, STRONG, ids.uuid(), NOW);
    (first.advice_code, first.order) = (Some("24".into()), Some(ids.order()));
    let second = testkit::entry(mid, WEAK, ids.uuid(), NOW + MINUTE);
    let third = testkit::entry(mid, STRONG, ids.uuid(), NOW + MINUTE * 2);
    let live = Entry { environment: Environment::Production, ..testkit::entry(mid, STRONG, ids.uuid(), NOW) };
    let foreign = testkit::entry(other, STRONG, ids.uuid(), NOW);
    let another = testkit::entry(mid, CardKey([3; 16]), ids.uuid(), NOW);
    put(store, [&third, &first, &live, &foreign, &another, &second].map(|entry| Write::InsertLedger(entry.clone()))).await;
    for (keys, since, rows) in [
        ([STRONG, WEAK], NOW, vec![&first, &second, &third]),
        ([WEAK, STRONG], NOW, vec![&first, &second, &third]),
        ([STRONG, WEAK], NOW + MINUTE, vec![&second, &third]),
        ([STRONG, STRONG], NOW, vec![&first, &third]),
        ([CardKey([9; 16]), WEAK], NOW, vec![&second]),
        ([STRONG, WEAK], NOW + MINUTE * 3, vec![]),
    ] {
        let rows: Vec<Entry> = rows.into_iter().cloned().collect();
        assert_eq!(store.ledger(mid, Environment::Sandbox, keys, since).await.unwrap(), rows);
        let count = store.ledger_count(mid, Environment::Sandbox, keys, since).await.unwrap();
        assert_eq!(count as usize, rows.len());
    }
    assert_eq!(store.ledger(mid, Environment::Production, [STRONG, WEAK], NOW).await.unwrap(), vec![live]);
    assert_eq!(store.ledger(other, Environment::Sandbox, [STRONG, WEAK], NOW).await.unwrap(), vec![foreign]);
}

pub async fn equal_keys_count_once(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    put(store, (0..3).map(|_| Write::InsertLedger(testkit::entry(mid, STRONG, ids.uuid(), NOW)))).await;
    assert_eq!(store.ledger_count(mid, Environment::Sandbox, [STRONG, STRONG], NOW).await.unwrap(), 3);
    assert_eq!(store.ledger(mid, Environment::Sandbox, [STRONG, STRONG], NOW).await.unwrap().len(), 3);
}

pub async fn the_newest_rows_are_kept_when_there_are_too_many(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let rows = LEDGER_ROWS_MAX as u32 + 20;
    put(store, (0..rows).map(|n| Write::InsertLedger(testkit::entry(mid, STRONG, ids.uuid(), NOW + MINUTE * n)))).await;
    let read = store.ledger(mid, Environment::Sandbox, [STRONG, WEAK], NOW).await.unwrap();
    assert_eq!(read.len(), LEDGER_ROWS_MAX);
    assert_eq!((read[0].at, read[LEDGER_ROWS_MAX - 1].at), (NOW + MINUTE * 20, NOW + MINUTE * (rows - 1)));
    assert_eq!(store.ledger_count(mid, Environment::Sandbox, [STRONG, WEAK], NOW).await.unwrap(), rows);
}

pub async fn settling_changes_one_row(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let pending = Entry { outcome: Outcome::Pending, response_code: None, ..testkit::entry(mid, STRONG, ids.uuid(), NOW) };
    let neighbour = testkit::entry(mid, STRONG, ids.uuid(), NOW);
    put(store, [Write::InsertLedger(pending.clone()), Write::InsertLedger(neighbour.clone())]).await;
    put(
        store,
        [Write::SettleLedger {
            mid,
            environment: Environment::Sandbox,
            card: STRONG,
            at: NOW,
            id: pending.id,
            outcome: Outcome::Declined,
            response_code: Some("05".into()),
            advice_code: Some("03".into()),
        }],
    )
    .await;
    let settled =
        Entry { outcome: Outcome::Declined, response_code: Some("05".into()), advice_code: Some("03".into()), ..pending };
    assert_eq!(store.ledger(mid, Environment::Sandbox, [STRONG, WEAK], NOW).await.unwrap(), vec![settled, neighbour]);
}
