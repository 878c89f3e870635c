//! Settlements, their items and payouts.

use domain::{
    change::{Conflict, Write},
    environment::Environment,
    id::{Mid, PayoutId, SettlementId},
    money::{Currency, Money},
    payout::{self, Payout},
    settlement::{Account, Item, Settlement, State, Sums, item::Kind},
    time::DAY,
};
use store::{PageAt, PayoutFilter, SettlementFilter, Sort, Store};
use testkit::Ids;

use crate::support::{NOW, conflict, put};

pub fn item(ids: &Ids, mid: Mid, minor: i64) -> Item {
    Item {
        source: ids.uuid(),
        kind: Kind::Sale,
        part: 0,
        mid,
        environment: Environment::Sandbox,
        order: Some(ids.order()),
        external_order_id: Some("o".into()),
        site: Some(ids.site()),
        descriptor: None,
        amount: Money::new(minor, Currency::USD),
        occurred_at: NOW,
        note: None,
    }
}

pub fn settlement(ids: &Ids, mid: Mid) -> Settlement {
    Settlement {
        id: SettlementId(ids.uuid()),
        version: 1,
        mid,
        environment: Environment::Sandbox,
        currency: Currency::USD,
        reference: "ST-1".into(),
        from: NOW,
        to: NOW + DAY * 7,
        payout_at: NOW + DAY * 9,
        sums: Sums::default(),
        items: 0,
        state: State::Open,
        payout: None,
        created_at: NOW,
        closed_at: None,
    }
}

