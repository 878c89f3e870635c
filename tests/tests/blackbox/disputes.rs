//! Chargebacks: who may report and see them, what they stop, and the sandbox's card that brings one.

use recoup_tests::{Client, Receiver, Rig, Server, body, card, cast, guid};
use serde_json::{Value, json};

const PATH: &str = "/v1/chargebacks";
/// Approved; charged back after ten days.
const DISPUTED_CARD: &str = "4000001095060109";

fn report(order: &str, reference: &str) -> Value {
    json!({"orderId": order, "reasonCode": "10.4", "reference": reference})
}

/// An order that was rescued at once.
async fn rescued(shop: &Client) -> String {
    let reply = shop.evaluate(&body::cit(card::APPROVED)).await;
    assert_eq!(reply.verdict(), ("APPROVED", None));
    reply.order()
}

async fn events(client: &Client, order: &str) -> Vec<Value> {
    let feed = client.get(&format!("/v1/events?orderId={order}&limit=1000")).await.must(200);
    feed.json["events"].as_array().expect("events").iter().map(|event| event["payload"].clone()).collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["Event"].as_str()).collect()
}

#[tokio::test]
async fn a_dispute_from_its_first_notice_to_its_end() {
    let server = Server::start().await;
    let (shop, operator) = (server.shop().await, server.login(&cast().operator).await);
    let order = rescued(&shop).await;
    let refund = json!({"amountToRefund": 1.0, "idempotencyKey": guid()});

    let inquiry = body::with(report(&order, "CB-1"), "/stage", json!("inquiry"));
    let made = operator.post(PATH, &inquiry).await.must(201);
    assert_eq!(
        made.member_names(),
        [
            "id",
            "orderId",
            "externalOrderId",
            "mid",
            "amount",
            "currency",
            "reasonCode",
            "network",
            "stage",
            "receivedOn",
            "dueDate",
            "arn"
        ]
    );
    assert_eq!(
        (&made.json["orderId"], &made.json["amount"], &made.json["currency"], &made.json["network"], &made.json["stage"]),
        (&json!(order), &json!(1999), &json!("USD"), &json!("visa"), &json!("inquiry")),
        "what was paid is disputed when no amount is told"
    );
    let id = made.text("id").to_owned();
    assert_eq!(operator.post(PATH, &inquiry).await.must(200).json, made.json, "the same again is the same object");
    let shown = shop.order(&order).await;
    assert_eq!((&shown["isChargeback"], &shown["engineState"]), (&json!(true), &json!("RECOVERED")));
    assert_eq!(
        shown["chargebacks"],
        json!([{
            "id": id, "amount": 1999, "currency": "USD", "reasonCode": "10.4", "stage": "inquiry",
            "receivedOn": made.json["receivedOn"],
        }])
    );

    let due = json!("2030-01-01T00:00:00Z");
    let disputed = body::with(body::with(report(&order, "CB-1"), "/amount", json!(1500)), "/dueDate", due);
    let moved = operator.post(PATH, &disputed).await.must(200);
    assert_eq!((moved.text("id"), moved.text("stage")), (id.as_str(), "chargeback"));
    assert_eq!((&moved.json["amount"], moved.text("dueDate")), (&json!(1500), "2030-01-01T00:00:00.000000Z"));
    assert_eq!(operator.post(PATH, &inquiry).await.must(200).json, moved.json, "an old notice that comes late changes nothing");
    let back = body::with(disputed.clone(), "/stage", json!("inquiry"));
    operator.post(PATH, &back).await.assert_error(40903);
    let refused = shop.post(&format!("/v1/orders/{order}/refund"), &refund).await.must(200);
    assert_eq!((refused.text("responseCode"), &refused.json["success"]), ("2003", &json!(false)));

    let won = body::with(disputed, "/stage", json!("won"));
    assert_eq!(operator.post(PATH, &won).await.must(200).json["dueDate"], Value::Null);
    let made = shop.post(&format!("/v1/orders/{order}/refund"), &refund).await.must(200);
    assert_eq!(made.text("responseCode"), "1000", "the money is the merchant's again");

    let told = events(&shop, &order).await;
    let names = names(&told);
    let disputes: Vec<_> = names.iter().filter(|name| name.starts_with("payment.")).collect();
    assert_eq!(
        disputes,
        [&"payment.chargeback.received", &"payment.chargeback.updated", &"payment.chargeback.updated"],
        "repeats are not told"
    );
    let sequence: Vec<_> = told.iter().map(|event| event["EventData"]["Sequence"].as_u64().unwrap()).collect();
    assert_eq!(sequence, (1..=sequence.len() as u64).collect::<Vec<_>>());
    let updated = told.iter().find(|event| event["Event"] == "payment.chargeback.updated").unwrap();
    let data = &updated["EventData"];
    assert_eq!(
        (&data["ChargebackId"], &data["ChargebackAmount"], &data["ReasonCode"], &data["Stage"], &data["DueDate"]),
        (&json!(id), &json!(1500), &json!("10.4"), &json!("chargeback"), &json!("2030-01-01T00:00:00.000000Z"))
    );
}

