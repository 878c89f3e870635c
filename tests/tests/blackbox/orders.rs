//! Orders: shown, listed, asked for, cancelled.

use recoup_tests::{Client, Receiver, Server, body, book::Book, card, cast, guid, until};
use serde_json::{Value, json};

#[tokio::test]
async fn an_order_shows_everything_and_no_card_number() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let mut sent = body::cit(card::APPROVED);
    sent["orderItems"] = json!([{"sku": "a", "name": "Tea", "amount": 1999, "quantity": 1}]);
    sent["billingInformation"] = json!({"firstName": "Ada", "zipcode": "10001", "countryCode": "US"});
    sent["additionalFields"] = json!([{"key": "k", "value": "v"}]);
    sent["siteUrl"] = json!("https://shop.example");
    let reply = shop.evaluate(&sent).await;
    let shown = shop.order(&reply.order()).await;
    for member in [
        "id",
        "correlationId",
        "referenceNumber",
        "confirmationId",
        "status",
        "statusName",
        "statusText",
        "statusReason",
        "engineState",
        "externalOrderId",
        "mid",
        "siteId",
        "siteName",
        "siteResolved",
        "descriptor",
        "channel",
        "orderSource",
        "orderSourceText",
        "isMIT",
        "isRecurring",
        "mitMode",
        "isTestMode",
        "transactionType",
        "orderPlacedDate",
        "createdOn",
        "updatedOn",
        "completedOn",
        "expiryDate",
        "nextAttemptUtc",
        "captureBeforeUtc",
        "amount",
        "amountAuthorized",
        "amountCaptured",
        "amountRefunded",
        "amountRefundable",
        "amountRemaining",
        "currencyCode",
        "currencySymbol",
        "firstName",
        "lastName",
        "email",
        "secondaryEmail",
        "phone",
        "payerId",
        "billingAddress",
        "shippingAddress",
        "paymentMethod",
        "subscription",
        "orderItems",
        "additionalFields",
        "originalTransaction",
        "attempts",
        "refunds",
        "isChargeback",
        "chargebacks",
        "decision",
        "challenge",
        "customProperties",
    ] {
        assert!(shown.get(member).is_some(), "{member} is always present: {shown}");
    }
    for (member, value) in [
        ("status", json!(7)),
        ("statusName", json!("APPROVED")),
        ("statusText", json!("Completed")),
        ("engineState", json!("RECOVERED")),
        ("externalOrderId", sent["orderId"].clone()),
        ("amount", json!(1999)),
        ("amountCaptured", json!(1999)),
        ("amountRefundable", json!(1999)),
        ("amountRemaining", json!(0)),
        ("currencyCode", json!("USD")),
        ("currencySymbol", json!("$")),
        ("nextAttemptUtc", Value::Null),
        ("refunds", json!([])),
        ("isChargeback", json!(false)),
        ("siteName", json!("Shop")),
    ] {
        assert_eq!(shown[member], value, "{member}");
    }
    assert!(shown["referenceNumber"].as_str().is_some_and(|text| text.starts_with("RC-") && text.len() == 13));
    assert_eq!(shown["confirmationId"], reply.json["customProperties"]["confirmationId"]);
    assert_eq!(shown["attempts"]["total"], 1);
    let attempt = &shown["attempts"]["items"][0];
    assert_eq!((&attempt["number"], &attempt["result"], &attempt["initiator"]), (&json!(1), &json!("approved"), &json!("CIT")));
    assert_eq!(shown["paymentMethod"]["cardLast4Digits"], "3184");
    assert!(!shown.to_string().contains(card::APPROVED));

    let external = shop.get(&format!("/v1/orders/{}?by=external", sent["orderId"].as_str().expect("an id"))).await.must(200);
    assert_eq!(external.json["id"], shown["id"]);
    for unknown in [guid(), "nonsense".to_owned()] {
        shop.get(&format!("/v1/orders/{unknown}")).await.assert_error(40401);
    }
}

#[tokio::test]
async fn outcome_of_an_order() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let ask = async |id: &str| shop.post("/v1//outcome", &json!({"orderSessionKey": id})).await.must(200);
    let authorise = body::with(body::cit(card::APPROVED), "/transactionType", json!("AUTHORIZATION"));
    for (body, status) in [
        (body::cit(card::APPROVED), "APPROVED"),
        (body::cit(card::NOT_RESCUED), "DECLINED"),
        (body::cit("4000001095100012"), "PROCESSING"),
        (authorise, "CAPTUREREQUIRED"),
        (body::mit("4000001000510008"), "PROCESSING"),
    ] {
        let order = shop.evaluate(&body).await.order();
        let reply = ask(&order).await;
        assert_eq!((reply.text("status"), reply.member_names()[0].as_str()), (status, "confirmationId"), "{reply:?}");
    }
    let unknown = ask(&guid()).await;
    assert_eq!(
        (unknown.text("status"), &unknown.json["success"], &unknown.json["confirmationId"]),
        ("NOTFOUND", &json!(false), &Value::Null)
    );
    let missing = [("OrderSessionKey".to_owned(), "The OrderSessionKey field is required.".to_owned())];
    assert_eq!(shop.post("/v1/outcome", &json!({})).await.faults(), missing);
}

