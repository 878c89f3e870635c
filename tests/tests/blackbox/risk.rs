//! Risk profiles: fed by what is transmitted, kept through a crash, never shared between tenants; and the backtest.

use recoup_tests::{Client, Rig, Server, body, card, cast, until};
use rusqlite::Connection;
use serde_json::{Value, json};

/// Copies that make a habit.
const COPIES: usize = 12;

fn database(server: &Server) -> Connection {
    Connection::open(server.data().join("recoup.sqlite")).expect("the database opens")
}

fn number(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).expect("a number")
}

/// Waits until everything that is stored was folded into profiles.
async fn folded(server: &Server) {
    until("profiles hold everything that was transmitted", async || {
        let db = database(server);
        let last = number(&db, "SELECT COALESCE(max(seq), 0) FROM transmits");
        let changes = number(&db, "SELECT COALESCE(max(seq), 0) FROM risk_changes");
        let done = number(&db, "SELECT transmits FROM risk_cursor") >= last;
        (done && number(&db, "SELECT changes FROM risk_cursor") >= changes).then_some(())
    })
    .await;
}

/// A profile as it is stored: merchant, environment, kind, subject, body.
type Stored = (Vec<u8>, i64, i64, Vec<u8>, Vec<u8>);

/// Every profile as it is stored.
fn profiles(server: &Server) -> Vec<Stored> {
    let db = database(server);
    let mut rows = db
        .prepare("SELECT mid, environment, kind, subject, body FROM risk_profiles ORDER BY mid, environment, kind, subject")
        .expect("the table is there");
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)));
    rows.expect("rows").collect::<Result<_, _>>().expect("profiles")
}

/// A copy of a payment by a card.
fn copy(token: &str, amount: usize) -> Value {
    let copy = body::with(body::copy(false), "/transaction/amount", json!(amount));
    let copy = body::with(copy, "/paymentMethod", json!({"cardNumber": token, "expirationMonth": 12, "expirationYear": 2031}));
    body::with(copy, "/payer", json!({"id": "ada", "email": "ada@example.com", "phone": "+1 555 0100"}))
}

/// What the explanation of a live rescue says of fraud.
async fn risk(shop: &Client, token: &str, amount: i64) -> Value {
    let order = shop.evaluate(&body::with(body::cit(token), "/transaction/amount", json!(amount))).await.order();
    let explained = shop.get(&format!("/v1/orders/{order}/explanation")).await.must(200);
    let decisions = explained.json["decisions"].as_array().expect("decisions").clone();
    decisions[0]["risk"].clone()
}

fn names_card(risk: &Value) -> bool {
    let reasons = risk["reasons"].as_array().expect("reasons");
    reasons.iter().any(|reason| reason["feature"].as_str().is_some_and(|name| name.starts_with("card.")))
}

#[tokio::test]
async fn a_wild_amount_is_told_from_a_usual_one_and_another_tenants_past_changes_nothing() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    for place in 0..COPIES {
        shop.post("/v1/transmit", &copy(&token, 2_000 + place * 10)).await.must(200);
    }
    folded(&server).await;
    let usual = risk(&shop, &token, 2_050).await;
    let wild = risk(&shop, &token, 19_900).await;
    let probability = |risk: &Value| risk["probability"].as_f64().expect("a probability");
    assert!(probability(&wild) > 2.0 * probability(&usual), "{usual} {wild}");
    assert_eq!((&wild["modelVersion"], &wild["learnt"]), (&json!("risk-rules-1"), &json!(false)));
    assert!(names_card(&wild), "{wild}");
    let text = wild["reasons"][0]["text"].as_str().expect("words");
    assert!(text.contains("times what this card usually pays"), "{text}");

    let stranger = server.login(&cast().stranger.sandbox).await;
    let theirs = stranger.tokenize(card::APPROVED, Some("123")).await;
    let unknown = risk(&stranger, &theirs, 19_900).await;
    assert!(!names_card(&unknown), "{unknown}");
}

#[tokio::test]
async fn a_chargeback_is_booked_once() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    let sent = shop.post("/v1/transmit", &copy(&token, 2_000)).await.must(200).text("transmitId").to_owned();
    folded(&server).await;
    let before = profiles(&server);
    let report = json!({"outcome": "chargeback", "reference": "CB-1"});
    shop.post(&format!("/v1/transmit/{sent}/outcome"), &report).await.must(200);
    folded(&server).await;
    let after = profiles(&server);
    assert_ne!(before, after);
    shop.post(&format!("/v1/transmit/{sent}/outcome"), &report).await.must(200);
    shop.post("/v1/transmit", &copy(&token, 9_000)).await.must(200);
    folded(&server).await;
    assert_eq!(number(&database(&server), "SELECT count(*) FROM risk_changes"), 1, "the same report again is no change");
}

