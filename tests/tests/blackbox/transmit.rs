//! `POST /v1/transmit` and updating by the transaction key.

use recoup_tests::{Receiver, Reply, Server, body, card, cast, guid};
use serde_json::{Value, json};

fn key(reply: &Reply) -> String {
    reply.text("transmitId").to_owned()
}

#[tokio::test]
async fn one_copy_is_kept_and_told() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let copy = body::copy(true);
    let first = shop.post("/v1/transmit", &copy).await.must(200);
    assert_eq!(first.member_names(), ["transmitId", "success", "result", "status", "statusCode", "errors", "customProperties"]);
    assert_eq!((first.text("result"), &first.json["status"], &first.json["success"]), ("success", &json!(200), &json!(true)));
    assert_eq!(first.json["customProperties"], json!({"duplicate": "false", "late": "false"}));

    let again = body::with(copy.clone(), "/transaction/amount", json!(9999));
    let again = shop.post("/v1/transmit", &again).await.must(200);
    assert_eq!((key(&again), &again.json["customProperties"]["duplicate"]), (key(&first), &json!("true")));
    let other_type = body::with(copy.clone(), "/transaction/transactionType", json!("REFUND"));
    assert_ne!(key(&shop.post("/v1/transmit", &other_type).await.must(200)), key(&first), "the type belongs to the identity");

    let stored = shop.get(&format!("/v1/transmit/{}", key(&first))).await.must(200);
    assert_eq!(stored.json["orderId"], copy["orderId"]);
    assert_eq!(stored.json["transaction"]["amount"], 2500, "the first copy stays");
}

#[tokio::test]
async fn late_copies_are_flagged() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let ago = |hours: i64| (recoup_tests::now() - jiff::SignedDuration::from_hours(hours)).to_string();
    for (at, late) in [
        (json!(ago(30)), "true"),
        (json!(ago(20)), "false"),
        (Value::Null, "false"),
        (json!("Fri, 20 Nov 2020 10:15:30 GMT"), "true"),
    ] {
        let copy = body::with(body::copy(true), "/transaction/timestampUtc", at.clone());
        let reply = shop.post("/v1/transmit", &copy).await.must(200);
        assert_eq!(reply.json["customProperties"]["late"], late, "{at}");
    }
}

#[tokio::test]
async fn faults_of_one_copy() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let required = |name: &str| format!("The {name} field is required.");
    let copy = body::copy(true);
    for (body, path, message) in [
        (body::without(copy.clone(), "/orderId"), "OrderId", "Merchant's orderId is required".to_owned()),
        (body::without(copy.clone(), "/transaction"), "Transaction", required("Transaction")),
        (body::without(copy.clone(), "/transaction/id"), "Transaction.Id", required("Id")),
        (body::without(copy.clone(), "/transaction/amount"), "Transaction.Amount", required("Amount")),
        (body::with(copy.clone(), "/transaction/currency", json!(" ")), "Transaction.Currency", required("Currency")),
        (
            body::with(copy.clone(), "/transaction/currency", json!("DOLLAR")),
            "Transaction.Currency",
            "The field Currency is invalid.".to_owned(),
        ),
        (body::without(copy.clone(), "/isDeclined"), "IsDeclined", required("IsDeclined")),
        (body::with(copy.clone(), "/isDeclined", json!("maybe")), "IsDeclined", "The field IsDeclined is invalid.".to_owned()),
    ] {
        assert_eq!(shop.post("/v1/transmit", &body).await.faults(), [(path.to_owned(), message)], "{body}");
    }
    assert_eq!(shop.post("/v1/transmit", &json!({})).await.faults().len(), 3, "OrderId, Transaction, IsDeclined");
    let nothing = body::with(body::with(copy, "/transaction/amount", json!(0)), "/isDeclined", json!("0"));
    shop.post("/v1/transmit", &nothing).await.must(200);
    assert_eq!(
        shop.send(reqwest::Method::POST, "/v1/transmit", &[], Some("{\"orderId\":".into())).await.faults(),
        [("$".to_owned(), "The request body is not valid JSON.".to_owned())]
    );
}