#[tokio::test]
async fn lists_are_paged_and_narrowed() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let mut orders = vec![];
    for (place, number) in [card::APPROVED, card::NOT_RESCUED, card::APPROVED, card::NSF[3], card::APPROVED].iter().enumerate() {
        let mut body = if *number == card::NSF[3] { body::mit(number) } else { body::cit(number) };
        body["transaction"]["amount"] = json!(1000 + place);
        body["payer"]["email"] = json!(format!("payer{place}@example.com"));
        orders.push((shop.evaluate(&body).await.order(), body));
    }
    let ids = |page: &Value| -> Vec<String> {
        page["orders"].as_array().expect("orders").iter().map(|order| order["id"].as_str().expect("an id").to_owned()).collect()
    };
    let first = shop.get("/v1/orders?pageSize=2").await.must(200).json;
    for (member, value) in [
        ("firstItemOnPage", json!(1)),
        ("lastItemOnPage", json!(2)),
        ("hasNextPage", json!(true)),
        ("hasPreviousPage", json!(false)),
        ("isFirstPage", json!(true)),
        ("isLastPage", json!(false)),
        ("pageCount", json!(3)),
        ("pageNumber", json!(1)),
        ("pageSize", json!(2)),
        ("totalItemCount", json!(5)),
        ("success", json!(true)),
    ] {
        assert_eq!(first[member], value, "{member}");
    }
    assert_eq!((&first["statuses"]["0"], &first["statuses"]["7"]), (&json!("Draft"), &json!("Completed")));
    let mut seen = ids(&first);
    for page in 2..=3 {
        seen.extend(ids(&shop.get(&format!("/v1/orders?pageSize=2&pageNumber={page}")).await.must(200).json));
    }
    let newest_first: Vec<_> = orders.iter().rev().map(|(id, _)| id.clone()).collect();
    assert_eq!(seen, newest_first);
    assert!(first["orders"][0].get("decision").is_none() && first["orders"][0]["attempts"].get("items").is_none());

    let of = |places: &[usize]| -> Vec<String> { places.iter().map(|place| orders[*place].0.clone()).collect() };
    let external = orders[1].1["orderId"].as_str().expect("an id");
    for (query, places) in [
        ("status=7".to_owned(), vec![4, 2, 0]),
        ("status=2,4".to_owned(), vec![3, 1]),
        ("status=2&status=4".to_owned(), vec![3, 1]),
        ("sort=asc&status=7".to_owned(), vec![0, 2, 4]),
        ("orderBy=amount&sort=asc".to_owned(), vec![0, 1, 2, 3, 4]),
        ("isMIT=true".to_owned(), vec![3]),
        ("channel=mit".to_owned(), vec![3]),
        (format!("externalOrderId={external}"), vec![1]),
        ("query=payer2@example.com".to_owned(), vec![2]),
        (format!("query={external}"), vec![1]),
        (format!("query={}", orders[4].0), vec![4]),
        ("to=2020-01-01T00:00:00Z".to_owned(), vec![]),
        ("from=2020-01-01".to_owned(), vec![4, 3, 2, 1, 0]),
        (format!("siteId={}", cast().eu_site), vec![]),
        (format!("mid={}", cast().shop.mid), vec![4, 3, 2, 1, 0]),
        ("pageSize=100000&pageNumber=0".to_owned(), vec![4, 3, 2, 1, 0]),
        ("unknown=1".to_owned(), vec![4, 3, 2, 1, 0]),
    ] {
        assert_eq!(ids(&shop.get(&format!("/v1/orders?{query}")).await.must(200).json), of(&places), "{query}");
    }
    let csv = shop.send(reqwest::Method::GET, "/v1/orders", &[("accept", "text/csv")], None).await.must(200);
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert_eq!(csv.text.lines().count(), 6, "{}", csv.text);
    assert!(csv.text.lines().next().is_some_and(|head| head.contains("externalOrderId")));
}

async fn cancel(client: &Client, path: &str) -> u16 {
    let reply = client.post(path, &json!({})).await;
    if reply.status == 200 {
        assert_eq!(reply.text, "", "success is an empty body");
    }
    reply.status
}

