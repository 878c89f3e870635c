//! Reports: whatever they are broken down by, they add up to what the database holds of orders, attempts and refunds,
//! counted here a second time and by other means.

use std::{collections::BTreeMap, path::Path};

use recoup_tests::{Client, Keys, Server, body, card, cast, guid};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

const SPAN: &str = "from=2020-01-01T00:00:00Z&to=2020-12-31";

/// A generator of which the numbers are known: the same workload every time.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

/// Orders of every kind: approved, declined, part-way, authorised and captured or cancelled, refunded whole and in part,
/// on three sites and in two currencies.
async fn workload(shop: &Client) {
    let mut seeded = Seeded(20_261_121);
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    for round in 0..4 {
        for _ in 0..14 {
            one(shop, &mut seeded).await;
        }
        shop.advance(if round == 3 { "P8D" } else { "P5D" }).await;
    }
    refunds(shop, &mut seeded).await;
}

async fn one(shop: &Client, seeded: &mut Seeded) {
    let cards = [
        card::APPROVED,
        card::VISA,
        card::MASTERCARD,
        card::NOT_RESCUED,
        card::NSF[0],
        card::NSF[1],
        card::NSF[3],
        "4000001095020020",
    ];
    let (number, is_mit) = (*seeded.of(&cards), seeded.below(3) > 0);
    let mut sent = if is_mit { body::mit(number) } else { body::cit(number) };
    sent["transaction"]["amount"] = json!(1_000 + seeded.below(9_000));
    sent["transaction"]["currency"] = json!(seeded.of(&["USD", "EUR"]));
    sent["transaction"]["responseCode"] = json!(seeded.of(&["51", "05", "61"]));
    match seeded.below(3) {
        0 => sent["siteUrl"] = json!("https://shop.example/eu/cart"),
        1 => sent["siteUrl"] = json!("https://nowhere.example"),
        _ => sent["siteId"] = json!(cast().shop.site),
    }
    let authorises = !is_mit && seeded.below(3) == 0;
    if authorises {
        sent["transactionType"] = json!("AUTHORIZATION");
    }
    let reply = shop.evaluate(&sent).await;
    if reply.verdict().0 != "CAPTUREREQUIRED" {
        return;
    }
    let order = reply.order();
    if seeded.below(2) == 0 {
        shop.post(&format!("/v1/orders/{order}/cancel"), &json!({})).await.must(200);
    } else {
        let transaction = &sent["transaction"];
        let capture = json!({
            "idempotencyKey": guid(), "orderId": order, "amount": transaction["amount"], "currency": transaction["currency"],
        });
        shop.post("/v1/capture", &capture).await.must(200);
    }
}

async fn refunds(shop: &Client, seeded: &mut Seeded) {
    let paid = shop.get("/v1/orders?status=7&pageSize=200").await.must(200);
    for (place, order) in paid.json["orders"].as_array().expect("orders").iter().enumerate() {
        let captured = order["amountCaptured"].as_u64().expect("an amount");
        let part = match place % 3 {
            0 => captured,
            1 => 1 + seeded.below(captured - 1),
            _ => continue,
        };
        let amount = format!("{}.{:02}", part / 100, part % 100);
        let path = format!("/v1/orders/{}/refund", order["id"].as_str().expect("an id"));
        shop.post(&path, &json!({"amountToRefund": amount, "idempotencyKey": guid()})).await.must(200);
    }
}

/// What the database holds of the shop.
struct Books {
    orders: Vec<Value>,
    attempts: Vec<Value>,
    refunds: Vec<Value>,
    /// Network and number of counted rows.
    ledger: BTreeMap<String, i64>,
    own_rows: i64,
}

impl Books {
    fn read(data: &Path) -> Self {
        let path = data.join("recoup.sqlite");
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database");
        let of = |table: &str| -> Vec<Value> {
            let mut statement = db.prepare(&format!("SELECT body FROM {table}")).expect("a statement");
            let bodies = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
            let values = bodies.map(|body| serde_json::from_str::<Value>(&body.expect("a body")).expect("JSON"));
            values.filter(|value| value["mid"] == cast().shop.mid && value["environment"] == "sandbox").collect()
        };
        let mut rows = db.prepare("SELECT network, origin FROM ledger WHERE outcome <> 'released'").expect("a statement");
        let rows = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).expect("rows");
        let rows: Vec<_> = rows.map(|row| row.expect("a row")).collect();
        let mut ledger = BTreeMap::new();
        for (network, _) in &rows {
            *ledger.entry(network.clone()).or_insert(0) += 1;
        }
        let own_rows = rows.iter().filter(|(_, origin)| origin == "own").count() as i64;
        Self { orders: of("orders"), attempts: of("attempts"), refunds: of("refunds"), ledger, own_rows }
    }

    fn order_of(&self, value: &Value) -> &Value {
        self.orders.iter().find(|order| order["id"] == value["order"]).expect("its order")
    }

    /// Attempts that left.
    fn sent(&self) -> impl Iterator<Item = &Value> {
        self.attempts.iter().filter(|attempt| attempt["progress"]["step"] != "released")
    }
}

