//! `POST /v1/evaluate` with the customer present: one answer in real time.

use recoup_tests::{Receiver, Rig, Server, body, book::Book, card, cast, until};
use serde_json::{Value, json};

const NINE: [&str; 9] =
    ["orderSessionKey", "senseKey", "orderId", "success", "result", "status", "statusCode", "errors", "customProperties"];

#[tokio::test]
async fn nine_members_in_order() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let sent = body::with(body::cit(card::APPROVED), "/senseKey", json!("2c1f6d1e-0000-4000-8000-000000000001"));
    for (body, status) in [(sent.clone(), "APPROVED"), (body::cit(card::NOT_RESCUED), "DECLINED")] {
        let reply = shop.evaluate(&body).await;
        assert_eq!(reply.member_names(), NINE);
        assert_eq!(reply.text("orderSessionKey"), reply.text("orderId"));
        assert_eq!((reply.text("status"), reply.text("result"), &reply.json["success"]), (status, "Success", &json!(true)));
        assert_eq!(reply.json["senseKey"], body["senseKey"]);
        assert_eq!(reply.json["errors"], json!([]));
        let properties = reply.json["customProperties"].as_object().expect("a map");
        assert!(properties.values().all(Value::is_string), "{reply:?}");
        let confirmation = properties["confirmationId"].as_str().expect("a confirmation");
        assert!(confirmation.len() == 8 && confirmation.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()));
        assert_eq!((&properties["channel"], &properties["isTestMode"]), (&json!("cit_web"), &json!("true")));
    }
}

#[tokio::test]
async fn magic_values_decide() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let no_cvv = |card: &str| body::without(body::cit(card), "/paymentMethod/verificationValue");
    let phone = |card: &str, phone: &str| body::with(body::cit(card), "/payer/phone", json!(phone));
    let (with_cvv, without_cvv) = (shop.tokenize(card::VISA, Some("987")).await, shop.tokenize(card::VISA, None).await);
    let authorise = |card: &str| body::with(body::cit(card), "/transactionType", json!("Authorization"));
    for (what, body, verdict) in [
        ("always approved", body::cit(card::APPROVED), ("APPROVED", None)),
        ("with CVV", body::cit(card::VISA), ("APPROVED", None)),
        ("without CVV", no_cvv(card::VISA), ("DECLINED", Some("NOT_ELIGIBLE"))),
        ("the other one without CVV", no_cvv("4012888888881881"), ("DECLINED", Some("NOT_ELIGIBLE"))),
        ("token made with CVV", no_cvv(&with_cvv), ("APPROVED", None)),
        ("token made without", no_cvv(&without_cvv), ("DECLINED", Some("NOT_ELIGIBLE"))),
        ("Mastercard", body::cit(card::MASTERCARD), ("APPROVED", None)),
        ("Mastercard 2 series", body::cit("2223003122003222"), ("APPROVED", None)),
        ("Amex", body::cit("378282246310005"), ("APPROVED", None)),
        ("Discover", body::cit("6011111111111117"), ("APPROVED", None)),
        ("never", body::cit(card::NOT_RESCUED), ("DECLINED", Some("NOT_RESCUED"))),
        ("no test card", body::cit(card::REAL_LOOKING), ("DECLINED", Some("SANDBOX_CARD"))),
        ("approving phone", phone(card::NSF[3], "998888"), ("APPROVED", None)),
        ("challenging phone", phone(card::APPROVED, "+99.2001a"), ("CHALLENGE", None)),
        ("two challenging phones", phone(card::APPROVED, "+99.2001a/+99.2001b"), ("CHALLENGE", None)),
        ("lost card", body::cit("4000001000410001"), ("DECLINED", Some("HARD_DECLINE"))),
        ("stolen card", body::cit("4000001000430009"), ("DECLINED", Some("HARD_DECLINE"))),
        ("mandate stopped", body::cit("4000001091050005"), ("DECLINED", Some("HARD_DECLINE"))),
        ("advice 03", body::cit("5555551003050002"), ("DECLINED", Some("HARD_DECLINE"))),
        ("authentication", body::cit("4000001091010017"), ("CHALLENGE", None)),
        ("authentication on Mastercard", body::cit("5555551000650010"), ("CHALLENGE", None)),
        ("wrong CVV", body::cit("4000001091040006"), ("CHALLENGE", None)),
        ("not declined", body::with(body::cit(card::APPROVED), "/isDeclined", json!(false)), ("DECLINED", Some("NOT_DECLINED"))),
        ("authorisation", authorise(card::APPROVED), ("CAPTUREREQUIRED", None)),
        ("authorisation refused", authorise(card::NOT_RESCUED), ("DECLINED", Some("NOT_RESCUED"))),
    ] {
        let reply = shop.evaluate(&body).await;
        assert_eq!(reply.verdict(), verdict, "{what}: {reply:?}");
        let shown = shop.order(&reply.order()).await;
        assert_eq!(shown["statusReason"].as_str(), verdict.1, "{what}: the order tells the same word");
    }
    for (number, fields) in [
        ("4000001095100012", "cvv"),
        ("4000001095110011", "billingAddress"),
        ("4000001095120010", "cardExpiry"),
        ("4000001095130019", "threeDS"),
        ("4000001091010017", "threeDS"),
        ("4000001091040014", "cvv"),
    ] {
        let reply = shop.evaluate(&body::cit(number)).await;
        assert_eq!(reply.verdict(), ("CHALLENGE", None), "{number}");
        assert_eq!(reply.json["customProperties"]["challengeFields"], fields, "{number}");
        let shown = shop.order(&reply.order()).await;
        assert_eq!((&shown["engineState"], &shown["statusName"]), (&json!("CHALLENGED"), &json!("CHALLENGE")));
    }
    assert!(server.logs().lines().all(|line| !line.contains("\"level\":\"ERROR\"")), "{}", server.logs());
}

