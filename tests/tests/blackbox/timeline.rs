//! The timeline of an order: everything that happened, in its true order.

use recoup_tests::{Client, Receiver, Server, body, card, guid};
use serde_json::{Value, json};

async fn timeline(client: &Client, order: &str) -> Vec<Value> {
    let reply = client.get(&format!("/v1/orders/{order}/timeline")).await.must(200);
    assert_eq!(reply.member_names(), ["orderId", "items"]);
    assert_eq!(reply.json["orderId"], order);
    let items = reply.json["items"].as_array().expect("items").clone();
    let numbers: Vec<_> = items.iter().filter_map(|item| item["sequence"].as_u64()).collect();
    assert_eq!(numbers, (1..=items.len() as u64).collect::<Vec<_>>());
    let times: Vec<_> = items.iter().map(|item| item["atUtc"].as_str().expect("a time")).collect();
    assert!(times.is_sorted(), "{times:?}");
    for item in &items {
        assert!(item["data"].is_object() && item["summary"].as_str().is_some_and(|text| text.ends_with('.')), "{item}");
    }
    items
}

fn kinds(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["kind"].as_str()).filter(|kind| *kind != "webhook").collect()
}

#[tokio::test]
async fn a_rescue_from_its_decline_to_its_refund() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let order = shop.evaluate(&body::mit(card::NSF[1])).await.order();
    for _ in 0..6 {
        shop.advance("P3D").await;
    }
    shop.post(&format!("/v1/orders/{order}/refund"), &json!({"amountToRefund": "5.00", "idempotencyKey": guid()}))
        .await
        .must(200);
    receiver.event(&order, "order.refunded").await;
    let items = timeline(&shop, &order).await;
    let told = kinds(&items);
    assert_eq!(
        told,
        [
            "received",
            "site_resolved",
            "classified",
            "decided",
            "scheduled",
            "attempt",
            "attempt_result",
            "decided",
            "scheduled",
            "attempt",
            "attempt_result",
            "captured",
            "refunded"
        ],
        "{items:#?}"
    );
    let of = |kind: &str| items.iter().filter(|item| item["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(of("classified")[0]["data"]["declineClass"], "NSF");
    assert_eq!(of("attempt_result")[0]["data"]["result"], "declined");
    assert_eq!(of("attempt_result")[1]["data"]["result"], "approved");
    assert_eq!(of("refunded")[0]["data"]["amountMinor"], 500);
    let events: Vec<_> = of("webhook").iter().map(|item| item["data"]["event"].as_str().unwrap_or("-").to_owned()).collect();
    assert_eq!(
        events,
        ["order.scheduled", "order.attempted", "order.scheduled", "order.attempted", "order.completed", "order.refunded"],
    );
}

#[tokio::test]
async fn a_switched_off_channel_holds_and_a_switched_on_one_releases() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let order = shop.evaluate(&body::mit(card::NSF[0])).await.order();
    let mid = &recoup_tests::cast().shop.mid;
    server.run(&["channel", "set", "--mid", mid, "mit=off"]);
    recoup_tests::until("the channel is off", || async {
        let refused = shop.evaluate(&body::mit(card::NSF[0])).await;
        (refused.verdict().1 == Some("CHANNEL_DISABLED")).then_some(())
    })
    .await;
    shop.advance("PT10M").await;
    assert_eq!(shop.order(&order).await["engineState"], "HELD");
    server.run(&["channel", "set", "--mid", mid, "mit=sandbox"]);
    recoup_tests::until("the channel is on", || async {
        (shop.evaluate(&body::mit(card::NSF[0])).await.verdict().0 == "SUBMITTED").then_some(())
    })
    .await;
    shop.advance("P2D").await;
    let items = timeline(&shop, &order).await;
    let told = kinds(&items);
    let place = |kind| told.iter().position(|told| *told == kind).unwrap_or_else(|| panic!("no {kind} in {told:?}"));
    assert!(place("hold") < place("release") && place("release") < place("attempt"), "{told:?}");
    assert_eq!(items[place("hold")]["actor"], "operator");
}

