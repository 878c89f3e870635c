use domain::{
    change::Write,
    channel::Channel,
    environment::Environment,
    id::{Mid, SiteId},
    money::{Currency, Money},
    order::{Code, Order, RouteKind, State},
    site::MatchedBy,
    time::{DAY, HOUR},
};
use store::{OrderBy, OrderFilter, PageAt, Sort, Stats, Store};
use testkit::Ids;

use crate::support::{NOW, put};

/// Six orders of merchant 1 and one of merchant 2.
fn orders(ids: &Ids) -> (Mid, Mid, Vec<Order>) {
    let (mid, other) = (ids.mid(), ids.mid());
    let mut orders: Vec<Order> = (0..6).map(|n| testkit::order(ids, mid, &format!("o-{n}"), NOW + DAY * n)).collect();
    orders[0].state = State::Recovered;
    orders[0].captured_minor = 1_999;
    orders[1].state = State::Expired;
    orders[1].is_chargeback = true;
    orders[2].channel = Channel::CitWeb;
    orders[2].matched_by = MatchedBy::Default;
    orders[3].environment = Environment::Production;
    orders[3].route_kind = RouteKind::Live;
    orders[4].site = SiteId::from_bytes([4; 16]);
    orders[4].payment.payer.email = Some("Zoë@Example.com".into());
    orders[4].payment.method.holder_name = Some("Ada O'Hara".into());
    orders[5].amount = Money::new(5, Currency::USD);
    orders[5].tally.total = 3;
    orders.push(testkit::order(ids, other, "o-0", NOW));
    (mid, other, orders)
}

async fn found(store: &Store, orders: &[Order], filter: OrderFilter) -> Vec<usize> {
    let page = store.orders(&filter).await.unwrap();
    assert!(page.total as usize >= page.rows.len());
    page.rows.iter().map(|row| orders.iter().position(|order| order == row).unwrap()).collect()
}

pub async fn filters_narrow(store: &Store) {
    let ids = Ids::new();
    let (mid, other, orders) = orders(&ids);
    put(store, orders.iter().map(|order| Write::InsertOrder(Box::new(order.clone())))).await;
    let of = || OrderFilter { mids: Some(vec![mid]), sort: Sort::Ascending, ..OrderFilter::default() };
    let query = |text: &str| OrderFilter { query: Some(text.into()), ..of() };
    let reference = |text: &str| OrderFilter { references_only: true, ..query(text) };
    let cases: Vec<(&str, OrderFilter, Vec<usize>)> = vec![
        ("merchant", of(), vec![0, 1, 2, 3, 4, 5]),
        ("other merchant", OrderFilter { mids: Some(vec![other]), ..of() }, vec![6]),
        ("both", OrderFilter { mids: Some(vec![mid, other]), ..of() }, vec![0, 6, 1, 2, 3, 4, 5]),
        ("nobody", OrderFilter { mids: Some(vec![]), ..of() }, vec![]),
        ("everybody", OrderFilter { mids: None, ..of() }, vec![0, 6, 1, 2, 3, 4, 5]),
        ("sandbox", OrderFilter { environment: Some(Environment::Sandbox), ..of() }, vec![0, 1, 2, 4, 5]),
        ("production", OrderFilter { environment: Some(Environment::Production), ..of() }, vec![3]),
        ("codes", OrderFilter { codes: vec![Code::Recovered, Code::Expired], ..of() }, vec![0, 1]),
        ("from", OrderFilter { placed_from: Some(NOW + DAY * 4), ..of() }, vec![4, 5]),
        ("to", OrderFilter { placed_to: Some(NOW + DAY), ..of() }, vec![0, 1]),
        ("between", OrderFilter { placed_from: Some(NOW + HOUR), placed_to: Some(NOW + DAY), ..of() }, vec![1]),
        ("e-mail", query("  ZOË@example"), vec![4]),
        ("name", query("o'hara"), vec![4]),
        ("order id", query("o-3"), vec![3]),
        ("key", query(&orders[2].id.to_string().to_uppercase()), vec![2]),
        ("reference", query(&orders[1].reference), vec![1]),
        ("confirmation", query(&orders[5].confirmation), vec![5]),
        ("transaction id", query("t-o-0"), vec![0]),
        ("wildcards are text", query("%"), vec![]),
        ("e-mail is no reference", reference("ZOË@example"), vec![]),
        ("nor is a name", reference("o'hara"), vec![]),
        ("order id as reference", reference("O-3"), vec![3]),
        ("key as reference", reference(&orders[2].id.to_string().to_uppercase()), vec![2]),
        ("reference as reference", reference(&orders[1].reference), vec![1]),
        ("confirmation as reference", reference(&orders[5].confirmation), vec![5]),
        ("transaction id as reference", reference("t-o-0"), vec![0]),
        ("no reference asked", reference(" "), vec![0, 1, 2, 3, 4, 5]),
        ("nothing asked", query("  "), vec![0, 1, 2, 3, 4, 5]),
        ("site", OrderFilter { site: Some(SiteId::from_bytes([4; 16])), ..of() }, vec![4]),
        ("channel", OrderFilter { channel: Some(Channel::CitWeb), ..of() }, vec![2]),
        ("not mit", OrderFilter { is_mit: Some(false), ..of() }, vec![2]),
        ("mit", OrderFilter { is_mit: Some(true), ..of() }, vec![0, 1, 3, 4, 5]),
        ("live", OrderFilter { is_test: Some(false), ..of() }, vec![3]),
        ("external", OrderFilter { external_id: Some("o-0".into()), ..of() }, vec![0]),
        ("disputed", OrderFilter { is_chargeback: Some(true), ..of() }, vec![1]),
        ("unresolved", OrderFilter { site_resolved: Some(false), ..of() }, vec![2]),
        ("two at once", OrderFilter { is_mit: Some(true), codes: vec![Code::Expired], ..of() }, vec![1]),
    ];
    for (name, filter, expected) in cases {
        assert_eq!(found(store, &orders, filter).await, expected, "{name}");
    }
}

