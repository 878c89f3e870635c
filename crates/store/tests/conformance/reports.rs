//! What reports read: each merchant, environment and span by itself, every group counted once.

use domain::{
    attempt::{Answered, Attempt, Progress, Reversal, Verdict},
    card::CardKey,
    change::Write,
    chargeback::{Chargeback, Stage},
    decision::Arm,
    environment::Environment,
    id::Mid,
    ledger::{Entry, Origin},
    money::{Currency, Money},
    order::{Order, RouteKind, State},
    refund::{self, Refund},
    report::{Ask, Cell, Interval, Key, MEASURES, Made, Name, Part},
    time::{DAY, HOUR, Timestamp},
};
use store::Store;
use testkit::Ids;

use crate::{
    disputes,
    support::{NOW, put},
};

fn ask(name: Name) -> Ask {
    Ask {
        name,
        from: NOW - DAY,
        to: NOW + DAY,
        interval: Interval::None,
        keys: vec![],
        site: None,
        channel: None,
        currency: None,
        include_test: false,
    }
}

async fn cells(store: &Store, mid: Mid, ask: Ask) -> Vec<Cell> {
    let read = store.report(move |reading| {
        let mut cells = vec![];
        reading.cells(mid, Environment::Production, &ask, &mut |cell| {
            cells.push(cell);
            true
        })?;
        Ok(cells)
    });
    read.await.unwrap()
}

/// Parts and measures of the cells, by their parts.
fn table(cells: Vec<Cell>) -> Vec<(Vec<Part>, [i64; MEASURES])> {
    let mut rows: Vec<_> = cells.into_iter().map(|cell| (cell.parts, cell.measures)).collect();
    rows.sort();
    rows
}

fn euro() -> Currency {
    Currency::parse("EUR").unwrap()
}

fn text(word: &str) -> Part {
    Part::Text(word.to_owned())
}

fn live(ids: &Ids, mid: Mid, external_id: &str, at: Timestamp) -> Order {
    Order { environment: Environment::Production, route_kind: RouteKind::Live, ..testkit::order(ids, mid, external_id, at) }
}

fn paid(order: Order, after: std::time::Duration) -> Order {
    let (at, minor) = (order.placed_at + after, order.amount.minor);
    Order { state: State::Recovered, captured_minor: minor, completed_at: Some(at), updated_at: at, ..order }
}

fn answered(attempt: Attempt, verdict: Verdict, minor: i64) -> Attempt {
    let answer = Answered {
        verdict,
        approved_minor: minor,
        response_code: "00".into(),
        advice_code: None,
        class: None,
        avs: None,
        cvv: None,
        network_transaction_id: None,
        processor_reference: None,
        at: attempt.at,
        latency_ms: 120,
        looked_up: false,
    };
    Attempt { progress: Progress::Answered(answer), ..attempt }
}

pub async fn orders_are_counted_as_they_stand(store: &Store) {
    let ids = Ids::new();
    let (mid, neighbour) = (ids.mid(), ids.mid());
    let in_euros = |order: Order| Order { amount: Money::new(500, euro()), ..order };
    let orders = [
        live(&ids, mid, "open", NOW),
        paid(live(&ids, mid, "paid", NOW - HOUR), HOUR * 3),
        paid(in_euros(live(&ids, mid, "euro", NOW + DAY)), HOUR),
        live(&ids, mid, "early", NOW - DAY - HOUR),
        live(&ids, mid, "late", NOW + DAY + HOUR),
        Order { route_kind: RouteKind::Simulator, ..live(&ids, mid, "test", NOW) },
        Order { environment: Environment::Sandbox, ..live(&ids, mid, "sandbox", NOW) },
        live(&ids, neighbour, "foreign", NOW),
    ];
    put(store, orders.clone().map(|order| Write::InsertOrder(Box::new(order)))).await;

    let found = cells(store, mid, ask(Name::Recovery)).await;
    let mut spreads: Vec<_> = found.iter().filter_map(|cell| cell.spread).collect();
    spreads.sort_unstable();
    assert_eq!(spreads, [(60, 1), (180, 1)], "minutes until the rescue");
    let mut sums = std::collections::BTreeMap::new();
    for (parts, measures) in table(found) {
        let sum = sums.entry(parts).or_insert([0; MEASURES]);
        sum.iter_mut().zip(measures).for_each(|(sum, measure)| *sum += measure);
    }
    assert_eq!(sums[&vec![text("EUR")]], [1, 500, 1, 500, 0, 0]);
    assert_eq!(sums[&vec![text("USD")]], [2, 3_998, 1, 1_999, 0, 1]);
    assert_eq!(sums.len(), 2);

    let narrow = Ask { currency: Some(euro()), keys: vec![Key::Site], ..ask(Name::Sites) };
    let site = text(&orders[2].site.to_string());
    let row = vec![site, text("EUR"), text("siteId"), text("mit")];
    assert_eq!(table(cells(store, mid, narrow).await), [(row, [1, 1, 500, 0, 0, 0])]);

    let declines = table(cells(store, mid, Ask { include_test: true, ..ask(Name::Declines) }).await);
    assert_eq!(declines.iter().map(|(_, measures)| measures[0]).sum::<i64>(), 4, "test orders on demand");
    let daily = cells(store, mid, Ask { interval: Interval::Day, ..ask(Name::Declines) }).await;
    let mut days: Vec<_> = daily.iter().map(|cell| cell.day).collect();
    days.sort_unstable();
    days.dedup();
    let day = |at: Timestamp| at.micros() / 86_400_000_000;
    let mut placed = vec![day(orders[0].placed_at), day(orders[1].placed_at), day(orders[2].placed_at)];
    placed.sort_unstable();
    placed.dedup();
    assert_eq!(days, placed);
    assert_eq!(cells(store, ids.mid(), ask(Name::Recovery)).await, []);
}