#[tokio::test]
async fn arrays_keep_the_good_and_name_the_bad() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let (good, bad) = (body::copy(true), body::without(body::copy(true), "/transaction/id"));
    let all =
        shop.post("/v1/transmit", &json!([good, body::with(body::copy(false), "/sequenceNumber", json!(7))])).await.must(200);
    assert_eq!((&all.json["status"], &all.json["success"]), (&json!(200), &json!(true)));
    let rows = all.json["transmissions"].as_array().expect("transmissions");
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["index"], &rows[0]["orderId"], &rows[0]["accepted"]), (&json!(0), &good["orderId"], &json!(true)));
    assert_eq!(rows[1]["sequenceNumber"], 7);
    for row in rows {
        shop.get(&format!("/v1/transmit/{}", row["transmitId"].as_str().expect("a key"))).await.must(200);
    }

    let mixed = shop.post("/v1/transmit", &json!([bad, good, body::copy(false)])).await.must(200);
    assert_eq!((&mixed.json["status"], &mixed.json["success"]), (&json!(207), &json!(false)));
    let rows = mixed.json["transmissions"].as_array().expect("transmissions");
    let accepted: Vec<_> = rows.iter().map(|row| row["accepted"].as_bool()).collect();
    assert_eq!(accepted, [Some(false), Some(true), Some(true)]);
    assert_eq!(rows[0]["errors"], json!({"Transaction.Id": ["The Id field is required."]}));
    assert_eq!((&rows[0]["transmitId"], &rows[1]["duplicate"]), (&Value::Null, &json!(true)));

    let none = shop.post("/v1/transmit", &json!([bad, {}])).await.must(400);
    assert_eq!(none.json["transmissions"].as_array().map(Vec::len), Some(2));
    assert_eq!(none.json["success"], false);
    let many: Vec<_> = (0..2001).map(|_| json!({})).collect();
    let many = shop.post("/v1/transmit", &json!(many)).await;
    assert_eq!(many.faults(), [("$".to_owned(), "At most 2000 records per request.".to_owned())]);
    let full: Vec<_> = (0..2000).map(|_| body::copy(true)).collect();
    let full = shop.post("/v1/transmit", &json!(full)).await.must(200);
    assert_eq!(full.json["transmissions"].as_array().map(Vec::len), Some(2000));
}

#[tokio::test]
async fn outcomes_follow_the_allowed_order() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let undecided = body::with(body::copy(true), "/transaction/responseStatus", json!("Declined"));
    // Each row: the copy is approved or not, then outcomes with the status each is answered.
    let table: [(bool, &[(&str, u16)]); 6] = [
        (true, &[("declined", 200), ("approved", 200), ("declined", 409), ("refunded", 200), ("chargeback", 200)]),
        (true, &[("voided", 409), ("refunded", 409), ("chargeback", 409), ("approved", 200)]),
        (false, &[("approved", 200), ("declined", 409), ("voided", 200), ("refunded", 409), ("approved", 409)]),
        (false, &[("chargeback", 200), ("refunded", 409)]),
        (false, &[("refunded", 200), ("voided", 409), ("refunded", 200), ("chargeback", 200)]),
        (false, &[("voided", 200), ("voided", 200), ("chargeback", 409)]),
    ];
    for (is_declined, steps) in table {
        let id = key(&shop.post("/v1/transmit", &body::copy(is_declined)).await.must(200));
        for (step, (outcome, status)) in steps.iter().enumerate() {
            let reply = shop.post(&format!("/v1/transmit/{id}/outcome"), &json!({"outcome": outcome, "reason": "test"})).await;
            assert_eq!(reply.status, *status, "{steps:?} at {step}: {reply:?}");
            if *status == 200 {
                assert_eq!(reply.json["customProperties"]["outcome"], *outcome);
                assert_eq!(key(&reply), id);
            } else {
                reply.assert_error(40903);
            }
        }
    }
    let id = key(&shop.post("/v1/transmit", &undecided).await.must(200));
    let path = format!("/v1/transmit/{id}/outcome");
    assert_eq!(
        shop.post(&path, &json!({})).await.faults(),
        [("Outcome".to_owned(), "The Outcome field is required.".to_owned())]
    );
    assert_eq!(
        shop.post(&path, &json!({"outcome": "lost"})).await.faults(),
        [("Outcome".to_owned(), "The field Outcome is invalid.".to_owned())]
    );
    shop.post(&format!("/v1/transmit/{}/outcome", guid()), &json!({"outcome": "approved"})).await.assert_error(40401);
}

