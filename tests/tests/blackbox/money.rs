//! Capturing and refunding.

use recoup_tests::{Client, Receiver, Reply, Rig, Server, body, book::Book, card, cast, guid, until};
use serde_json::{Value, json};

async fn authorised(shop: &Client, card: &str) -> String {
    let reply = shop.evaluate(&body::with(body::cit(card), "/transactionType", json!("AUTHORIZATION"))).await;
    assert_eq!(reply.verdict(), ("CAPTUREREQUIRED", None));
    reply.order()
}

fn capture(order: &str) -> Value {
    json!({"idempotencyKey": guid(), "orderId": order, "amount": 1999, "currency": "USD"})
}

#[tokio::test]
async fn an_authorisation_is_captured_once() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    let order = authorised(&shop, card::APPROVED).await;
    let shown = shop.order(&order).await;
    assert_eq!(
        (&shown["status"], &shown["statusName"], &shown["amountCaptured"]),
        (&json!(5), &json!("CAPTUREREQUIRED"), &json!(0))
    );
    assert!(shown["captureBeforeUtc"].is_string());
    receiver.event(&order, "order.capturerequired").await;

    for (change, word) in [
        (("/amount", json!(1998)), "AMOUNT_MISMATCH"),
        (("/amount", json!(2000)), "AMOUNT_MISMATCH"),
        (("/currency", json!("EUR")), "CURRENCY_MISMATCH"),
    ] {
        let reply = shop.post("/v1/capture", &body::with(capture(&order), change.0, change.1)).await.must(200);
        assert_failed(&reply, word);
    }
    let sent = capture(&order);
    let first = shop.post("/v1/capture", &sent).await.must(200);
    assert_eq!((first.text("status"), first.text("captureStatus"), &first.json["success"]), ("SUCCESS", "SUCCESS", &json!(true)));
    assert_eq!((first.text("orderId"), first.json["transactionId"].is_string()), (order.as_str(), true));
    let replay = shop.post("/v1/capture", &sent).await.must(200);
    assert_eq!((&replay.text, replay.header("idempotent-replayed")), (&first.text, "true"));
    shop.post("/v1/capture", &body::with(sent, "/amount", json!(5))).await.assert_error(40901);
    let again = shop.post("/v1/capture", &capture(&order)).await.must(200);
    assert_eq!(again.text("status"), "SUCCESS", "captured already");
    let hit = receiver.event(&order, "order.completed").await;
    assert_eq!(hit.payload["EventData"]["AmountCaptured"], 1999);
    let book = Book::open(&server.data().join("simulator.sqlite"));
    assert_eq!(book.of(&order)[0].captured, 1999);
}

fn assert_failed(reply: &Reply, word: &str) {
    assert_eq!(
        (reply.text("status"), reply.text("captureStatus"), reply.text("statusCode")),
        ("FAILED", "FAILED", word),
        "{reply:?}"
    );
    assert_eq!(reply.json["success"], false);
}

#[tokio::test]
async fn what_cannot_be_captured() {
    let server = Rig::default().set(&cast().shop, "captureWindowSecs=300").start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    for sent in [body::cit(card::NOT_RESCUED), body::cit("4000001095100012"), body::mit(card::NSF[0]), body::cit(card::APPROVED)]
    {
        let order = shop.evaluate(&sent).await.order();
        assert_failed(&shop.post("/v1/capture", &capture(&order)).await.must(200), "NOT_CAPTURABLE");
    }
    let refused = authorised(&shop, "4000001095070017").await;
    assert_failed(&shop.post("/v1/capture", &capture(&refused)).await.must(200), "PROCESSOR_REFUSED");

    let order = authorised(&shop, card::APPROVED).await;
    shop.advance("PT6M").await;
    let hit = receiver.event(&order, "order.cancelled").await;
    assert_eq!(hit.payload["EventData"]["CancelledBy"], "system");
    assert_eq!(shop.order(&order).await["engineState"], "CANCELLED");
    assert_failed(&shop.post("/v1/capture", &capture(&order)).await.must(200), "CAPTURE_WINDOW_CLOSED");
    let book = Book::open(&server.data().join("simulator.sqlite"));
    shop.advance("PT1M").await;
    until("the authorisation is given back", || async { book.of(&order)[0].voided.then_some(()) }).await;

    shop.post("/v1/capture", &capture(&guid())).await.assert_error(40401);
    let paths: Vec<_> = shop.post("/v1/capture", &json!({})).await.faults().into_iter().map(|fault| fault.0).collect();
    assert_eq!(paths, ["Amount", "Currency", "IdempotencyKey", "OrderId"]);
}

