//! Arms and the uplift report: cards are drawn once, the hold-out follows the ladder, and the figures are those of the
//! database, counted here a second time.

use std::{collections::BTreeMap, path::Path};

use recoup_tests::{Client, Keys, Rig, Server, body, card, cast};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

const CARDS: u32 = 130;
const LADDER_DAYS: [i64; 4] = [1, 3, 5, 7];

/// A day long ago and one far ahead: all orders lie between.
#[expect(clippy::disallowed_methods, reason = "the clock of the sandbox begins at the real time")]
fn days() -> (String, String) {
    let day = |days: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(days * 24)).to_string()[..10].to_owned();
    (day(-30), day(90))
}

fn span() -> String {
    let (from, to) = days();
    format!("from={from}&to={to}")
}

/// A server whose cards are drawn in halves, and a shop whose cards are of simulated issuers.
async fn drawn() -> Server {
    Rig::default()
        .set(&cast().shop, "simulator=issuer")
        .config("recovery", "holdout_percent = 45\nexplore_percent = 10")
        .config("limits", "read_per_sec = 0\nevaluate_per_sec = 0\nmanagement_per_sec = 0")
        .start()
        .await
}

/// A card of the simulated issuers.
fn number(n: u32) -> String {
    card::with_luhn(&format!("40000098{:07}", n * 7_919 % 10_000_000))
}

/// What the database holds of an order.
#[derive(Debug)]
struct Row {
    arm: Option<String>,
    fingerprint: Option<String>,
    amount: i64,
    captured: i64,
    is_open: bool,
    /// Days after the order at which it was attempted.
    attempted: Vec<f64>,
}

fn rows(data: &Path) -> Vec<Row> {
    let db = Connection::open_with_flags(data.join("recoup.sqlite"), OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database");
    let mut statement =
        db.prepare("SELECT id, arm, fingerprint, amount, captured, is_open, placed_at, body FROM orders").expect("orders");
    let mut attempts = db.prepare("SELECT made_at FROM attempts WHERE order_id = ?1 ORDER BY number").expect("attempts");
    let mut found = vec![];
    let mut orders = statement.query([]).expect("rows");
    while let Some(order) = orders.next().expect("a row") {
        let id: Vec<u8> = order.get(0).expect("an id");
        let placed: i64 = order.get(6).expect("a time");
        let made = attempts.query_map([id], |row| row.get::<_, i64>(0)).expect("attempts");
        let body: Value = serde_json::from_str(&order.get::<_, String>(7).expect("a body")).expect("JSON");
        let arm: Option<String> = order.get(1).expect("an arm");
        assert_eq!(arm.as_deref().unwrap_or("policy"), body["arm"].as_str().unwrap_or("policy"), "column and body agree");
        found.push(Row {
            arm,
            fingerprint: order.get(2).expect("a card"),
            amount: order.get(3).expect("an amount"),
            captured: order.get(4).expect("an amount"),
            is_open: order.get(5).expect("a flag"),
            attempted: made.map(|at| (at.expect("a time") - placed) as f64 / 86_400e6).collect(),
        });
    }
    found
}

async fn report(client: &Client, more: &str) -> Vec<Value> {
    let path = format!("/v1/reports/uplift?{}&includeTest=true{more}", span());
    client.get(&path).await.must(200).json["rows"].as_array().expect("rows").clone()
}

fn of<'r>(rows: &'r [Value], arm: &str) -> &'r Value {
    rows.iter().find(|row| row["arm"] == arm).unwrap_or_else(|| panic!("a row of {arm}: {rows:?}"))
}

/// One order on each card, and a second on some.
async fn workload(shop: &Client) {
    for n in 0..CARDS {
        for again in 0..=u32::from(n % 5 == 0) {
            let mut sent = body::mit(&number(n));
            sent["transaction"]["amount"] = json!(1_000 + u64::from(n) * 31 + u64::from(again));
            sent["transaction"]["responseCode"] = json!(["51", "05", "51", "61"][(n % 4) as usize]);
            assert_eq!(shop.evaluate(&sent).await.verdict().0, "SUBMITTED");
        }
    }
}

