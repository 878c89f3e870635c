//! Settlements and payouts: what rescues, refunds and chargebacks add up to, who may see and change it.

use recoup_tests::{Client, Receiver, Server, body, card, cast, until};
use serde_json::{Value, json};

const PATH: &str = "/v1/settlements";

/// An order of this many cents, rescued at once.
async fn rescued(shop: &Client, cents: i64) -> String {
    let reply = shop.evaluate(&body::with(body::cit(card::APPROVED), "/transaction/amount", json!(cents))).await;
    assert_eq!(reply.verdict(), ("APPROVED", None));
    reply.order()
}

/// The only settlement of a caller, once it has so many items.
async fn settled(client: &Client, items: u64) -> Value {
    until("the items are booked", || async {
        let list = client.get(PATH).await.must(200).json;
        let only = list["rows"].get(0)?.clone();
        let id = only["id"].as_str()?;
        let found = client.get(&format!("{PATH}/{id}/items")).await.must(200);
        (found.json["totalItemCount"] == items).then_some(only)
    })
    .await
}

fn amounts(of: &Value) -> [i64; 8] {
    ["totalValue", "serviceFees", "chargebackFees", "chargebackValue", "returns", "adjustment", "reserve", "payout"]
        .map(|name| of[name].as_i64().unwrap_or_else(|| panic!("{name} in {of}")))
}

async fn agree(operator: &Client, terms: Value) {
    let path = format!("/v1/merchants/{}/settings", cast().shop.mid);
    operator.patch(&path, &json!({ "settlement": terms })).await.must(200);
}