#[tokio::test]
async fn an_unanswered_challenge_ends_by_itself() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let order = shop.evaluate(&body::cit("4000001095100012")).await.order();
    receiver.event(&order, "challenge.presented").await;
    shop.advance("PT14M").await;
    assert_eq!(shop.order(&order).await["engineState"], "CHALLENGED");
    shop.advance("PT2M").await;
    assert_eq!(shop.order(&order).await["engineState"], "REJECTED");
    receiver.event(&order, "order.cancelled").await;
}

#[tokio::test]
async fn settings_and_switches_decide() {
    let rig = Rig::default().set(&cast().shop, "challengeEnabled=false").set(&cast().shop, "authCapture=false");
    let server = rig.prepare();
    server.run(&["channel", "set", "--mid", &cast().shop.mid, "cit_call_center=off"]);
    server.run(&["channel", "set", "--mid", &cast().stranger.mid, "cit_web=production"]);
    server.run(&["merchant", "set", &cast().sync.mid, "--active", "false"]);
    let server = server.started().await;
    let shop = server.shop().await;
    let authorise = body::with(body::cit(card::APPROVED), "/transactionType", json!("AUTHORIZATION"));
    let by_phone = |source: &str| body::with(body::cit(card::APPROVED), "/orderSource", json!(source));
    for (what, body, word) in [
        ("no challenge", body::cit("4000001091010017"), "CUSTOMER_ACTION"),
        ("no authorisation", authorise, "AUTH_CAPTURE_DISABLED"),
        ("call centre", by_phone("callcenter"), "CHANNEL_DISABLED"),
        ("another word for it", by_phone("MOTO"), "CHANNEL_DISABLED"),
    ] {
        let reply = shop.evaluate(&body).await;
        assert_eq!(reply.verdict(), ("DECLINED", Some(word)), "{what}");
    }
    assert_eq!(shop.evaluate(&by_phone("Site1")).await.verdict().0, "APPROVED");
    let inactive = server.login(&cast().sync.sandbox).await.evaluate(&body::cit(card::APPROVED)).await;
    assert_eq!(inactive.verdict(), ("DECLINED", Some("MERCHANT_INACTIVE")));

    let live = server.login(&cast().stranger.production).await;
    let reply = live.evaluate(&body::cit(card::APPROVED)).await;
    assert_eq!(reply.verdict(), ("DECLINED", Some("NO_ROUTE")));
    assert_eq!(reply.json["customProperties"]["isTestMode"], "false");
    let tested = server.login(&cast().stranger.sandbox).await.evaluate(&body::cit(card::APPROVED)).await;
    assert_eq!(tested.json["customProperties"]["isTestMode"], "true", "a sandbox key never reaches live routes");
    let trial = server.login(&cast().shop.production).await.evaluate(&body::cit(card::APPROVED)).await;
    assert_eq!((trial.verdict().0, &trial.json["customProperties"]["isTestMode"]), ("APPROVED", &json!("true")));
}

#[tokio::test]
async fn sites_are_found_by_id_url_and_descriptor() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let (one, eu) = (cast().shop.site.as_str(), cast().eu_site.as_str());
    for (pointer, value, site, resolved) in [
        ("/siteId", eu, eu, true),
        ("/siteUrl", "https://WWW.shop.example:8443/eu/cart?x=1", eu, true),
        ("/siteUrl", "https://shop.example/europe", one, true),
        ("/siteUrl", "shop.example/eu", eu, true),
        ("/transaction/dynamicDescriptor", "  shop*eu ", eu, true),
        ("/transaction/descriptor", "SHOP*ONE", one, true),
        ("/siteUrl", "https://unknown.example", one, false),
        ("/payer/id", "nobody", one, false),
    ] {
        let reply = shop.evaluate(&body::with(body::cit(card::APPROVED), pointer, json!(value))).await;
        let shown = shop.order(&reply.order()).await;
        assert_eq!((&shown["siteId"], &shown["siteResolved"]), (&json!(site), &json!(resolved)), "{pointer} = {value}");
        assert_eq!(reply.json["customProperties"]["siteResolved"], resolved.to_string());
    }
}

#[tokio::test]
async fn a_late_approval_is_reversed() {
    let server = Rig::default().set(&cast().shop, "realtimeBudgetMs=500").start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    let sent = body::cit("4000001095091203");
    let reply = shop.evaluate(&sent).await;
    assert_eq!(reply.verdict(), ("DECLINED", Some("TIMEOUT")));
    let order = reply.order();
    let replay = shop.evaluate(&sent).await;
    assert_eq!(replay.verdict(), ("DECLINED", Some("TIMEOUT")), "never PROCESSING, and never paid");
    let hit = receiver.event(&order, "order.cancelled").await;
    assert_eq!(hit.payload["EventData"]["StatusReason"], "TIMEOUT");
    let book = Book::open(&server.data().join("simulator.sqlite"));
    let attempts = until("the approval is given back", || async {
        Some(book.of(&order)).filter(|attempts| attempts.iter().all(|attempt| attempt.voided))
    })
    .await;
    assert_eq!((attempts.len(), attempts[0].approved, attempts[0].charged()), (1, true, 0));
    assert_eq!(shop.order(&order).await["amountCaptured"], 0);
}