#[tokio::test]
async fn the_policy_is_compared_with_the_cards_held_out() {
    let server = drawn().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    workload(&shop).await;

    let books = rows(&server.data());
    let mut arms: BTreeMap<&Option<String>, &str> = BTreeMap::new();
    for row in &books {
        let arm = row.arm.as_deref().expect("a drawn arm");
        assert_eq!(*arms.entry(&row.fingerprint).or_insert(arm), arm, "a card stays in its arm");
    }
    assert_eq!(arms.len(), CARDS as usize);
    let count = |arm: &str| arms.values().filter(|found| **found == arm).count();
    // 45 % and 10 % of 130, give or take four standard deviations.
    assert!((36..=81).contains(&count("holdout")) && (1..=27).contains(&count("explore")), "{arms:?}");

    let early = report(&shop, "").await;
    for row in &early {
        assert_eq!(
            (&row["orders"], &row["rate"], &row["upliftAbsolute"]),
            (&json!(0), &Value::Null, &Value::Null),
            "nothing is over"
        );
    }
    assert_eq!(early.iter().map(|row| row["openOrders"].as_u64().expect("a count")).sum::<u64>(), books.len() as u64);

    shop.advance("P12D").await;
    let midway = report(&shop, "").await;
    assert!(midway.iter().all(|row| row["orders"] == 0), "those closed early wait for their cohort: {midway:?}");
    shop.advance("P12D").await;

    let books = rows(&server.data());
    the_hold_out_follows_the_ladder(&books);
    the_report_counts_what_the_database_holds(&books, &report(&shop, "").await);

    let by_day = report(&shop, "&interval=day&groupBy=site,channel").await;
    assert!(by_day.iter().all(|row| row["siteId"] == *cast().shop.site && row["channel"] == "mit"), "{by_day:?}");
    assert_eq!(report(&shop, "&currency=EUR").await, Vec::<Value>::new());
    let csv = shop.get(&format!("/v1/reports/uplift?{}&includeTest=true&format=csv", span())).await.must(200);
    assert!(csv.text.starts_with(
        "period,mid,currency,arm,orders,amount,recoveredOrders,recoveredAmount,rate,upliftAbsolute,upliftRelative,ciLow,ciHigh,pValue"
    ));

    the_command_line_tells_it(&server, &books);
    nobody_else_reads_it(&server).await;
}

fn the_hold_out_follows_the_ladder(books: &[Row]) {
    let held: Vec<&Row> = books.iter().filter(|row| row.arm.as_deref() == Some("holdout")).collect();
    let made: Vec<f64> = held.iter().flat_map(|row| row.attempted.iter().copied()).collect();
    assert!(made.len() > held.len(), "the ladder was climbed: {made:?}");
    let near_a_rung = |at: f64, days: f64| LADDER_DAYS.iter().any(|day| (at - *day as f64).abs() < days);
    let on_rungs = made.iter().filter(|at| near_a_rung(**at, 0.1)).count();
    // Waits of advice codes and limits move a few.
    assert!(on_rungs * 10 >= made.len() * 8, "{on_rungs} of {}", made.len());
    let treated = books.iter().filter(|row| row.arm.as_deref() == Some("policy"));
    let treated: Vec<f64> = treated.flat_map(|row| row.attempted.iter().copied()).collect();
    // The hour that a plan likes may be that of the test, but not to minutes.
    let on_rungs = treated.iter().filter(|at| near_a_rung(**at, 0.002)).count();
    assert!(on_rungs * 2 < treated.len(), "the policy climbs no ladder: {treated:?}");
}

fn the_report_counts_what_the_database_holds(books: &[Row], rows: &[Value]) {
    let mut rates = BTreeMap::new();
    for row in rows {
        let arm = row["arm"].as_str().expect("an arm");
        let own: Vec<&Row> = books.iter().filter(|row| row.arm.as_deref() == Some(arm) && !row.is_open).collect();
        let sum = |of: fn(&Row) -> i64| own.iter().map(|row| of(row)).sum::<i64>();
        assert_eq!(row["orders"], json!(own.len()), "{arm}");
        assert_eq!(row["amount"], json!(sum(|row| row.amount)), "{arm}");
        assert_eq!(row["recoveredOrders"], json!(sum(|row| i64::from(row.captured > 0))), "{arm}");
        assert_eq!(row["recoveredAmount"], json!(sum(|row| row.captured)), "{arm}");
        assert_eq!(row["openOrders"], json!(books.iter().filter(|row| row.arm.as_deref() == Some(arm) && row.is_open).count()));
        let rate = sum(|row| i64::from(row.captured > 0)) as f64 / own.len() as f64;
        assert!((row["rate"].as_f64().expect("a rate") - rate).abs() < 1e-12);
        rates.insert(arm, rate);
    }
    let (policy, holdout, explore) = (of(rows, "policy"), of(rows, "holdout"), of(rows, "explore"));
    let number = |name: &str| policy[name].as_f64().unwrap_or_else(|| panic!("{name} of {policy}"));
    let between = rates["policy"] - rates["holdout"];
    assert!((number("upliftAbsolute") - between).abs() < 1e-12);
    assert!((number("upliftRelative") - between / rates["holdout"]).abs() < 1e-12);
    assert!(number("ciLow") < between && between < number("ciHigh") && number("ciHigh") - number("ciLow") < 0.6);
    assert!((0.0..=1.0).contains(&number("pValue")));
    assert!(number("amountCiLow") < number("amountUplift") && number("amountUplift") < number("amountCiHigh"));
    for row in [holdout, explore] {
        for name in ["upliftAbsolute", "upliftRelative", "ciLow", "ciHigh", "pValue", "amountUplift"] {
            assert_eq!(row[name], Value::Null, "the hold-out is compared with nothing, a dozen cards with nobody: {row}");
        }
    }
}