/// Sums of a report's measures, by the members named.
fn sums<'r>(rows: impl IntoIterator<Item = &'r Value>, by: &[&str], measures: &[&str]) -> BTreeMap<Vec<String>, Vec<i64>> {
    let mut sums = BTreeMap::new();
    for row in rows {
        let key: Vec<String> =
            by.iter().map(|name| row[name].as_str().map_or_else(|| row[name].to_string(), str::to_owned)).collect();
        let sum = sums.entry(key).or_insert_with(|| vec![0; measures.len()]);
        for (total, name) in sum.iter_mut().zip(measures) {
            *total += row[name].as_i64().unwrap_or_else(|| panic!("{name} in {row}"));
        }
    }
    sums
}

async fn rows(client: &Client, name: &str, further: &str) -> Vec<Value> {
    let reply = client.get(&format!("/v1/reports/{name}?{}&includeTest=true{further}", span(client).await)).await.must(200);
    reply.json["rows"].as_array().expect("rows").clone()
}

/// From long before the workload to the clock's now.
async fn span(client: &Client) -> String {
    let now = client.now().await;
    let from = now.checked_sub(jiff::SignedDuration::from_hours(24 * 90)).expect("a time");
    format!("from={from}&to={now}")
}

/// The same facts with the names that the reports give them.
fn told(books: &Books) -> [Vec<Value>; 3] {
    let orders = books.orders.iter().map(|order| {
        let (captured, open) = (order["capturedMinor"].as_i64().unwrap_or(0), order["completedAt"].is_null());
        let unresolved = i64::from(order["matchedBy"] == "default");
        json!({
            "currency": order["amount"]["currency"], "siteId": order["site"], "channel": order["channel"],
            "descriptor": order["descriptor"], "matchedBy": order["matchedBy"],
            "responseCode": order["payment"]["transaction"]["responseCode"], "network": order["credentials"][0]["network"],
            "orders": 1, "transactions": 1, "amount": order["amount"]["minor"], "recoveredOrders": i64::from(captured > 0),
            "rescued": i64::from(captured > 0), "recoveredAmount": captured, "attempts": order["tally"]["total"],
            "openOrders": i64::from(open), "unresolved": unresolved,
        })
    });
    let attempts = books.sent().map(|attempt| {
        let (order, progress) = (books.order_of(attempt), &attempt["progress"]);
        let verdict = progress["verdict"].as_str();
        let approved = matches!(verdict, Some("approved" | "partial"));
        let stands = approved && attempt["reversal"].is_null();
        json!({
            "currency": order["amount"]["currency"], "siteId": order["site"], "channel": order["channel"],
            "descriptor": attempt["descriptor"], "attemptNumber": attempt["number"], "processor": attempt["processorName"],
            "attempts": 1, "transactions": 1, "approved": i64::from(approved), "declined": i64::from(verdict == Some("declined")),
            "unknown": i64::from(verdict.is_none()), "refunds": 0, "chargebacks": 0,
            "amount": if stands { progress["approvedMinor"].clone() } else { json!(0) },
        })
    });
    let refunds = books.refunds.iter().filter(|refund| refund["state"] == "SUCCESS").map(|refund| {
        let order = books.order_of(refund);
        let paid = books.attempts.iter().find(|attempt| attempt["id"] == refund["attempt"]).expect("its attempt");
        json!({
            "currency": order["amount"]["currency"], "siteId": order["site"], "channel": order["channel"],
            "descriptor": paid["descriptor"], "transactions": 0, "approved": 0, "declined": 0, "amount": 0, "refunds": 1,
            "chargebacks": 0,
        })
    });
    [orders.collect(), attempts.collect(), refunds.collect()]
}