#[tokio::test]
async fn cancelling() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["order.*"]})).await.must(201);
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let book = Book::open(&server.data().join("simulator.sqlite"));
    let authorise = body::with(body::cit(card::APPROVED), "/transactionType", json!("AUTHORIZATION"));
    for (what, sent, attempts) in [
        ("scheduled", body::mit(card::NSF[0]), 0),
        ("challenged", body::cit("4000001095100012"), 0),
        ("authorised", authorise, 1),
    ] {
        let order = shop.evaluate(&sent).await.order();
        assert_eq!(cancel(&shop, &format!("/v1/orders/{order}/cancel")).await, 200, "{what}");
        let shown = shop.order(&order).await;
        assert_eq!((&shown["engineState"], &shown["statusReason"]), (&json!("CANCELLED"), &json!("CANCELLED")), "{what}");
        let hit = receiver.event(&order, "order.cancelled").await;
        assert_eq!(hit.payload["EventData"]["CancelledBy"], "merchant");
        let external = sent["orderId"].as_str().expect("an id");
        assert_eq!(cancel(&shop, &format!("/v1/orders/{order}/cancel")).await, 200, "{what}, again");
        assert_eq!(cancel(&shop, &format!("/v1/orders/{external}/external-cancel")).await, 200, "{what}, the other way");
        shop.advance("P1D").await;
        let seen = until("what was authorised is given back", || async {
            Some(book.of(&order)).filter(|seen| seen.iter().all(|attempt| attempt.voided))
        })
        .await;
        assert_eq!(seen.len(), attempts, "{what}: no further attempt");
    }
    let by_external = body::with(body::mit(card::NSF[0]), "/orderId", json!("INV/1001 ä"));
    let order = shop.evaluate(&by_external).await.order();
    assert_eq!(cancel(&shop, "/v1/orders/INV%2F1001%20%C3%A4/external-cancel").await, 200);
    assert_eq!(shop.order(&order).await["engineState"], "CANCELLED");
    assert_eq!(shop.post("/v1/orders/never%20seen/external-cancel", &json!({})).await.status, 404);

    let paid = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let refused = shop.post(&format!("/v1/orders/{paid}/cancel"), &json!({})).await;
    assert_eq!(refused.json["customProperties"]["orderSessionKey"], paid.as_str());
    refused.assert_error(40903);
    let empty = shop.send(reqwest::Method::POST, &format!("/v1/orders/{order}/cancel"), &[], None).await;
    assert_eq!((empty.status, empty.text.as_str()), (200, ""), "an empty body will do");
}

#[tokio::test]
async fn cancelling_while_an_attempt_is_in_flight() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let slow = body::mit(&card::of_pattern("400000", 9509, 30));
    let order = shop.evaluate(&slow).await.order();
    let book = Book::open(&server.data().join("simulator.sqlite"));
    until("the attempt is on its way", || async { (shop.order(&order).await["engineState"] == "ATTEMPTING").then_some(()) })
        .await;
    assert_eq!(cancel(&shop, &format!("/v1/orders/{order}/cancel")).await, 200);
    until("the order ends", || async { (shop.order(&order).await["engineState"] == "CANCELLED").then_some(()) }).await;
    let attempts = until("the approval is given back", || async {
        Some(book.of(&order)).filter(|seen| seen.iter().all(|attempt| attempt.voided))
    })
    .await;
    assert_eq!((attempts.len(), attempts[0].approved), (1, true));
}

#[tokio::test]
async fn related_orders_are_a_group_under_the_name_that_the_merchant_gives_it() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let named = |name: Value| body::with(body::cit(card::NOT_RESCUED), "/correlationId", name);
    let group = async |sent: &Value| {
        let order = shop.evaluate(sent).await.order();
        (shop.order(&order).await["correlationId"].clone(), json!(order))
    };
    let first = named(json!("Invoice run 7"));
    assert_eq!(group(&first).await.0, "Invoice run 7");
    assert_eq!(group(&named(json!(" Invoice run 7 "))).await.0, "Invoice run 7", "another order of the group");
    let again = body::with(first, "/idempotencyKey", json!(guid()));
    let again = body::with(body::without(again, "/correlationId"), "/transaction/amount", json!(2_500));
    assert_eq!(group(&again).await.0, "Invoice run 7", "a new decline of the same order stays in its group");
    for unusable in [json!(null), json!(""), json!({"a": 1}), json!("x".repeat(256))] {
        let (group, order) = group(&named(unusable)).await;
        assert_eq!(group, order, "a group of its own");
    }
}