#[tokio::test]
async fn rescues_refunds_and_chargebacks_add_up() {
    let server = Server::start().await;
    let (shop, operator) = (server.shop().await, server.login(&cast().operator).await);
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let terms = json!({
        "serviceFeeBasisPoints": 1000, "serviceFeeFixed": 30, "chargebackFee": 1500, "reserveBasisPoints": 500, "reserveDays": 10,
    });
    agree(&operator, terms).await;
    let (kept, returned, disputed) = (rescued(&shop, 10_000).await, rescued(&shop, 5_000).await, rescued(&shop, 1_999).await);
    let refund = |key: &str| json!({"amountToRefund": 7.5, "idempotencyKey": key});
    let path = format!("/v1/orders/{returned}/refund");
    for _ in 0..2 {
        assert_eq!(shop.post(&path, &refund("R-1")).await.must(200).text("responseCode"), "1000");
    }
    let dispute = json!({"orderId": disputed, "reasonCode": "10.4", "reference": "CB-1"});
    for stage in ["inquiry", "chargeback", "chargeback", "representment", "won", "lost"] {
        operator.post("/v1/chargebacks", &body::with(dispute.clone(), "/stage", json!(stage))).await;
    }
    // Three sales and fees, one refund, the fee of the dispute, and what it took, gave back and took again.
    let open = settled(&shop, 3 * 2 + 1 + 1 + 3).await;
    let fees = 1_000 + 500 + 200 + 3 * 30;
    assert_eq!(amounts(&open), [16_999, fees, 1_500, 1_999, 750, 0, 0, 16_999 - fees - 1_500 - 1_999 - 750]);
    assert_eq!((&open["status"], &open["currency"], &open["mid"]), (&json!("OPEN"), &json!("USD"), &json!(cast().shop.mid)));
    let id = open["id"].as_str().expect("an id");
    let one = shop.get(&format!("{PATH}/{id}")).await.must(200);
    assert_eq!(
        one.member_names(),
        [
            "id",
            "mid",
            "paymentRef",
            "payoutDate",
            "capturePeriodFrom",
            "capturePeriodTo",
            "currency",
            "totalValue",
            "serviceFees",
            "chargebackFees",
            "chargebackValue",
            "returns",
            "adjustment",
            "reserve",
            "payout",
            "status"
        ]
    );

    let items = shop.get(&format!("{PATH}/{id}/items?pageSize=200")).await.must(200).json;
    let rows = items["rows"].as_array().expect("rows");
    let sum = |kind: &str| rows.iter().filter(|row| row["type"] == kind).map(|row| row["amount"].as_i64().unwrap()).sum::<i64>();
    let by_kind = ["sale", "fee", "chargebackFee", "chargeback", "refund"].map(sum);
    assert_eq!(by_kind, [16_999, fees, 1_500, 1_999, 750], "the items are the header");
    let first = &rows[0];
    assert_eq!((&first["orderId"], &first["siteId"]), (&json!(kept), &json!(cast().shop.site)));
    assert_eq!((&first["descriptor"], &first["currency"]), (&json!("SHOP*ONE"), &json!("USD")));
    let csv = shop.get(&format!("{PATH}/{id}/items?format=csv")).await.must(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = csv.text.lines().collect();
    assert_eq!(lines[0], "type,orderId,externalOrderId,siteId,descriptor,amount,currency,occurredOn");
    assert_eq!(lines.len(), rows.len() + 1);

    // The period ends; what was held back comes back ten days later, in the next settlement.
    shop.advance("P7D").await;
    let closed = shop.get(&format!("{PATH}/{id}")).await.must(200).json;
    let reserve = (16_999 - 1_999 - 750) * 5 / 100 + 1;
    let payout = 16_999 - fees - 1_500 - 1_999 - 750 - reserve;
    assert_eq!((&closed["status"], &closed["reserve"], &closed["payout"]), (&json!("CLOSED"), &json!(reserve), &json!(payout)));
    shop.advance("P10D").await;
    let list = shop.get(PATH).await.must(200).json;
    let next = &list["rows"][0];
    assert_eq!((&list["totalItemCount"], &next["reserve"], &next["payout"]), (&json!(2), &json!(-reserve), &json!(reserve)));
    assert!(next["capturePeriodFrom"].as_str() >= closed["capturePeriodTo"].as_str(), "periods do not overlap");
}

#[tokio::test]
async fn a_payout_is_told_and_its_settlement_follows() {
    let server = Server::start().await;
    let (shop, operator, receiver) = (server.shop().await, server.login(&cast().operator).await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["payout.*"]})).await.must(201);
    let platform = Receiver::start().await;
    let partner = server.login(&cast().partner).await;
    partner.post("/v1/webhooks", &json!({"url": platform.url, "events": ["payout.updated"]})).await.must(201);
    rescued(&shop, 10_000).await;
    let open = settled(&shop, 1).await;
    let id = open["id"].as_str().expect("an id");
    let adjustments = format!("{PATH}/{id}/adjustments");
    let faults = operator.post(&adjustments, &json!({"amount": 0})).await.must(400).faults();
    assert_eq!(faults.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["Amount", "Note"]);
    let adjusted = operator.post(&adjustments, &json!({"amount": -500, "note": "Postage"})).await.must(201).json;
    assert_eq!((&adjusted["adjustment"], &adjusted["payout"]), (&json!(-500), &json!(9_500)));

    let close = format!("{PATH}/{id}/close");
    assert_eq!(operator.post(&close, &json!({})).await.must(200).text("status"), "CLOSED");
    operator.post(&close, &json!({})).await.assert_error(40903);
    operator.post(&adjustments, &json!({"amount": 1, "note": "Too late"})).await.assert_error(40903);
    let late = rescued(&shop, 4_000).await;
    let next = settled(&shop, 1).await;
    assert_ne!(next["id"], json!(id), "{late} goes into the next settlement");
    assert_eq!(next["totalValue"], 4_000);

    let list = shop.get("/v1/payouts").await.must(200).json;
    assert_eq!(list["totalItemCount"], 1);
    let paid = &list["rows"][0];
    assert_eq!((&paid["settlementId"], &paid["amount"], &paid["status"]), (&json!(id), &json!(9_500), &json!("pending")));
    let path = format!("/v1/payouts/{}", paid["id"].as_str().expect("an id"));
    let done = json!({"status": "completed", "bankReference": "TRF-1"});
    for _ in 0..2 {
        let made = operator.patch(&path, &done).await.must(200);
        assert_eq!((made.text("status"), made.text("bankReference")), ("completed", "TRF-1"));
    }
    assert_eq!(shop.get(&format!("{PATH}/{id}")).await.must(200).text("status"), "PAID");
    operator.patch(&path, &json!({"status": "pending"})).await.assert_error(40903);
    operator.patch(&path, &json!({"status": "reversed"})).await.must(200);
    assert_eq!(shop.get(&format!("{PATH}/{id}")).await.must(200).text("status"), "CLOSED");

    let hits = receiver.until("the payout is told", |hits| hits.len() >= 3).await;
    let told: Vec<_> = hits.iter().map(|hit| (hit.event(), &hit.payload["EventData"]["Status"])).collect();
    for expected in [("payout.created", "pending"), ("payout.updated", "completed"), ("payout.updated", "reversed")] {
        assert!(told.contains(&(expected.0, &json!(expected.1))), "{expected:?} in {told:?}");
    }
    let data = &hits[0].payload["EventData"];
    assert_eq!((&data["SettlementId"], &data["Amount"], &data["Currency"]), (&json!(id), &json!(9_500), &json!("USD")));
    assert_eq!((&hits[0].payload["OrderId"], &hits[0].payload["IsTestMode"]), (&Value::Null, &json!(true)));
    platform.until("the partner is told", |hits| hits.len() >= 2).await;
}