pub fn payout(ids: &Ids, of: &Settlement) -> Payout {
    Payout {
        id: PayoutId(ids.uuid()),
        version: 1,
        mid: of.mid,
        environment: of.environment,
        settlement: of.id,
        amount: Money::new(5, Currency::USD),
        state: payout::State::Pending,
        bank_reference: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn all(mids: Option<Vec<Mid>>) -> SettlementFilter {
    SettlementFilter {
        mids,
        environment: Environment::Sandbox,
        state: None,
        currency: None,
        from: None,
        to: None,
        sort: Sort::Descending,
        page: PageAt { number: 1, size: 10 },
    }
}

/// An item waits, is booked once, and cannot be told twice.
pub async fn an_item_is_booked_once(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let account = Account { mid, environment: Environment::Sandbox, currency: Currency::USD };
    let (first, second, foreign) = (item(&ids, mid, 5), item(&ids, mid, 7), item(&ids, other, 9));
    for told in [&first, &second, &first, &foreign] {
        put(store, [Write::InsertSettlementItem(Box::new(told.clone()))]).await;
    }
    let waiting = store.items_to_book(account, 10).await.unwrap();
    assert_eq!(waiting.iter().map(|(_, item)| item.clone()).collect::<Vec<_>>(), [first.clone(), second.clone()]);
    assert_eq!(store.accounts_to_book(None, 10).await.unwrap().len(), 2);
    assert_eq!(store.accounts_to_book(Some(mid), 10).await.unwrap(), [account]);

    let open = settlement(&ids, mid);
    let book = |items: &[u64]| Write::BookSettlementItems { settlement: open.id, items: items.to_vec() };
    put(store, [Write::PutSettlement(Box::new(open.clone())), book(&[waiting[0].0])]).await;
    assert_eq!(
        conflict(store, [book(&[waiting[1].0, waiting[0].0])]).await,
        Conflict::Taken { what: "settlement item" },
        "a batch with a booked one is refused whole"
    );
    assert_eq!(store.items_to_book(account, 10).await.unwrap(), [waiting[1].clone()]);
    assert_eq!(store.settlement_items(open.id, 10, 0).await.unwrap(), std::slice::from_ref(&first));
    put(store, [Write::InsertSettlementItem(Box::new(first.clone()))]).await;
    assert_eq!(store.items_to_book(account, 10).await.unwrap().len(), 1, "told again after booking it is still one");
    let held = Item { source: open.id.0, kind: Kind::Reserve, ..item(&ids, mid, 3) };
    let booked = Write::InsertBookedItem { settlement: open.id, item: Box::new(held) };
    put(store, [booked.clone()]).await;
    assert_eq!(conflict(store, [booked]).await, Conflict::Taken { what: "settlement item" });
    assert_eq!(store.settlement_reserve(open.id).await.unwrap(), 3);
    assert_eq!(store.settlement_items(open.id, 1, 1).await.unwrap()[0].kind, Kind::Reserve);
}

/// An account has one open settlement; versions follow each other; lists are scoped.
pub async fn an_account_has_one_open_settlement(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let open = settlement(&ids, mid);
    put(store, [Write::PutSettlement(Box::new(open.clone())), Write::PutSettlement(Box::new(settlement(&ids, other)))]).await;
    let rival = Write::PutSettlement(Box::new(settlement(&ids, mid)));
    assert_eq!(conflict(store, [rival.clone()]).await, Conflict::Taken { what: "settlement" });
    assert_eq!(store.last_settlement(open.account()).await.unwrap(), Some(open.clone()));

    let closed = Settlement { version: 2, state: State::Closed, to: NOW + DAY, ..open.clone() };
    put(store, [Write::PutSettlement(Box::new(closed.clone()))]).await;
    let again = conflict(store, [Write::PutSettlement(Box::new(closed.clone()))]).await;
    assert_eq!(again, Conflict::Version { what: "settlement", id: open.id.0 });
    assert_eq!(store.settlement(open.id).await.unwrap(), Some(closed.clone()));
    put(store, [rival]).await;

    assert_eq!(store.settlements(&all(None)).await.unwrap().total, 3);
    assert_eq!(store.settlements(&all(Some(vec![mid]))).await.unwrap().total, 2);
    assert_eq!(store.settlements(&all(Some(vec![]))).await.unwrap().total, 0);
    let only = SettlementFilter { state: Some(State::Closed), ..all(Some(vec![mid, other])) };
    assert_eq!(store.settlements(&only).await.unwrap().rows, [closed]);
    let later = SettlementFilter { from: Some(NOW + DAY), ..all(None) };
    assert_eq!(store.settlements(&later).await.unwrap().total, 2, "a period does not hold its end");
    let live = SettlementFilter { environment: Environment::Production, ..all(None) };
    assert_eq!(store.settlements(&live).await.unwrap().total, 0);
}

/// A settlement has one payout.
pub async fn payouts_round_trip(store: &Store) {
    let ids = Ids::new();
    let of = settlement(&ids, ids.mid());
    let made = payout(&ids, &of);
    put(store, [Write::PutPayout(Box::new(made.clone()))]).await;
    let second = conflict(store, [Write::PutPayout(Box::new(payout(&ids, &of)))]).await;
    assert_eq!(second, Conflict::Taken { what: "payout" });
    let done = Payout { version: 2, state: payout::State::Completed, bank_reference: Some("T-1".into()), ..made.clone() };
    put(store, [Write::PutPayout(Box::new(done.clone()))]).await;
    assert_eq!(store.payout(made.id).await.unwrap(), Some(done.clone()));
    let filter = |state, mids| PayoutFilter {
        mids,
        environment: Environment::Sandbox,
        state,
        created_from: None,
        created_to: Some(NOW),
        sort: Sort::Descending,
        page: PageAt { number: 1, size: 10 },
    };
    assert_eq!(store.payouts(&filter(Some(payout::State::Completed), Some(vec![of.mid]))).await.unwrap().rows, [done]);
    assert_eq!(store.payouts(&filter(Some(payout::State::Pending), None)).await.unwrap().total, 0);
    assert_eq!(store.payouts(&filter(None, Some(vec![ids.mid()]))).await.unwrap().total, 0);
}

/// Clearing a sandbox takes its settlements and leaves everybody else's.
pub async fn clearing_takes_the_sandboxes_money(store: &Store) {
    let ids = Ids::new();
    let (mid, other) = (ids.mid(), ids.mid());
    let mut kept = vec![];
    for (mid, environment) in [(mid, Environment::Sandbox), (mid, Environment::Production), (other, Environment::Sandbox)] {
        let of = Settlement { environment, ..settlement(&ids, mid) };
        let waits = Item { environment, ..item(&ids, mid, 5) };
        let paid = payout(&ids, &of);
        put(
            store,
            [
                Write::PutSettlement(Box::new(of.clone())),
                Write::InsertSettlementItem(Box::new(waits)),
                Write::PutPayout(Box::new(paid.clone())),
            ],
        )
        .await;
        kept.push((of, paid));
    }
    store.clear_sandbox_records(mid).await.unwrap();
    for (place, (of, paid)) in kept.iter().enumerate() {
        let stays = place > 0;
        assert_eq!(store.settlement(of.id).await.unwrap().is_some(), stays, "{place}");
        assert_eq!(store.payout(paid.id).await.unwrap().is_some(), stays, "{place}");
        assert_eq!(store.items_to_book(of.account(), 10).await.unwrap().is_empty(), !stays, "{place}");
    }
}
