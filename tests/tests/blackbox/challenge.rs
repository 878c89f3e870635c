//! Challenges: what the customer is asked, three tries, one end, and never another amount, card or merchant.

use recoup_tests::{Client, Receiver, Reply, Server, body, book::Book, card, cast, guid, until};
use reqwest::Method;
use serde_json::{Value, json};

const CVV: &str = "4000001095100012";
const ADDRESS: &str = "4000001095110011";
const EXPIRY: &str = "4000001095120010";
const STEP_UP: &str = "4000001095130019";
const CVV_NEVER: &str = "4000001091040006";

fn url(order: &str) -> String {
    format!("/v1/challenge/{order}")
}

async fn answer(browser: &Client, order: &str, data: &Value) -> Reply {
    browser.post(&url(order), data).await
}

async fn settled(browser: &Client, order: &str) -> Value {
    until("the answer is judged", || async {
        let told = browser.get(&format!("{}?wait=5&seen=attempted", url(order))).await.must(200).json;
        (told["state"] != "attempted").then_some(told)
    })
    .await
}

async fn asked(shop: &Client, number: &str) -> String {
    let sent = body::without(body::cit(number), "/paymentMethod/verificationValue");
    let reply = shop.evaluate(&sent).await;
    assert_eq!(reply.verdict(), ("CHALLENGE", None), "{number}");
    reply.order()
}