async fn paid(shop: &Client, card: &str) -> String {
    let reply = shop.evaluate(&body::cit(card)).await;
    assert_eq!(reply.verdict(), ("APPROVED", None));
    reply.order()
}

async fn refund(shop: &Client, order: &str, body: Value) -> Reply {
    shop.post(&format!("/v1/orders/{order}/refund"), &body).await
}

fn over(amount: &str, most: &str) -> String {
    format!("Amount to refund ({amount}) is greater than maximum refund amount in ({most}))")
}

#[tokio::test]
async fn refunds_in_full_and_in_part() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    let order = paid(&shop, card::APPROVED).await;
    let first =
        refund(&shop, &order, json!({"amountToRefund": 5.0, "refundMessage": "broken", "isPartialRefund": true})).await.must(200);
    assert_eq!(
        first.member_names(),
        [
            "responseCode",
            "responseMessage",
            "transactionId",
            "success",
            "result",
            "status",
            "statusCode",
            "errors",
            "customProperties"
        ]
    );
    let found = ["responseCode", "responseMessage", "result", "status"].map(|member| first.text(member));
    assert_eq!(found, ["1000", "APPROVED", "Success", "SUCCESS"]);
    let shown = shop.order(&order).await;
    assert_eq!((&shown["status"], &shown["amountRefunded"], &shown["amountRefundable"]), (&json!(7), &json!(500), &json!(1499)));
    let row = &shown["refunds"][0];
    assert_eq!((&row["amount"], &row["amountMinor"], &row["currency"]), (&json!(5.0), &json!(500), &json!("USD")));

    // Without a key the amount and the message are the key for a day.
    let repeat = refund(&shop, &order, json!({"amountToRefund": "5.00", "refundMessage": "broken"})).await.must(200);
    assert_eq!(repeat.text("transactionId"), first.text("transactionId"));
    let keyed = json!({"amountToRefund": "5", "refundMessage": "broken", "idempotencyKey": guid()});
    let second = refund(&shop, &order, keyed.clone()).await.must(200);
    assert_ne!(second.text("transactionId"), first.text("transactionId"), "two equal refunds need two keys");
    let replay = refund(&shop, &order, keyed.clone()).await.must(200);
    assert_eq!((&replay.text, replay.header("idempotent-replayed")), (&second.text, "true"));
    refund(&shop, &order, body::with(keyed, "/amountToRefund", json!(6))).await.assert_error(40901);

    let too_much = refund(&shop, &order, json!({"amountToRefund": 10.0})).await.must(200);
    assert_refused(&too_much, "2001", &over("10.00", "9.99"));
    refund(&shop, &order, json!({"amountToRefund": 9.99})).await.must(200);
    let shown = shop.order(&order).await;
    assert_eq!((&shown["status"], &shown["statusName"], &shown["amountRefundable"]), (&json!(6), &json!("RETURNED"), &json!(0)));
    assert_refused(&refund(&shop, &order, json!({"amountToRefund": 1.0})).await.must(200), "2001", &over("1.00", "0.00"));
    let hits = receiver
        .until("three refunds are told", |hits| hits.iter().filter(|hit| hit.event() == "order.refunded").count() == 3)
        .await;
    let told: Vec<_> = hits
        .iter()
        .filter(|hit| hit.event() == "order.refunded")
        .map(|hit| hit.payload["EventData"]["AmountRefunded"].clone())
        .collect();
    assert_eq!(told, [json!(500), json!(1000), json!(1999)]);
    let book = Book::open(&server.data().join("simulator.sqlite"));
    assert_eq!(book.of(&order)[0].refunded, 1999);
}