pub async fn attempts_and_what_follows_them_are_counted(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let mut order = paid(live(&ids, mid, "o", NOW), HOUR);
    order.tally.total = 4;
    let made = |number, at| Attempt { descriptor: Some("SHOP".into()), ..testkit::attempt(&ids, &order, number, at) };
    let declined = answered(made(1, NOW), Verdict::Declined, 0);
    let lost = Attempt { progress: Progress::Unknown { detail: "timeout".into(), answer: None }, ..made(2, NOW) };
    let back =
        Attempt { reversal: Some(Reversal { asked_at: NOW, done_at: None }), ..answered(made(3, NOW), Verdict::Approved, 1_999) };
    let stands = answered(made(4, NOW), Verdict::Approved, 1_999);
    let gone = Attempt { progress: Progress::Released { detail: "never sent".into() }, ..made(5, NOW) };
    let late = answered(made(6, NOW + DAY + HOUR), Verdict::Declined, 0);
    order.paid_by = Some(stands.id);
    let settled =
        Refund { state: refund::State::Success, settled_at: Some(NOW), ..testkit::refund(&ids, &order, stands.id, NOW) };
    let failed = Refund { state: refund::State::Failed, ..testkit::refund(&ids, &order, stands.id, NOW) };
    let dispute = |stage, reference: &str| Chargeback {
        environment: Environment::Production,
        stage,
        ..disputes::chargeback(&ids, mid, Some(order.id), reference)
    };
    let disputes = [dispute(Stage::Chargeback, "CB-1"), dispute(Stage::Inquiry, "CB-2")];
    put(store, [Write::InsertOrder(Box::new(order.clone()))]).await;
    put(store, [declined, lost, back, stands, gone, late].map(|attempt| Write::InsertAttempt(Box::new(attempt)))).await;
    put(store, [settled, failed].map(|refund| Write::InsertRefund(Box::new(refund)))).await;
    put(store, disputes.map(|dispute| Write::InsertChargeback(Box::new(dispute)))).await;

    let found = cells(store, mid, ask(Name::Attempts)).await;
    let row = |number: i64| vec![text("USD"), Part::Int(number), text("simulator"), text("NSF")];
    let expected = [(1, [1, 0, 0]), (2, [1, 0, 1]), (3, [1, 1, 0]), (4, [1, 1, 0])];
    let expected = expected.map(|(number, [attempts, approved, unknown])| (row(number), [attempts, approved, unknown, 0, 0, 0]));
    assert!(found.iter().all(|cell| cell.spread == (cell.parts[1] != Part::Int(2)).then_some((120, 1))), "{found:?}");
    assert_eq!(table(found), expected);

    let mut sum = [0; MEASURES];
    for (parts, measures) in table(cells(store, mid, ask(Name::Descriptors)).await) {
        assert_eq!(parts, [text("USD"), text("SHOP"), text(&order.site.to_string())]);
        sum.iter_mut().zip(measures).for_each(|(sum, measure)| *sum += measure);
    }
    assert_eq!(sum, [4, 2, 1, 1_999, 1, 1], "an approval that is given back is no amount; an inquiry is no dispute");
    assert_eq!(cells(store, ids.mid(), ask(Name::Descriptors)).await, []);
}