/// A report, the facts behind it, and the names of its measures and of its own keys.
type Table<'a> = (&'a str, &'a [Value], &'a [&'a str], &'a [&'a str]);

#[tokio::test]
async fn every_breakdown_adds_up_to_the_ledger() {
    let server = Server::start().await;
    let shop = server.shop().await;
    workload(&shop).await;
    let books = Books::read(&server.data());
    let [orders, attempts, refunds] = told(&books);
    assert!(
        orders.len() > 50 && attempts.len() > 50 && refunds.len() > 5,
        "{} {} {}",
        orders.len(),
        attempts.len(),
        refunds.len()
    );
    assert_eq!(attempts.len() as i64, books.own_rows, "the attempts are those of the ledger");
    assert!(!books.ledger.contains_key("other"), "the network of every card is known: {:?}", books.ledger);
    let descriptors: Vec<Value> = attempts.iter().chain(&refunds).cloned().collect();

    let recovery = ["orders", "amount", "recoveredOrders", "recoveredAmount", "attempts", "openOrders"];
    let tables: [Table<'_>; 5] = [
        ("recovery", &orders, &recovery, &[]),
        ("declines", &orders, &recovery[..4], &["responseCode", "network"]),
        ("sites", &orders, &["transactions", "rescued", "recoveredAmount", "unresolved"], &["siteId", "matchedBy", "channel"]),
        ("attempts", &attempts, &["attempts", "approved", "unknown"], &["attemptNumber", "processor"]),
        (
            "descriptors",
            &descriptors,
            &["transactions", "approved", "declined", "amount", "refunds", "chargebacks"],
            &["descriptor", "siteId"],
        ),
    ];
    for (name, facts, measures, own) in tables {
        for (group, members) in [
            ("", &[][..]),
            ("&groupBy=site", &["siteId"]),
            ("&groupBy=channel&groupBy=mid", &["channel"]),
            ("&groupBy=currency,descriptor", &["descriptor"]),
            ("&groupBy=site,channel,descriptor", &["siteId", "channel", "descriptor"]),
        ] {
            for interval in ["none", "day", "week", "month"] {
                let found = rows(&shop, name, &format!("{group}&interval={interval}")).await;
                for by in [&["currency"][..], &[&["currency"], members].concat(), &[&["currency"], members, own].concat()] {
                    assert_eq!(sums(&found, by, measures), sums(facts, by, measures), "{name}{group} {interval} {by:?}");
                }
            }
        }
        let narrow = rows(&shop, name, "&channel=mit&currency=EUR").await;
        let facts = facts.iter().filter(|fact| fact["channel"] == "mit" && fact["currency"] == "EUR");
        assert_eq!(
            sums(&narrow, &["currency"], measures),
            sums(facts, &["currency"], measures),
            "{name}, one channel and currency"
        );
    }

    let first = rows(&shop, "attempts", "").await;
    for row in &first {
        let latencies = latencies(&books, row);
        let nth = |percent: usize| latencies.get((latencies.len() * percent).div_ceil(100).max(1) - 1).copied();
        assert_eq!((row["p50LatencyMs"].as_i64(), row["p95LatencyMs"].as_i64()), (nth(50), nth(95)), "{row}");
    }
    let fees = rows(&shop, "fees", "&groupBy=site,channel").await;
    assert!(!fees.is_empty());
    for row in &sums(&fees, &["network", "ruleId"], &["attempts", "predictedFee", "incurredFee", "avoidedFee"]) {
        let (key, sum) = row;
        assert_eq!(sum[1], sum[2] + sum[3], "{row:?}");
        if key[1] != "mc.optimizer" {
            assert_eq!(Some(&sum[0]), books.ledger.get(&key[0]), "{row:?}");
        }
    }
}

/// Sorted latencies of the attempts behind a row.
fn latencies(books: &Books, row: &Value) -> Vec<i64> {
    let mut found: Vec<i64> = books
        .sent()
        .filter(|attempt| {
            let order = books.order_of(attempt);
            attempt["number"] == row["attemptNumber"]
                && order["amount"]["currency"] == row["currency"]
                && order["originalClass"] == row["declineClass"]
                && attempt["progress"]["step"] == "answered"
                && attempt["progress"]["lookedUp"].is_null()
        })
        .filter_map(|attempt| attempt["progress"]["latencyMs"].as_i64())
        .collect();
    found.sort_unstable();
    found
}

#[tokio::test]
async fn test_orders_are_shown_on_demand_only_and_csv_is_the_same() {
    let server = Server::start().await;
    let shop = server.shop().await;
    for _ in 0..3 {
        shop.evaluate(&body::cit(card::APPROVED)).await;
    }
    let span = span_around(&shop).await;
    for name in ["recovery", "declines", "attempts", "descriptors", "sites", "fees"] {
        let hidden = shop.get(&format!("/v1/reports/{name}?{span}")).await.must(200);
        assert_eq!(hidden.member_names(), ["report", "from", "to", "generatedOn", "rows"]);
        assert_eq!(hidden.json["rows"], json!([]), "{name}: orders of the sandbox are test orders");
        let path = format!("/v1/reports/{name}?{span}&includeTest=true&interval=day&groupBy=site");
        let shown = shop.get(&path).await.must(200);
        let rows = shown.json["rows"].as_array().expect("rows").clone();
        assert!(!rows.is_empty(), "{name}");
        for csv in [
            shop.get(&format!("{path}&format=csv")).await.must(200),
            shop.send(reqwest::Method::GET, &path, &[("accept", "text/csv")], None).await.must(200),
        ] {
            assert!(csv.header("content-type").starts_with("text/csv"), "{name}");
            let lines: Vec<&str> = csv.text.split_terminator("\r\n").collect();
            let header: Vec<&str> = lines[0].split(',').collect();
            assert_eq!(
                header[..5],
                ["period", "mid", "siteId", "siteName", if name == "sites" { "currency" } else { header[4] }]
            );
            assert_eq!(lines.len(), rows.len() + 1, "{name}");
            for (line, row) in lines[1..].iter().zip(&rows) {
                for (column, cell) in header.iter().zip(line.split(',')) {
                    let value = &row[column];
                    let text = value
                        .as_str()
                        .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned);
                    let same = text == cell
                        || text.parse::<f64>().ok().zip(cell.parse::<f64>().ok()).is_some_and(|(a, b)| (a - b).abs() < 1e-12);
                    assert!(same, "{name} {column}: {text} and {cell}");
                }
            }
        }
    }
}

async fn span_around(client: &Client) -> String {
    let day = client.now().await.to_string()[..10].to_owned();
    format!("from={day}&to={day}")
}

#[tokio::test]
async fn faults_of_a_query_are_told() {
    let server = Server::start().await;
    let shop = server.shop().await;
    for (query, expected) in [
        ("", vec![("From", "The From field is required."), ("To", "The To field is required.")]),
        ("from=x&to=2020-01-01", vec![("From", "The field From is invalid.")]),
        ("from=2020-01-02&to=2020-01-01", vec![("To", "The field To must not be before From.")]),
        ("from=2020-01-01&to=2021-06-01", vec![("To", "The span must not be longer than 400 days.")]),
        (
            "from=2020-01-01&to=2020-02-01&groupBy=colour&interval=year&mid=x",
            vec![
                ("GroupBy", "The field GroupBy is invalid."),
                ("Interval", "The field Interval is invalid."),
                ("Mid", "The field Mid is invalid."),
            ],
        ),
    ] {
        let reply = shop.get(&format!("/v1/reports/recovery?{query}")).await;
        let faults = reply.faults();
        let faults: Vec<_> = faults.iter().map(|(path, message)| (path.as_str(), message.as_str())).collect();
        assert_eq!(faults, expected, "{query}");
    }
    shop.get(&format!("/v1/reports/weather?{SPAN}")).await.assert_error(40400);
}

#[tokio::test]
async fn nobody_reads_the_figures_of_others() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let (day, mid) = (span_around(&shop).await, &cast().shop.mid);
    let stranger = server.login(&cast().stranger.sandbox).await;
    let live = server.login(&cast().shop.production).await;
    let made = server.run(&["key", "create", "--mid", mid, "--name", "reader", "--scope", "evaluate"]);
    let text = |name: &str| made[name].as_str().expect("text").to_owned();
    let keys = Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") };
    let scopeless = server.login(&keys).await;
    for name in ["recovery", "declines", "attempts", "descriptors", "sites", "fees"] {
        let path = format!("/v1/reports/{name}?{day}&includeTest=true");
        for client in [&stranger, &live] {
            assert_eq!(client.get(&path).await.must(200).json["rows"], json!([]), "{name}");
        }
        stranger.get(&format!("{path}&mid={mid}")).await.assert_error(40301);
        scopeless.get(&path).await.assert_error(40302);
        server.client().get(&path).await.assert_error(40101);
        for keys in [&cast().partner, &cast().operator] {
            let client = server.login(keys).await;
            let rows = client.get(&path).await.must(200).json["rows"].as_array().expect("rows").clone();
            assert!(!rows.is_empty() && rows.iter().all(|row| row["mid"] == **mid), "{name}");
            let foreign = client.get(&format!("{path}&mid={}", cast().stranger.mid)).await;
            match keys.app_key == cast().partner.app_key {
                true => foreign.assert_error(40301),
                false => assert_eq!(foreign.must(200).json["rows"], json!([]), "{name}"),
            }
        }
    }
    let path = format!("/v1/orders/{order}/timeline");
    for client in [&stranger, &live] {
        client.get(&path).await.assert_error(40401);
    }
    scopeless.get(&path).await.assert_error(40302);
    server.client().get(&path).await.assert_error(40101);
}

#[tokio::test]
async fn the_command_line_tells_the_same() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.evaluate(&body::cit(card::APPROVED)).await;
    let day = shop.now().await.to_string()[..10].to_owned();
    let told = server.run(&[
        "report",
        "sites",
        "--from",
        &day,
        "--to",
        &day,
        "--mid",
        &cast().shop.mid,
        "--environment",
        "sandbox",
        "--include-test",
    ]);
    let over_http = shop.get(&format!("/v1/reports/sites?from={day}&to={day}&includeTest=true")).await.must(200);
    assert_eq!((&told["rows"], &told["report"]), (&over_http.json["rows"], &json!("sites")));
}