fn assert_refused(reply: &Reply, code: &str, message: &str) {
    assert_eq!(
        (reply.text("responseCode"), reply.text("responseMessage"), reply.text("status")),
        (code, message, "FAILED"),
        "{reply:?}"
    );
    assert_eq!(reply.json["transactionId"], Value::Null);
    assert_eq!(reply.json["success"], false);
    assert_eq!(reply.json["errors"], json!([{"item1": message, "item2": code, "item3": code, "item4": true}]));
}

#[tokio::test]
async fn what_cannot_be_refunded() {
    let server = Rig::default().set(&cast().sync, "refundPartialMaxPercent=50").start().await;
    let shop = server.shop().await;
    let order = paid(&shop, card::APPROVED).await;
    let zero = "The field AmountToRefund must be greater than 0.";
    let invalid = "The field AmountToRefund is invalid.";
    for (amount, message) in [
        (json!(0), zero),
        (json!(-1), zero),
        (json!("0.00"), zero),
        (json!("much"), invalid),
        (json!("1.999"), invalid),
        (json!({}), invalid),
        (Value::Null, "The AmountToRefund field is required."),
    ] {
        let reply = refund(&shop, &order, json!({"amountToRefund": amount})).await;
        assert_eq!(reply.faults(), [("AmountToRefund".to_owned(), message.to_owned())], "{amount}");
    }
    assert_refused(&refund(&shop, &order, json!({"amountToRefund": 20})).await.must(200), "2001", &over("20.00", "19.99"));
    let declined = shop.evaluate(&body::cit(card::NOT_RESCUED)).await.order();
    assert_refused(&refund(&shop, &declined, json!({"amountToRefund": "1.0"})).await.must(200), "2001", &over("1.00", "0.00"));
    let refusing = paid(&shop, "4000001095080016").await;
    let refused = refund(&shop, &refusing, json!({"amountToRefund": 19.99})).await.must(200);
    assert_eq!(
        (refused.text("responseCode"), refused.text("status"), &refused.json["transactionId"]),
        ("2004", "FAILED", &Value::Null)
    );
    assert_eq!(shop.order(&refusing).await["amountRefunded"], 0);
    refund(&shop, &guid(), json!({"amountToRefund": 1})).await.assert_error(40401);

    let sync = server.login(&cast().sync.sandbox).await;
    let order = paid(&sync, card::APPROVED).await;
    assert_eq!(refund(&sync, &order, json!({"amountToRefund": 15})).await.must(200).text("responseCode"), "2002");
    assert_eq!(refund(&sync, &order, json!({"amountToRefund": 19.99})).await.must(200).text("responseCode"), "1000");
}

#[tokio::test]
async fn refunds_at_once_never_exceed_what_was_captured() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let order = paid(&shop, card::APPROVED).await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (shop, order) = (shop.clone(), order.clone());
            tokio::spawn(
                async move { refund(&shop, &order, json!({"amountToRefund": 7, "idempotencyKey": guid()})).await.must(200) },
            )
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += u32::from(task.await.expect("a reply").text("responseCode") == "1000");
    }
    assert_eq!(done, 2, "2 × 7.00 fit into 19.99");
    let book = Book::open(&server.data().join("simulator.sqlite"));
    assert_eq!((book.of(&order)[0].refunded, shop.order(&order).await["amountRefunded"].as_i64()), (1400, Some(1400)));
}