#[tokio::test]
async fn ends_without_payment_say_who_and_why() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let cancelled = shop.evaluate(&body::mit(card::NSF[3])).await.order();
    shop.post(&format!("/v1/orders/{cancelled}/cancel"), &json!({})).await.must(200);
    let items = timeline(&shop, &cancelled).await;
    let last = items.last().expect("items");
    assert_eq!(
        (&last["kind"], &last["actor"], &last["data"]["statusReason"]),
        (&json!("cancelled"), &json!("merchant"), &json!("CANCELLED"))
    );

    let sent = body::mit(card::NSF[3]);
    let paid = shop.evaluate(&sent).await.order();
    let copy = body::with(body::copy(false), "/orderId", sent["orderId"].clone());
    shop.post("/v1/transmit", &copy).await.must(200);
    let items = timeline(&shop, &paid).await;
    assert_eq!(kinds(&items)[kinds(&items).len() - 2..], ["external_payment", "cancelled"]);

    let declined = shop.evaluate(&body::cit(card::NOT_RESCUED)).await.order();
    let items = timeline(&shop, &declined).await;
    let last = items.last().expect("items");
    assert_eq!(
        (&last["kind"], &last["actor"], &last["data"]["statusReason"]),
        (&json!("cancelled"), &json!("engine"), &json!("NOT_RESCUED"))
    );
    assert!(
        kinds(&items).ends_with(&["attempt", "attempt_result", "decided", "cancelled"])
            || kinds(&items).ends_with(&["attempt", "attempt_result", "cancelled"]),
        "{:?}",
        kinds(&items)
    );
}

#[tokio::test]
async fn the_feed_is_read_by_order_by_kind_and_while_waiting() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let first = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    for _ in 0..3 {
        shop.evaluate(&body::cit(card::NOT_RESCUED)).await;
    }
    let names = |reply: &Value| -> Vec<String> {
        let events = reply["events"].as_array().expect("events");
        events.iter().map(|event| event["payload"]["Event"].as_str().unwrap_or("-").to_owned()).collect()
    };
    let own = shop.get(&format!("/v1/events?orderId={first}")).await.must(200).json;
    assert_eq!((names(&own), &own["hasMore"]), (vec!["order.attempted".to_owned(), "order.completed".to_owned()], &json!(false)));
    let some = shop.get("/v1/events?types=order.cancel*&limit=2").await.must(200).json;
    assert_eq!((names(&some).len(), &some["hasMore"]), (2, &json!(true)));
    let cursor = some["nextCursor"].as_str().expect("a cursor").to_owned();
    let rest = shop.get(&format!("/v1/events?types=order.cancelled&after={cursor}&limit=1")).await.must(200).json;
    assert_eq!((names(&rest).len(), &rest["hasMore"]), (1, &json!(false)), "the last page is the last");
    let none = shop.get("/v1/events?types=no.such").await.must(200).json;
    assert_eq!((names(&none).len(), &none["hasMore"]), (0, &json!(false)));

    let waiting = {
        let shop = shop.clone();
        tokio::spawn(async move { shop.get("/v1/events?after=latest&wait=30&types=order.completed").await.must(200).json })
    };
    let news = recoup_tests::until("the waiting call is answered", || async {
        shop.evaluate(&body::cit(card::APPROVED)).await;
        waiting.is_finished().then_some(())
    });
    news.await;
    assert_eq!(names(&waiting.await.expect("an answer")), ["order.completed"]);
}

#[tokio::test]
async fn a_waiting_feed_ends_with_the_server() {
    let mut server = Server::start().await;
    let shop = server.shop().await;
    let waiting = {
        let shop = shop.clone();
        tokio::spawn(async move { shop.get("/v1/events?after=latest&wait=30").await })
    };
    // The call is under way when another one behind it was answered.
    shop.get("/v1/events?after=latest").await.must(200);
    server.ask_to_end().await;
    let reply = waiting.await.expect("an answer");
    assert!(reply.status == 200 || reply.status == 503, "{reply:?}");
    assert!(server.ended().await.success());
}
