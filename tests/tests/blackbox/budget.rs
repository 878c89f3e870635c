//! The attempt budget of a card is shared by all who use it: our own attempts, those that the merchant transmits, and other
//! orders; planning keeps headroom below every limit, and what the networks would charge is metered.

use recoup_tests::{Client, Rig, Server, body, book::Book, card, cast};
use serde_json::{Value, json};

/// A card outside the tables, of an issuer of its own: it counts by itself, not by order.
fn a_card(bin: &str, n: u32) -> String {
    card::with_luhn(&format!("{bin}43{n:07}"))
}

async fn declined_elsewhere(shop: &Client, token: &str, at: jiff::Timestamp) {
    let copy = body::with(body::copy(true), "/transaction/amount", json!(1999));
    let copy = body::with(copy, "/transaction/timestamp", json!(at.to_string()));
    let copy = body::with(body::with(copy, "/paymentMethod", json!({"cardNumber": token, "Token": true})), "/isMIT", json!(true));
    shop.post("/v1/transmit", &copy).await.must(200);
}

fn rebill(token: &str) -> Value {
    body::with(body::mit(token), "/paymentMethod/Token", json!(true))
}

/// Simulated issuers behind test cards outside the tables.
async fn issuers() -> Server {
    Rig::default().set(&cast().shop, "simulator=issuer").start().await
}

fn planned(order: &Value) -> Option<jiff::Timestamp> {
    order["nextAttemptUtc"].as_str().or(order["decision"]["nextAttemptUtc"].as_str()).map(|at| at.parse().unwrap())
}

/// Rows: network's BIN, declines transmitted before, how far apart and how long ago the first, hours; and hours from now
/// before which nothing may be planned.
#[tokio::test]
async fn transmitted_attempts_use_up_the_headroom_of_every_limit() {
    let server = issuers().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let now = shop.now().await;
    let hours = |n: i64| jiff::SignedDuration::from_hours(n);
    let mut breached = vec![];
    for (n, (bin, made, apart, first, earliest)) in [
        // Visa keeps 15 of 20 in 30 days: the first of 14 more leaves 240 hours from now. The rebill's own decline counts, too.
        ("400000", 14, 1, 480, 240),
        ("400000", 19, 1, 480, 244),
        // Mastercard keeps 7 of 10 in 24 hours: the attempt after the sixth other waits for the first to leave.
        ("555555", 25, 12, 600, 120),
    ]
    .into_iter()
    .enumerate()
    {
        let token = shop.tokenize(&a_card(bin, n as u32), None).await;
        for i in 0..made {
            declined_elsewhere(&shop, &token, now - hours(first) + hours(apart * i)).await;
        }
        let order = shop.evaluate(&rebill(&token)).await.order();
        let shown = shop.order(&order).await;
        let at = planned(&shown);
        if at.is_some_and(|at| at < now + hours(earliest)) {
            breached.push(format!("{bin} after {made}: planned {at:?}, lawful from {}", now + hours(earliest)));
        }
        assert!(at.is_some() || shown["decision"].is_object(), "{shown}");
    }
    assert!(breached.is_empty(), "{}", breached.join("\n"));
}

#[tokio::test]
async fn two_orders_of_one_card_and_the_merchant_share_one_budget() {
    let server = issuers().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let start = shop.now().await;
    let token = shop.tokenize(&a_card("555555", 90), None).await;
    let orders = [shop.evaluate(&rebill(&token)).await.order(), shop.evaluate(&rebill(&token)).await.order()];
    for step in 0..21 {
        shop.advance("P1D").await;
        // The merchant knocks as well.
        let at = start + jiff::SignedDuration::from_hours(24 * (step + 1));
        declined_elsewhere(&shop, &token, at).await;
    }
    let book = Book::open(&server.data().join("simulator.sqlite"));
    let attempts: usize = orders.iter().map(|order| book.of(order).len()).sum();
    let breaches: Vec<_> = orders.iter().flat_map(|order| book.of(order)).filter_map(|attempt| attempt.breach).collect();
    assert_eq!(breaches, Vec::<String>::new(), "{attempts} attempts");
    // 35 in 30 days, 25 kept: two declines of the rebills and 21 of the merchant leave room for two of ours.
    assert!(attempts <= 2, "{attempts} attempts beside 23 others");
}

#[tokio::test]
async fn fees_that_a_retry_would_cost_are_metered_as_predicted_and_avoided() {
    let server = issuers().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let now = shop.now().await;
    let token = shop.tokenize(&a_card("400000", 91), None).await;
    let value = async |fate: &str, rule: &str| {
        let metrics = server.client().get("/metrics").await.must(200).text;
        let line = metrics.lines().find(|line| {
            line.starts_with("recoup_network_fee_micros_total{")
                && line.contains(&format!("fate=\"{fate}\""))
                && line.contains(&format!("rule=\"{rule}\""))
        });
        line.and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).unwrap_or(0)
    };
    shop.evaluate(&rebill(&token)).await.order();
    assert_eq!(value("predicted", "visa.m30").await, 0, "far from the limit");
    for i in 0..20 {
        declined_elsewhere(&shop, &token, now - jiff::SignedDuration::from_hours(100 - i)).await;
    }
    shop.evaluate(&rebill(&token)).await.order();
    // The rebill's own decline was the twenty-second: it cost; a retry at once would have, and is not made.
    let (predicted, incurred, avoided) =
        (value("predicted", "visa.m30").await, value("incurred", "visa.m30").await, value("avoided", "visa.m30").await);
    assert!(avoided > 0 && incurred > 0, "{predicted} {incurred} {avoided}");
    assert_eq!(predicted, incurred + avoided);
    // A code that no issuer ever approves: any retry costs.
    let other = shop.tokenize(&a_card("400000", 92), None).await;
    shop.evaluate(&body::with(rebill(&other), "/transaction/responseCode", json!("04"))).await;
    assert!(value("avoided", "visa.cat1").await > 0);
    let volume = server.client().get("/metrics").await.must(200).text;
    assert!(!volume.contains("rule=\"visa.cat3\""), "no data were wrong yet");
    let third = shop.tokenize(&a_card("400000", 93), None).await;
    shop.evaluate(&body::with(rebill(&third), "/transaction/responseCode", json!("54"))).await;
    let volume = server.client().get("/metrics").await.must(200).text;
    assert!(volume.contains("recoup_network_volume_declines_total{rule=\"visa.cat3\"} 1"), "{volume}");
}