#[tokio::test]
async fn money_is_seen_by_those_it_belongs_to_and_changed_by_the_operator() {
    let server = Server::start().await;
    let (shop, operator) = (server.shop().await, server.login(&cast().operator).await);
    rescued(&shop, 10_000).await;
    let id = settled(&shop, 1).await["id"].as_str().expect("an id").to_owned();
    let (close, adjust) = (format!("{PATH}/{id}/close"), format!("{PATH}/{id}/adjustments"));
    let partner = server.login(&cast().partner).await;
    assert_eq!(partner.get(&format!("{PATH}/{id}")).await.must(200).text("id"), id);
    for client in [&shop, &partner] {
        client.post(&close, &json!({})).await.assert_error(40303);
        client.post(&adjust, &json!({"amount": 1, "note": "mine"})).await.assert_error(40303);
        let settings = format!("/v1/merchants/{}/settings", cast().shop.mid);
        client.patch(&settings, &json!({"settlement": {"serviceFeeBasisPoints": 0}})).await.assert_error(40303);
    }
    operator.post(&close, &json!({})).await.must(200);
    let payout = shop.get("/v1/payouts").await.must(200).json["rows"][0]["id"].as_str().expect("an id").to_owned();
    let paid = format!("/v1/payouts/{payout}");
    shop.patch(&paid, &json!({"status": "completed"})).await.assert_error(40303);

    let stranger = server.login(&cast().stranger.sandbox).await;
    for path in [format!("{PATH}/{id}"), format!("{PATH}/{id}/items"), paid.clone()] {
        stranger.get(&path).await.assert_error(40401);
        server.login(&cast().shop.production).await.get(&path).await.assert_error(40401);
    }
    assert_eq!(stranger.get(PATH).await.must(200).json["totalItemCount"], 0);
    assert_eq!(stranger.get("/v1/payouts").await.must(200).json["totalItemCount"], 0);
    for path in [PATH, "/v1/payouts"] {
        stranger.get(&format!("{path}?mid={}", cast().shop.mid)).await.assert_error(40301);
        partner.get(&format!("{path}?mid={}", cast().stranger.mid)).await.assert_error(40301);
    }
    let narrow = server.run(&["key", "create", "--name", "narrow", "--mid", &cast().shop.mid, "--scope", "evaluate"]);
    let text = |name: &str| narrow[name].as_str().expect("a text").to_owned();
    let keys = recoup_tests::Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") };
    let narrow = server.login(&keys).await;
    for path in [PATH.to_owned(), format!("{PATH}/{id}"), format!("{PATH}/{id}/items"), "/v1/payouts".into(), paid] {
        narrow.get(&path).await.assert_error(40302);
    }
}

#[tokio::test]
async fn what_a_crash_leaves_is_booked_after_the_start_and_never_twice() {
    let mut server = Server::start().await;
    let shop = server.shop().await;
    for cents in [1_000, 2_000, 3_000] {
        rescued(&shop, cents).await;
    }
    server.kill().await;
    server.start_process().await;
    let shop = server.shop().await;
    rescued(&shop, 4_000).await;
    let open = settled(&shop, 4).await;
    assert_eq!(amounts(&open), [10_000, 0, 0, 0, 0, 0, 0, 10_000], "without agreed terms nothing is charged");
    let listed = server.run(&["settlement", "list", "--environment", "sandbox", "--mid", &cast().shop.mid]);
    assert_eq!((&listed[0]["id"], &listed[0]["payout"]), (&open["id"], &json!(10_000)));
    let id = open["id"].as_str().expect("an id");
    let shown = server.run(&["settlement", "show", id]);
    assert_eq!(shown["rows"].as_array().map(Vec::len), Some(4));
    assert_eq!(server.run(&["settlement", "close", id])["status"], "CLOSED");
    assert_eq!(shop.get(&format!("{PATH}/{id}")).await.must(200).text("status"), "CLOSED");
}