#[tokio::test]
async fn a_dispute_stops_what_is_open_on_the_card() {
    let server = Server::start().await;
    let (shop, operator) = (server.shop().await, server.login(&cast().operator).await);
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let paid = rescued(&shop).await;
    let (sister, cousin) = (shop.evaluate(&body::mit(card::APPROVED)).await, shop.evaluate(&body::mit(card::MASTERCARD)).await);
    let stranger = server.login(&cast().stranger.sandbox).await;
    let elsewhere = stranger.evaluate(&body::mit(card::APPROVED)).await.order();
    operator.post(PATH, &report(&paid, "CB-1")).await.must(201);
    let stopped = shop.order(&sister.order()).await;
    assert_eq!((&stopped["engineState"], &stopped["statusReason"]), (&json!("CANCELLED"), &json!("DISPUTED")));
    assert_eq!(stopped["isChargeback"], false, "it is stopped, not disputed itself");
    assert_eq!(names(&events(&shop, &sister.order()).await).last(), Some(&"order.cancelled"));
    assert_ne!(shop.order(&cousin.order()).await["engineState"], "CANCELLED", "another card goes on");
    assert_ne!(stranger.order(&elsewhere).await["engineState"], "CANCELLED", "another merchant's order goes on");
    shop.advance("P1D").await;
    assert_eq!(shop.order(&sister.order()).await["attempts"]["total"], 0);
    assert_eq!(shop.order(&cousin.order()).await["engineState"], "RECOVERED");
}