pub async fn the_ledger_comes_card_by_card(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let order = Order { descriptor: Some("SHOP".into()), ..live(&ids, mid, "o", NOW) };
    let entry = |card: u8, at: Timestamp| Entry {
        environment: Environment::Production,
        ..testkit::entry(mid, CardKey([card; 16]), ids.uuid(), at)
    };
    let own = Entry { origin: Origin::Own, order: Some(order.id), ..entry(1, NOW) };
    let rows = [
        entry(2, NOW - DAY),
        own.clone(),
        entry(1, NOW - DAY * 20),
        entry(1, NOW - DAY * 33),
        entry(1, NOW + DAY * 2),
        Entry { environment: Environment::Sandbox, ..entry(1, NOW) },
        Entry { mid: ids.mid(), ..entry(1, NOW) },
    ];
    put(store, [Write::InsertOrder(Box::new(order.clone()))]).await;
    put(store, rows.clone().map(Write::InsertLedger)).await;
    let read = store.report(move |reading| {
        let mut rows: Vec<Made> = vec![];
        reading.ledger(mid, Environment::Production, &ask(Name::Fees), &mut |made| {
            rows.push(made);
            true
        })?;
        Ok(rows)
    });
    let found = read.await.unwrap();
    let entries: Vec<_> = found.iter().map(|made| made.entry.clone()).collect();
    assert_eq!(entries, [rows[2].clone(), own, rows[0].clone()], "a window before the span, by card and time");
    assert_eq!(found[1].descriptor.as_deref(), Some("SHOP"));
    assert_eq!((found[1].site, found[1].is_test, found[0].is_test), (Some(order.site), Some(false), None));
}

pub async fn orders_whose_arm_was_drawn_come_card_by_card(store: &Store) {
    let ids = Ids::new();
    let (mid, neighbour) = (ids.mid(), ids.mid());
    let drawn = |order: Order, card: u8, arm| Order { drawn_by: Some(CardKey([card; 16])), arm, ..order };
    let over = |order: Order| Order { expires_at: NOW + HOUR, ..order };
    let (one, two, three) = (1, 2, 3);
    let orders = [
        over(drawn(paid(live(&ids, mid, "paid", NOW - HOUR), HOUR), one, Arm::Policy)),
        over(drawn(Order { state: State::Expired, ..live(&ids, mid, "lost", NOW) }, one, Arm::Policy)),
        over(drawn(Order { state: State::Expired, ..live(&ids, mid, "held", NOW) }, two, Arm::Holdout)),
        drawn(paid(live(&ids, mid, "soon", NOW - HOUR), HOUR), three, Arm::Policy),
        over(drawn(live(&ids, mid, "open", NOW), three, Arm::Policy)),
        over(paid(live(&ids, mid, "not drawn", NOW), HOUR)),
        over(drawn(paid(live(&ids, mid, "early", NOW - DAY * 2), HOUR), one, Arm::Policy)),
        over(drawn(paid(live(&ids, neighbour, "foreign", NOW), HOUR), one, Arm::Policy)),
        over(drawn(Order { environment: Environment::Sandbox, ..live(&ids, mid, "sandbox", NOW) }, one, Arm::Policy)),
    ];
    put(store, orders.map(|order| Write::InsertOrder(Box::new(order)))).await;
    let read = |mid, now| async move {
        let reading = store.report(move |reading| {
            let mut found = vec![];
            reading.cards(mid, Environment::Production, &ask(Name::Uplift), now, &mut |card, cell| {
                found.push((card[0], cell.parts, cell.measures));
                true
            })?;
            Ok(found)
        });
        reading.await.unwrap()
    };
    let row = |card, arm: &str, measures| (card, vec![text("USD"), text(arm)], measures);
    let expected = [
        row(one, "policy", [2, 3_998, 1, 1_999, 0, 0]),
        row(two, "holdout", [1, 1_999, 0, 0, 0, 0]),
        // One is open although its period is over, one closed before its period was.
        row(three, "policy", [0, 0, 0, 0, 2, 0]),
    ];
    assert_eq!(read(mid, NOW + DAY).await, expected);
    let before: Vec<_> = read(mid, NOW).await.into_iter().map(|(card, _, measures)| (card, measures)).collect();
    assert_eq!(
        before,
        [(one, [0, 0, 0, 0, 2, 0]), (two, [0, 0, 0, 0, 1, 0]), (three, [0, 0, 0, 0, 2, 0])],
        "nothing is over yet"
    );
    assert_eq!(read(ids.mid(), NOW + DAY).await, []);
}