pub async fn pages_cut_and_count(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    put(store, (0..25).map(|n| Write::InsertOrder(Box::new(testkit::order(&ids, mid, &format!("o-{n}"), NOW))))).await;
    for (number, size, rows) in [(1, 10, 10), (3, 10, 5), (4, 10, 0), (0, 10, 10), (1, 0, 1), (1, 1_000, 25), (u32::MAX, 200, 0)]
    {
        let filter = OrderFilter { mids: Some(vec![mid]), page: PageAt { number, size }, ..OrderFilter::default() };
        let page = store.orders(&filter).await.unwrap();
        assert_eq!((page.rows.len(), page.total), (rows, 25), "page {number} of {size}");
    }
    let page = |number| OrderFilter { page: PageAt { number, size: 7 }, ..OrderFilter::default() };
    let mut seen = Vec::new();
    for number in 1..=4 {
        seen.extend(store.orders(&page(number)).await.unwrap().rows.into_iter().map(|order| order.id));
    }
    assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "equal times fall back on the newest first, without gaps");
    assert_eq!(seen.len(), 25);
}

pub async fn sorting(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let mut orders: Vec<Order> = (0..3).map(|n| testkit::order(&ids, mid, &format!("o-{n}"), NOW + HOUR * n)).collect();
    orders[0].worked_at = Some(NOW + HOUR * 5);
    orders[1].updated_at = NOW + HOUR * 9;
    orders[2].expires_at = NOW;
    orders[1].amount.minor = 1;
    put(store, orders.iter().map(|order| Write::InsertOrder(Box::new(order.clone())))).await;
    for (order_by, ascending) in [
        (OrderBy::CreatedOn, [1, 2, 0]),
        (OrderBy::OrderPlacedDate, [0, 1, 2]),
        (OrderBy::UpdatedOn, [0, 2, 1]),
        (OrderBy::ExpiryDate, [2, 0, 1]),
        (OrderBy::Amount, [1, 0, 2]),
    ] {
        let filter = |sort| OrderFilter { order_by, sort, ..OrderFilter::default() };
        assert_eq!(found(store, &orders, filter(Sort::Ascending)).await, ascending, "{order_by:?}");
        let mut descending = ascending;
        descending.reverse();
        assert_eq!(found(store, &orders, filter(Sort::Descending)).await, descending, "{order_by:?}");
    }
}

pub async fn stats_count(store: &Store) {
    let ids = Ids::new();
    let (mid, other, orders) = orders(&ids);
    put(store, orders.iter().map(|order| Write::InsertOrder(Box::new(order.clone())))).await;
    put(store, [Write::SetTimer(testkit::timer(mid, orders[5].id, NOW))]).await;
    let all = store.stats(None).await.unwrap();
    assert_eq!(all.orders.iter().map(|row| row.count).sum::<u64>(), 7);
    assert_eq!((all.timers, all.attempts()), (1, 3));
    let ours = store.stats(Some(mid)).await.unwrap();
    let row = |code| ours.orders.iter().find(|row| row.code == code && row.environment == Environment::Sandbox).unwrap();
    assert_eq!((row(Code::Recovered).count, row(Code::Recovered).captured_minor), (1, 1_999));
    assert_eq!((row(Code::Scheduled).count, row(Code::Scheduled).amount_minor), (3, 1_999 * 2 + 5));
    assert_eq!(store.stats(Some(other)).await.unwrap().orders.len(), 1);
    assert_eq!(store.stats(Some(ids.mid())).await.unwrap(), Stats::default());
}