#[tokio::test]
async fn an_attempt_in_flight_on_a_disputed_card_is_given_back() {
    let server = Rig::default().set(&cast().shop, "realtimeBudgetMs=500").start().await;
    let (shop, operator) = (server.shop().await, server.login(&cast().operator).await);
    // Approved after 1.5 s.
    let slow = card::of_pattern("400000", 9509, 15);
    let paid = shop.evaluate(&body::with(body::mit(&slow), "/transaction/amount", json!(1000))).await.order();
    recoup_tests::until("the first order is paid", || async {
        (shop.order(&paid).await["engineState"] == "RECOVERED").then_some(())
    })
    .await;
    let flying = shop.evaluate(&body::mit(&slow)).await.order();
    recoup_tests::until("the attempt is on its way", || async {
        (shop.order(&flying).await["engineState"] == "ATTEMPTING").then_some(())
    })
    .await;
    operator.post(PATH, &report(&paid, "CB-1")).await.must(201);
    let ended = recoup_tests::until("the attempt is known", || async {
        Some(shop.order(&flying).await).filter(|order| order["engineState"] == "CANCELLED")
    })
    .await;
    assert_eq!((&ended["statusReason"], &ended["amountCaptured"]), (&json!("DISPUTED"), &json!(0)));
    recoup_tests::until("the approval is given back", || async {
        let book = recoup_tests::book::Book::open(&server.data().join("simulator.sqlite"));
        book.of(&flying).iter().all(|attempt| attempt.charged() == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_sandboxs_card_is_charged_back_after_its_days() {
    for mode in ["magic", "issuer"] {
        let server = Rig::default().set(&cast().shop, &format!("simulator={mode}")).start().await;
        let (shop, receiver) = (server.shop().await, Receiver::start().await);
        shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["payment.*"]})).await.must(201);
        shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
        let order = shop.evaluate(&body::mit(DISPUTED_CARD)).await.order();
        let open = shop.evaluate(&body::mit(&card::of_pattern("400000", 9506, 20))).await.order();
        shop.advance("P1D").await;
        assert_eq!(shop.order(&order).await["engineState"], "RECOVERED", "{mode}");
        let sister = shop.evaluate(&body::with(body::mit(DISPUTED_CARD), "/transaction/responseCode", json!("51"))).await.order();
        shop.advance("P8D").await;
        assert_eq!(shop.order(&order).await["isChargeback"], false, "{mode}: not before the tenth day");
        shop.advance("P2D").await;
        let shown = shop.order(&order).await;
        assert_eq!((&shown["isChargeback"], &shown["engineState"]), (&json!(true), &json!("RECOVERED")), "{mode}");
        let disputed = &shown["chargebacks"][0];
        assert_eq!((&disputed["reasonCode"], &disputed["stage"]), (&json!("10.4"), &json!("chargeback")), "{mode}");
        assert_eq!(disputed["amount"], 1999, "{mode}");
        let hit = receiver.event(&order, "payment.chargeback.received").await;
        assert_eq!(hit.payload["EventData"]["ChargebackId"], disputed["id"], "{mode}");
        assert_eq!(shop.order(&open).await["isChargeback"], false, "{mode}: its days are not over");
        assert_ne!(shop.order(&sister).await["engineState"], "SCHEDULED", "{mode}: nothing is left open on the card");
        let refund = json!({"amountToRefund": 1.0, "idempotencyKey": guid()});
        let refused = shop.post(&format!("/v1/orders/{order}/refund"), &refund).await.must(200);
        assert_eq!(refused.text("responseCode"), "2003", "{mode}");
        let listed = shop.get("/v1/orders?chargeback=true").await.must(200);
        assert_eq!(listed.json["totalItemCount"], 1, "{mode}");
        assert_eq!(listed.json["orders"][0]["chargebacks"][0]["id"], disputed["id"], "{mode}");
    }
}

#[tokio::test]
async fn a_transmitted_chargeback_goes_the_same_road() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let token = shop.tokenize(card::APPROVED, None).await;
    let open = shop.evaluate(&body::mit(card::APPROVED)).await.order();
    let copy = body::with(body::copy(false), "/paymentMethod", json!({"token": token, "cardNumber": token}));
    let sent = shop.post("/v1/transmit", &copy).await.must(200);
    let path = format!("/v1/transmit/{}/outcome", sent.text("transmitId"));
    let outcome = json!({"outcome": "chargeback", "amount": 2000, "responseCode": "4837", "reference": "M-1"});
    shop.post(&path, &outcome).await.must(200);
    shop.post(&path, &outcome).await.must(200);
    let listed = shop.get(PATH).await.must(200);
    assert_eq!(listed.json["totalItemCount"], 1, "{listed:?}");
    let row = &listed.json["rows"][0];
    assert_eq!((&row["orderId"], &row["externalOrderId"]), (&Value::Null, &copy["orderId"]));
    assert_eq!((&row["amount"], &row["reasonCode"], &row["stage"]), (&json!(2000), &json!("4837"), &json!("chargeback")));
    assert_eq!(shop.order(&open).await["statusReason"], "DISPUTED", "the rescue on the same card stops");
    let feed = shop.get("/v1/events?types=payment.*&limit=100").await.must(200);
    let payloads: Vec<_> = feed.json["events"].as_array().unwrap().iter().map(|event| &event["payload"]).collect();
    assert_eq!(payloads.len(), 1, "{feed:?}");
    assert_eq!((&payloads[0]["OrderId"], &payloads[0]["EventData"]["ChargebackAmount"]), (&Value::Null, &json!(2000)));

    // Of an order that Recoup knows, the order is marked.
    let order = rescued(&shop).await;
    let external = shop.order(&order).await["externalOrderId"].clone();
    let copy =
        body::with(body::with(body::copy(false), "/orderId", external), "/transaction/responseStatus", json!("Chargeback"));
    shop.post("/v1/transmit", &copy).await.must(200);
    assert_eq!(shop.order(&order).await["isChargeback"], true, "a copy may say so from the start");
}

#[tokio::test]
async fn disputes_are_found_by_reference_numbers() {
    let server = Server::start().await;
    let (shop, operator) = (server.shop().await, server.login(&cast().operator).await);
    let order = rescued(&shop).await;
    let shown = shop.order(&order).await;
    let transaction = shown["attempts"]["items"][0]["networkTransactionId"].as_str().expect("a network transaction id");
    let by_network = json!({"networkTransactionId": transaction, "reasonCode": "10.4", "reference": "CB-N"});
    assert_eq!(operator.post(PATH, &by_network).await.must(201).text("orderId"), order);
    let book = recoup_tests::book::Book::open(&server.data().join("simulator.sqlite"));
    assert_eq!(book.of(&order).len(), 1);
    for unknown in [
        json!({"networkTransactionId": "0", "reasonCode": "10.4", "reference": "CB-0"}),
        json!({"arn": "74537604221222132710572", "reasonCode": "10.4", "reference": "CB-0"}),
        report(&guid(), "CB-0"),
    ] {
        operator.post(PATH, &unknown).await.assert_error(40401);
    }
    let other = rescued(&shop).await;
    operator.post(PATH, &report(&other, "CB-N")).await.assert_error(40904);
    let faults = operator.post(PATH, &json!({})).await.faults();
    assert_eq!(faults.iter().map(|fault| fault.0.as_str()).collect::<Vec<_>>(), ["OrderId", "ReasonCode", "Reference"]);
    let foreign = body::with(report(&other, "CB-E"), "/currency", json!("EUR"));
    assert_eq!(operator.post(PATH, &foreign).await.faults()[0].0, "Currency");
    let tomorrow = body::with(report(&other, "CB-E"), "/receivedOn", json!("2099-01-01"));
    assert_eq!(operator.post(PATH, &tomorrow).await.faults()[0].0, "ReceivedOn");
}