fn the_command_line_tells_it(server: &Server, books: &[Row]) {
    let (from, to) = days();
    let span = ["--from", &from, "--to", &to, "--environment", "sandbox"];
    let told = server.run(&[&["report", "uplift", "--include-test"], &span[..]].concat());
    assert_eq!(told["rows"].as_array().map(Vec::len), Some(3), "{told}");

    let estimate = |name| server.run(&[&["policy", "evaluate", name], &span[..]].concat());
    let held: Vec<&Row> = books.iter().filter(|row| row.arm.as_deref() == Some("holdout") && !row.is_open).collect();
    let recovered = held.iter().filter(|row| row.captured > 0).count() as f64 / held.len() as f64;
    let ladder = estimate("ladder");
    let found = &ladder["estimates"];
    let value = found["snips"]["value"].as_f64().unwrap_or_else(|| panic!("an estimate: {ladder}"));
    let error = found["snips"]["standardError"].as_f64().expect("an error");
    assert!((value - recovered).abs() < 3.0 * error + 0.02, "the ladder is what was held out: {value} and {recovered}");
    assert!((0.8..=1.2).contains(&found["coverage"].as_f64().expect("a coverage")), "{ladder}");
    let used = estimate("recoup");
    assert!(used["estimates"]["matched"].as_u64().expect("a count") > 20, "{used}");
    for estimator in ["ips", "snips", "dr"] {
        let of = |name: &str| used["estimates"][estimator][name].as_f64().expect("a number");
        assert!(of("lower") <= of("value") && of("value") <= of("upper").max(of("value")) && of("standardError") > 0.0, "{used}");
    }
}

async fn nobody_else_reads_it(server: &Server) {
    let mid = &cast().shop.mid;
    let stranger = server.login(&cast().stranger.sandbox).await;
    let live = server.login(&cast().shop.production).await;
    for client in [&stranger, &live] {
        assert_eq!(report(client, "").await, Vec::<Value>::new());
    }
    let path = format!("/v1/reports/uplift?{}&mid={mid}", span());
    stranger.get(&path).await.assert_error(40301);
    server.client().get(&path).await.assert_error(40101);
    let made = server.run(&["key", "create", "--mid", mid, "--name", "reader", "--scope", "evaluate"]);
    let text = |name: &str| made[name].as_str().expect("text").to_owned();
    let keys = Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") };
    server.login(&keys).await.get(&path).await.assert_error(40302);
    for keys in [&cast().partner, &cast().operator] {
        let rows = report(&server.login(keys).await, "").await;
        assert!(rows.len() == 3 && rows.iter().all(|row| row["mid"] == **mid), "{rows:?}");
    }
    let foreign = format!("/v1/reports/uplift?{}&mid={}", span(), cast().stranger.mid);
    server.login(&cast().partner).await.get(&foreign).await.assert_error(40301);
}

#[tokio::test]
async fn the_tables_and_present_customers_take_no_part() {
    let server = Rig::default().config("recovery", "holdout_percent = 50\nexplore_percent = 50").start().await;
    let shop = server.shop().await;
    for number in [card::APPROVED, card::NSF[1], card::VISA, "4000001000050021"] {
        shop.evaluate(&body::mit(number)).await.must(200);
        shop.evaluate(&body::cit(number)).await.must(200);
    }
    shop.evaluate(&body::mit(card::REAL_LOOKING)).await.must(200);
    let books = rows(&server.data());
    assert_eq!(books.len(), 9);
    assert!(books.iter().all(|row| row.arm.is_none()), "{books:?}");
    let day = shop.now().await.to_string()[..10].to_owned();
    let path = format!("/v1/reports/uplift?from={day}&to={day}&includeTest=true");
    assert_eq!(shop.get(&path).await.must(200).json["rows"], json!([]));
}