#[tokio::test]
async fn patches_merge_and_identity_is_fixed() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let copy = body::with(body::copy(true), "/payer", json!({"id": "p-1", "email": "ada@example.com"}));
    let path = format!("/v1/transmit/{}", key(&shop.post("/v1/transmit", &copy).await.must(200)));
    let patched = shop
        .patch(&path, &json!({"payer": {"email": "countess@example.com"}, "siteUrl": "https://shop.example"}))
        .await
        .must(200);
    assert_eq!(patched.json["payer"]["email"], "countess@example.com");
    assert_eq!(patched.json["transaction"]["amount"], 2500);
    let cleared = shop.patch(&path, &json!({"payer": {"email": null}})).await.must(200);
    assert_eq!(cleared.json["payer"]["email"], Value::Null);
    for (change, name) in [
        (json!({"transaction": {"amount": 2501}}), "Amount"),
        (json!({"transaction": {"id": "other"}}), "Id"),
        (json!({"transaction": {"currency": "EUR"}}), "Currency"),
        (json!({"transaction": {"transactionType": "AUTH"}}), "TransactionType"),
    ] {
        let reply = shop.patch(&path, &change).await;
        assert_eq!(reply.faults(), [(format!("Transaction.{name}"), format!("The field {name} is invalid."))], "{change}");
    }
    shop.patch(&path, &json!({"transaction": {"amount": 2500}})).await.must(200);
    let paid = shop.patch(&path, &json!({"outcome": "approved"})).await.must(200);
    assert!(paid.text.contains("approved"), "{paid:?}");
}

#[tokio::test]
async fn paid_elsewhere_stops_a_rescue() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    for by_outcome in [false, true] {
        let sent = body::mit(card::NSF[3]);
        let order = shop.evaluate(&sent).await.order();
        let mut copy = body::with(body::copy(by_outcome), "/orderId", sent["orderId"].clone());
        copy["transaction"]["id"] = json!(guid());
        let id = key(&shop.post("/v1/transmit", &copy).await.must(200));
        if by_outcome {
            assert_eq!(shop.order(&order).await["status"], 4, "a declined copy stops nothing");
            shop.post(&format!("/v1/transmit/{id}/outcome"), &json!({"outcome": "approved"})).await.must(200);
        }
        let hit = receiver.event(&order, "order.cancelled").await;
        assert_eq!(hit.payload["EventData"]["StatusReason"], "PAID_ELSEWHERE");
        let shown = shop.order(&order).await;
        assert_eq!((&shown["status"], &shown["statusReason"]), (&json!(2), &json!("PAID_ELSEWHERE")));
        let again = shop.evaluate(&body::with(sent, "/idempotencyKey", json!(guid()))).await;
        assert_eq!(again.verdict(), ("DECLINED", Some("PAID_ELSEWHERE")));
    }
}

#[tokio::test]
async fn what_was_evaluated_counts_as_transmitted_and_tenants_are_apart() {
    let server = Server::start().await;
    let (shop, stranger) = (server.shop().await, server.login(&cast().stranger.sandbox).await);
    let sent = body::with(body::cit(card::APPROVED), "/transaction/transactionType", json!("SALE"));
    shop.evaluate(&sent).await;
    let mut copy = body::with(body::copy(true), "/orderId", sent["orderId"].clone());
    copy["transaction"]["id"] = sent["transaction"]["id"].clone();
    let known = shop.post("/v1/transmit", &copy).await.must(200);
    assert_eq!(known.json["customProperties"]["duplicate"], "true");
    let foreign = stranger.post("/v1/transmit", &copy).await.must(200);
    assert_eq!(foreign.json["customProperties"]["duplicate"], "false", "another merchant's ids are its own");
    let path = format!("/v1/transmit/{}", key(&known));
    stranger.get(&path).await.assert_error(40401);
    stranger.patch(&path, &json!({"siteUrl": "x"})).await.assert_error(40401);
    stranger.post(&format!("{path}/outcome"), &json!({"outcome": "approved"})).await.assert_error(40401);
}