#[tokio::test]
async fn lists_are_narrowed_and_scoped() {
    let server = Server::start().await;
    let (shop, operator) = (server.shop().await, server.login(&cast().operator).await);
    let (first, second) = (rescued(&shop).await, rescued(&shop).await);
    let id = operator.post(PATH, &report(&first, "CB-1")).await.must(201).text("id").to_owned();
    let won = body::with(body::with(report(&second, "CB-2"), "/stage", json!("won")), "/amount", json!(5));
    operator.post(PATH, &won).await.must(201);
    let count = async |client: &Client, query: &str| {
        client.get(&format!("{PATH}?{query}")).await.must(200).json["totalItemCount"].as_u64().unwrap()
    };
    for (query, expected) in [
        ("", 2),
        ("stage=won", 1),
        ("stage=lost", 0),
        (&*format!("orderId={first}"), 1),
        (&*format!("mid={}", cast().shop.mid), 2),
        ("createdFrom=2020-01-01&createdTo=2020-12-31", 0),
        ("createdFrom=2020-01-01", 2),
    ] {
        assert_eq!(count(&shop, query).await, expected, "{query}");
    }
    let cheapest = shop.get(&format!("{PATH}?sortBy=amount&sortOrder=asc&pageSize=1")).await.must(200);
    assert_eq!((&cheapest.json["rows"][0]["amount"], &cheapest.json["pageSize"]), (&json!(5), &json!(1)));
    assert_eq!(shop.get(&format!("{PATH}?stage=new")).await.faults()[0].0, "Stage");
    let csv = shop.send(reqwest::Method::GET, PATH, &[("accept", "text/csv")], None).await.must(200);
    assert!(csv.header("content-type").starts_with("text/csv"), "{csv:?}");
    assert!(csv.text.starts_with("id,orderId,externalOrderId,mid,amount,currency,") && csv.text.lines().count() == 3, "{csv:?}");
    assert_eq!(shop.get(&format!("{PATH}/{id}")).await.must(200).text("id"), id);

    let partner = server.login(&cast().partner).await;
    assert_eq!((count(&partner, "").await, count(&operator, "").await), (2, 2));
    partner.get(&format!("{PATH}/{id}")).await.must(200);
    let stranger = server.login(&cast().stranger.sandbox).await;
    let live = server.login(&cast().shop.production).await;
    for client in [&stranger, &live] {
        assert_eq!(count(client, "").await, 0);
        client.get(&format!("{PATH}/{id}")).await.assert_error(40401);
    }
    stranger.get(&format!("{PATH}?mid={}", cast().shop.mid)).await.assert_error(40301);
    partner.get(&format!("{PATH}?mid={}", cast().stranger.mid)).await.assert_error(40301);
    for client in [&shop, &partner] {
        client.post(PATH, &report(&first, "CB-9")).await.assert_error(40303);
    }
    server.client().get(PATH).await.assert_error(40101);
    let narrow = server.run(&["key", "create", "--mid", &cast().shop.mid, "--name", "narrow", "--scope", "transmit"]);
    let narrow = recoup_tests::Keys {
        app_key: narrow["appKey"].as_str().unwrap().into(),
        app_secret: narrow["appSecret"].as_str().unwrap().into(),
        client: narrow["client"].as_str().unwrap().into(),
    };
    let narrow = server.login(&narrow).await;
    narrow.get(PATH).await.assert_error(40302);
    narrow.get(&format!("{PATH}/{id}")).await.assert_error(40302);
    narrow.get("/v1/blocklist").await.assert_error(40302);
    narrow.post("/v1/blocklist", &json!({"kind": "country", "value": "DE"})).await.assert_error(40302);
    narrow.post(&format!("/v1/orders/{first}/block"), &json!({"customer": true})).await.assert_error(40302);
    narrow.delete(&format!("/v1/blocklist/{}", guid())).await.assert_error(40302);
}