#[tokio::test]
async fn right_data_pay() {
    let server = Server::start().await;
    let (shop, browser, receiver) = (server.shop().await, server.client(), Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    for (number, field, data) in [
        (CVV, "cvv", json!({"verificationValue": "123"})),
        (ADDRESS, "billingAddress", json!({"billingInformation": {"addressLine1": "1 Main St", "zipcode": "10001"}})),
        (EXPIRY, "cardExpiry", json!({"expirationMonth": 2, "expirationYear": 2039})),
        (STEP_UP, "threeDS", json!({"stepUp": {"result": "authenticated"}})),
    ] {
        let order = asked(&shop, number).await;
        let told = browser.get(&url(&order)).await.must(200).json;
        assert_eq!((&told["state"], &told["fields"], &told["attemptsLeft"]), (&json!("presented"), &json!([field]), &json!(3)));
        assert_eq!((&told["amount"], &told["currency"], &told["merchantName"]), (&json!(1999), &json!("USD"), &json!("Shop")));
        assert_eq!(told["cardLast4Digits"], number[12..]);
        assert_eq!(told["stepUp"], if field == "threeDS" { json!("simulated") } else { Value::Null });
        let greedy = body::with(body::with(data.clone(), "/amount", json!(1)), "/cardNumber", json!(card::APPROVED));
        assert_eq!(answer(&browser, &order, &greedy).await.must(202).json, json!({"state": "attempted"}));
        assert_eq!(settled(&browser, &order).await["state"], "passed", "{field}");
        let shown = shop.order(&order).await;
        assert_eq!((&shown["engineState"], &shown["amountCaptured"]), (&json!("RECOVERED"), &json!(1999)), "{field}");
        for event in ["challenge.presented", "challenge.attempted", "challenge.passed", "order.completed"] {
            receiver.event(&order, event).await;
        }
        answer(&browser, &order, &data).await.must(404).assert_error(40401);
        let book = Book::open(&server.data().join("simulator.sqlite"));
        assert_eq!(book.of(&order).len(), 1, "{field}: one charge");
    }
}

#[tokio::test]
async fn three_tries_and_it_is_closed() {
    let server = Server::start().await;
    let (shop, browser, receiver) = (server.shop().await, server.client(), Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    for (number, wrong) in [
        (CVV, json!({"verificationValue": "999"})),
        (CVV_NEVER, json!({"verificationValue": "123"})),
        (ADDRESS, json!({"billingInformation": {"zipcode": "99999"}})),
        (STEP_UP, json!({"stepUp": {"result": "failed"}})),
    ] {
        let order = asked(&shop, number).await;
        for left in [2, 1] {
            answer(&browser, &order, &wrong).await.must(202);
            let told = settled(&browser, &order).await;
            assert_eq!((&told["state"], &told["attemptsLeft"]), (&json!("presented"), &json!(left)), "{number}");
        }
        answer(&browser, &order, &wrong).await.must(202);
        assert_eq!(settled(&browser, &order).await["state"], "failed", "{number}");
        answer(&browser, &order, &wrong).await.must(404);
        assert_eq!(shop.order(&order).await["engineState"], "REJECTED", "{number}");
        receiver.event(&order, "challenge.failed").await;
        receiver.event(&order, "order.cancelled").await;
        let database = rusqlite::Connection::open(server.data().join("recoup.sqlite")).expect("the database");
        let kept: i64 = database.query_row("SELECT count(*) FROM cvvs", [], |row| row.get(0)).expect("a count");
        assert_eq!(kept, 0, "{number}: the CVV is gone with the answer");
    }
}

#[tokio::test]
async fn what_was_asked_must_be_there_and_costs_no_try() {
    let server = Server::start().await;
    let (shop, browser) = (server.shop().await, server.client());
    let order = asked(&shop, CVV).await;
    for data in [json!({}), json!({"verificationValue": "12"}), json!({"expirationMonth": 2, "expirationYear": 2031})] {
        assert!(answer(&browser, &order, &data).await.must(400).json["VerificationValue"].is_array(), "{data}");
    }
    assert_eq!(browser.get(&url(&order)).await.must(200).json["attemptsLeft"], 3);
    assert!(browser.get(&url(&guid())).await.status == 404 && browser.get("/v1/challenge/x").await.status == 404);
    let plain = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    assert_eq!(browser.get(&url(&plain)).await.status, 404, "an order without a challenge");
    assert_eq!(answer(&browser, &plain, &json!({"verificationValue": "123"})).await.status, 404);
}

#[tokio::test]
async fn a_long_poll_ends_with_the_change() {
    let server = Server::start().await;
    let (shop, browser) = (server.shop().await, server.client());
    let order = asked(&shop, CVV).await;
    let waits = {
        let (browser, path) = (browser.clone(), format!("{}?wait=25", url(&order)));
        tokio::spawn(async move { browser.get(&path).await })
    };
    let stale = browser.get(&format!("{}?wait=25&seen=attempted", url(&order))).await.must(200);
    assert_eq!(stale.json["state"], "presented", "another state than the one known is told at once");
    answer(&browser, &order, &json!({"verificationValue": "123"})).await.must(202);
    let told = waits.await.expect("the poll ends").must(200).json;
    assert!(told["state"] == "attempted" || told["state"] == "passed", "{told}");
}

#[tokio::test]
async fn time_runs_out_by_the_merchants_clock() {
    let server = Server::start().await;
    let (shop, browser, receiver) = (server.shop().await, server.client(), Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let order = asked(&shop, CVV).await;
    shop.advance("PT14M").await;
    assert_eq!(browser.get(&url(&order)).await.must(200).json["state"], "presented");
    shop.advance("PT2M").await;
    assert_eq!(browser.get(&url(&order)).await.must(200).json["state"], "expired");
    answer(&browser, &order, &json!({"verificationValue": "123"})).await.must(404);
    assert_eq!(shop.order(&order).await["engineState"], "REJECTED");
    receiver.event(&order, "challenge.failed").await;
    receiver.event(&order, "order.cancelled").await;
    shop.advance("PT10M").await;
    assert_eq!(browser.get(&url(&order)).await.status, 404, "and forgotten");
    assert_eq!(browser.get(&format!("/challenge/{order}")).await.status, 404);
}

#[tokio::test]
async fn pages_of_the_sites_origins_only() {
    let server = Server::start().await;
    let (shop, browser, cast) = (server.shop().await, server.client(), cast());
    let order = asked(&shop, CVV).await;
    let free = browser.get(&format!("/challenge/{order}")).await.must(200);
    assert!(free.header("content-security-policy").ends_with("frame-ancestors *"), "a sandbox site that lists none");
    let listed = json!({"allowedOrigins": ["https://shop.example"]}).to_string();
    shop.send(Method::PATCH, &format!("/v1/sites/{}", cast.shop.site), &[], Some(listed)).await.must(200);
    let page = browser.get(&format!("/challenge/{order}")).await.must(200);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.ends_with("frame-ancestors https://shop.example"), "{policy}");
    assert!(!page.text.contains("style=") && !page.text.contains("onclick"), "nothing inline");
    for (origin, status) in [("https://shop.example", 200), ("https://evil.example", 403), ("null", 403)] {
        let reply = browser.send(Method::GET, &url(&order), &[("origin", origin)], None).await;
        assert_eq!(reply.status, status, "{origin}");
        assert_eq!(reply.header("access-control-allow-origin"), if status == 200 { origin } else { "" });
        let sent = Some(json!({}).to_string());
        assert_eq!(
            browser.send(Method::POST, &url(&order), &[("origin", origin)], sent).await.status,
            if status == 200 { 400 } else { 403 }
        );
    }
    let own = format!("http://{}", server.address());
    assert_eq!(browser.send(Method::GET, &url(&order), &[("origin", &own)], None).await.status, 200, "our own page");
    let go = |to: &str| format!("{}?successUrl={to}&failUrl=https://shop.example/sorry", url(&order));
    let told = browser.get(&go("https://www.shop.example/thanks")).await.must(200).json;
    assert_eq!(
        (&told["successUrl"], &told["failUrl"]),
        (&json!("https://www.shop.example/thanks"), &json!("https://shop.example/sorry"))
    );
    for elsewhere in ["https://evil.example/", "javascript:alert(1)", "https://shop.example@evil.example/", "//shop.example/x"] {
        assert!(browser.get(&go(elsewhere)).await.must(400).json["SuccessUrl"].is_array(), "{elsewhere}");
    }
}