#[tokio::test]
async fn a_refund_counts_as_fraud_when_it_says_so_and_with_its_chargeback_once() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    let send = async || shop.post("/v1/transmit", &copy(&token, 2_000)).await.must(200).text("transmitId").to_owned();
    let report = async |sent: &str, report: Value| {
        shop.post(&format!("/v1/transmit/{sent}/outcome"), &report).await.must(200);
    };
    let noted = || number(&database(&server), "SELECT COALESCE(max(seq), 0) FROM risk_changes");
    let (kind, fraud) = (send().await, send().await);
    report(&kind, json!({"outcome": "refunded", "amount": 500, "reason": "not what I ordered"})).await;
    assert_eq!(noted(), 0, "a refund is no fraud by itself");
    folded(&server).await;
    let before = profiles(&server);
    report(&fraud, json!({"outcome": "refunded", "reason": "Suspected fraud"})).await;
    assert_eq!(noted(), 1);
    folded(&server).await;
    assert_ne!(profiles(&server), before);
    report(&fraud, json!({"outcome": "chargeback", "reference": "CB-2"})).await;
    assert_eq!(noted(), 1, "one fraud, told twice");

    let order = shop.evaluate(&body::cit(&token)).await.order();
    folded(&server).await;
    let before = noted();
    let refund = json!({"amountToRefund": 1.0, "refundMessage": "fraud"});
    shop.post(&format!("/v1/orders/{order}/refund"), &refund).await.must(200);
    assert_eq!(noted(), before + 1, "our own payment, given back as fraud");
}

#[tokio::test]
async fn above_the_operators_line_a_present_customer_is_declined_and_the_explanation_says_why() {
    let server = Rig::default().config("risk", "decline_above = 0.0").start().await;
    let shop = server.shop().await;
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    let verdict = shop.evaluate(&body::cit(&token)).await;
    assert_eq!(
        (&verdict.json["status"], &verdict.json["statusCode"]),
        (&json!("DECLINED"), &json!("NOT_ELIGIBLE")),
        "{verdict:?}"
    );
    let order = verdict.order();
    let decision = shop.get(&format!("/v1/orders/{order}/explanation")).await.must(200).json["decisions"][0].clone();
    assert_eq!((&decision["action"], &decision["replayed"]), (&json!("stop"), &json!(true)), "{decision}");
    assert_eq!(decision["risk"]["declineAbove"], json!(0.0));
    assert!(decision["summary"].as_str().is_some_and(|text| text.contains("likelier to be fraud")), "{decision}");
    assert_eq!(server.run(&["explain", "--replay", &order])["same"], json!(1));

    let open = Rig::default().config("risk", "decline_above = 1.0").start().await;
    let shop = open.shop().await;
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    assert_eq!(shop.evaluate(&body::cit(&token)).await.json["status"], "APPROVED");
}

#[tokio::test]
async fn profiles_after_a_kill_are_those_of_a_past_without_one() {
    let mut server = Server::start().await;
    let shop = server.shop().await;
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    for round in 0..4 {
        let shop = server.shop().await;
        for place in 0..COPIES {
            shop.post("/v1/transmit", &copy(&token, 1_000 + round * 900 + place * 10)).await.must(200);
        }
        server.kill().await;
        server.start_process().await;
    }
    folded(&server).await;
    let crashed = profiles(&server);
    assert!(!crashed.is_empty());
    server.kill().await;
    let db = database(&server);
    db.execute("DELETE FROM risk_profiles", []).expect("profiles are dropped");
    db.execute("UPDATE risk_cursor SET transmits = 0", []).expect("the cursor goes back");
    drop(db);
    server.start_process().await;
    folded(&server).await;
    assert!(profiles(&server) == crashed, "folded at once, they are the same");
}

#[tokio::test]
async fn the_backtest_reads_a_file_and_beats_the_rules() {
    let server = Server::start().await;
    let folder = server.data();
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (input, out) = (path("tx.csv"), path("predictions.csv"));
    let small = ["--cards", "250", "--terminals", "600", "--days", "60", "--radius", "12", "--seed", "3"];
    let made = server.run(&[&["risk", "sample", "--out", &input][..], &small].concat());
    assert!(made["payments"].as_u64().is_some_and(|count| count > 10_000), "{made}");
    let arguments = ["risk", "backtest", "--input", &input, "--train-start", "2018-05-01", "--train-days", "10", "--out", &out];
    let tested = server.run(&arguments);
    let precision = |which: &str| tested[which]["averagePrecision"].as_f64().expect("a figure");
    assert!(precision("all") > precision("rules"), "{tested}");
    let predictions = std::fs::read_to_string(&out).expect("predictions");
    assert!(predictions.starts_with("transaction_id,timestamp,probability,fraud,known_card\n"));
    assert_eq!(predictions.lines().count() as u64 - 1, tested["all"]["payments"].as_u64().expect("a count"));
    assert_eq!(server.run(&arguments), tested, "the same seed says the same");
}
