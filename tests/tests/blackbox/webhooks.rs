//! Webhooks and the events feed.

use recoup_tests::{Answering, Client, Receiver, Secret, Server, body, card, cast, member_names, until, verify};
use serde_json::{Value, json};

const EIGHT: [&str; 8] =
    ["Event", "TimeStamp", "EventData", "ExternalOrderId", "OrderId", "ConfirmationId", "IsTestMode", "IsResent"];

async fn subscribe(client: &Client, receiver: &Receiver, events: Value) -> (String, Secret) {
    let made =
        client.post("/v1/webhooks", &json!({"url": receiver.url, "events": events, "description": "test"})).await.must(201);
    assert_eq!(made.text("secret"), format!("whsec_{}", made.text("hmacSigningKey")));
    assert_eq!(made.text("state"), "enabled");
    (made.text("id").to_owned(), Secret::of(made.text("hmacSigningKey")))
}

async fn freeze(client: &Client) {
    client.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
}

#[tokio::test]
async fn every_event_of_an_order_comes_signed_and_in_order() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    let (id, secret) = subscribe(&shop, &receiver, json!(["*"])).await;
    freeze(&shop).await;
    let sent = body::mit(card::NSF[1]);
    let order = shop.evaluate(&sent).await.order();
    shop.advance("P21D").await;
    receiver.event(&order, "order.completed").await;
    let hits = receiver.of(&order);
    let events: Vec<_> = hits.iter().map(recoup_tests::Hit::event).collect();
    let expected = ["order.scheduled", "order.attempted", "order.scheduled", "order.attempted", "order.completed"];
    assert_eq!(events, expected);
    let feed = shop.get(&format!("/v1/events?orderId={order}")).await.must(200);
    let mut earlier = String::new();
    for (place, hit) in hits.iter().enumerate() {
        hit.assert_signed(&secret);
        assert_eq!(member_names(std::str::from_utf8(&hit.body).expect("UTF-8")), EIGHT);
        assert!(!hit.body.contains(&b'\n') && hit.headers["content-type"] == "application/json");
        assert_eq!(hit.sequence(), place as u64 + 1);
        assert_eq!((&hit.payload["ExternalOrderId"], &hit.payload["IsTestMode"]), (&sent["orderId"], &json!(true)));
        assert_eq!(hit.payload["IsResent"], false);
        let data = &hit.payload["EventData"];
        assert_eq!((&data["Mid"], &data["SiteId"]), (&json!(cast().shop.mid), &json!(cast().shop.site)));
        assert_eq!((&data["Channel"], &data["Amount"], &data["Currency"]), (&json!("mit"), &json!(1999), &json!("USD")));
        for member in ["Status", "StatusReason"] {
            assert!(data.get(member).is_some(), "{member}: {data}");
        }
        let at = hit.payload["TimeStamp"].as_str().expect("a time").to_owned();
        assert!(at >= earlier && at.len() == 27, "{at} after {earlier}");
        earlier = at;
        let listed = &feed.json["events"][place];
        assert_eq!((&listed["payload"], listed["id"].as_str()), (&hit.payload, hit.headers["webhook-id"].to_str().ok()));
    }
    let last = &hits[4].payload["EventData"];
    let found = ["AmountCaptured", "AttemptCount", "Descriptor", "Partial"].map(|member| last[member].clone());
    assert_eq!(found, [json!(1999), json!(2), json!("SHOP*ONE"), json!(false)]);
    let attempted = &hits[1].payload["EventData"];
    let found = ["AttemptNumber", "Result", "ResponseCode", "DeclineClass"].map(|member| attempted[member].clone());
    assert_eq!(found, [json!(1), json!("declined"), json!("51"), json!("NSF")]);
    // Forging fails: the check is a check.
    let mut forged = hits[0].body.to_vec();
    forged[12] ^= 1;
    assert!(verify(&hits[0].headers, &forged, &secret, &[&secret]).is_err());
    let shown = shop.get(&format!("/v1/webhooks/{id}")).await.must(200);
    assert!(shown.json["lastSuccessOn"].is_string() && shown.json.get("hmacSigningKey").is_none_or(Value::is_null));
    assert!(shown.json.get("secret").is_none_or(Value::is_null));
}

#[tokio::test]
async fn a_failing_endpoint_gets_everything_later_and_in_order() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    let (_, secret) = subscribe(&shop, &receiver, json!(["order.*"])).await;
    freeze(&shop).await;
    receiver.answer(Answering { status: 500, times: 1 });
    let held = shop.evaluate(&body::mit(card::NSF[0])).await.order();
    receiver.until("the first delivery failed", |hits| hits.iter().any(|hit| !hit.taken())).await;
    let other = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    shop.advance("P1D").await;
    receiver.event(&other, "order.completed").await;
    receiver.event(&held, "order.completed").await;
    let hits = receiver.hits();
    let of_held: Vec<_> = hits.iter().filter(|hit| hit.order() == held).collect();
    let found: Vec<_> = of_held.iter().map(|hit| (hit.sequence(), hit.taken(), hit.payload["IsResent"] == true)).collect();
    assert_eq!(found, [(1, false, false), (1, true, true), (2, true, false), (3, true, false)]);
    assert_eq!(of_held[0].headers["webhook-id"], of_held[1].headers["webhook-id"], "the same event");
    for hit in &of_held {
        hit.assert_signed(&secret);
    }
    let place =
        |order: &str, event: &str| hits.iter().position(|hit| hit.order() == order && hit.event() == event && hit.taken());
    assert!(place(&other, "order.completed") < place(&held, "order.scheduled"), "other orders are not held up");
}

#[tokio::test]
async fn keys_rotate_with_an_overlap() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    let (id, old) = subscribe(&shop, &receiver, json!(["order.completed"])).await;
    let rotated = shop.post(&format!("/v1/webhooks/{id}/rotate-key"), &json!({"overlapHours": 1})).await.must(200);
    let new = Secret::of(rotated.text("hmacSigningKey"));
    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let hit = receiver.event(&order, "order.completed").await;
    verify(&hit.headers, &hit.body, &old, &[&old, &new]).expect("both sign, the vendor's scheme with the old key");
    let rotated = shop.post(&format!("/v1/webhooks/{id}/rotate-key"), &json!({"overlapHours": 0})).await.must(200);
    let newest = Secret::of(rotated.text("hmacSigningKey"));
    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    receiver.event(&order, "order.completed").await.assert_signed(&newest);
}

#[tokio::test]
async fn endpoints_are_managed() {
    let server = Server::start().await;
    let (shop, receiver, narrow) = (server.shop().await, Receiver::start().await, Receiver::start().await);
    let (id, _) = subscribe(&shop, &receiver, json!(["*"])).await;
    let (narrow_id, narrow_secret) = subscribe(&shop, &narrow, json!(["order.completed"])).await;
    let path = format!("/v1/webhooks/{id}");
    let listed = shop.get("/v1/webhooks").await.must(200);
    assert!(listed.text.contains(&id) && listed.text.contains(&narrow_id) && !listed.text.contains("whsec_"));

    let tested = shop.post(&format!("/v1/webhooks/{narrow_id}/test"), &json!({"event": "order.completed"})).await.must(200);
    assert_eq!(tested.text("state"), "delivered");
    let sample = narrow.until("the sample", |hits| !hits.is_empty()).await.remove(0);
    assert_eq!((sample.event(), &sample.payload["IsTestMode"]), ("order.completed", &json!(true)));
    sample.assert_signed(&narrow_secret);

    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let declined = shop.evaluate(&body::cit(card::NOT_RESCUED)).await.order();
    narrow.event(&order, "order.completed").await;
    receiver.event(&declined, "order.cancelled").await;
    assert!(narrow.hits().iter().all(|hit| hit.event() == "order.completed"), "only what was asked for");

    let deliveries = until("the delivery is recorded", || async {
        let page = shop.get(&format!("/v1/webhooks/{narrow_id}/deliveries")).await.must(200).json;
        (page["totalItemCount"] == 2 && page["rows"][0]["state"] == "delivered").then_some(page)
    })
    .await;
    let row = &deliveries["rows"][0];
    assert_eq!((&row["event"], &row["orderId"], &row["state"]), (&json!("order.completed"), &json!(order), &json!("delivered")));
    let attempt = &row["attempts"][0];
    assert_eq!((&attempt["status"], &attempt["response"]), (&json!(200), &json!("noted")));
    let delivery = row["id"].as_str().expect("an id").to_owned();
    shop.get(&format!("/v1/webhooks/{narrow_id}/deliveries/{delivery}")).await.must(200);
    let count = narrow.hits().len();
    shop.post(&format!("/v1/webhooks/{narrow_id}/deliveries/{delivery}/redeliver"), &json!({})).await.must(202);
    let hits = narrow.until("it is sent again", |hits| hits.len() > count).await;
    let (first, again) = (&hits[count - 1], &hits[count]);
    assert_eq!((&again.payload["IsResent"], &again.headers["webhook-id"]), (&json!(true), &first.headers["webhook-id"]));
    let span = json!({"from": "2020-01-01T00:00:00Z", "events": ["order.completed"]});
    shop.post(&format!("/v1/webhooks/{narrow_id}/replay"), &span).await.must(202);
    narrow
        .until("it is replayed", |hits| hits.len() > count + 1 && hits.iter().skip(count + 1).any(|hit| hit.order() == order))
        .await;

    let off = shop.patch(&path, &json!({"enabled": false})).await.must(200);
    assert_eq!(off.text("state"), "disabled");
    let quiet = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    narrow.event(&quiet, "order.completed").await;
    let on = shop.patch(&path, &json!({"enabled": true, "events": ["order.*"]})).await.must(200);
    assert_eq!((on.text("state"), &on.json["events"]), ("enabled", &json!(["order.*"])));
    let loud = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    receiver.event(&loud, "order.completed").await;
    assert!(receiver.of(&quiet).is_empty(), "a switched-off endpoint got nothing");
    shop.delete(&path).await.must(204);
    shop.get(&path).await.assert_error(40401);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_switched_off() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    let (id, _) = subscribe(&shop, &receiver, json!(["order.completed"])).await;
    receiver.answer(Answering { status: 410, times: 1 });
    shop.evaluate(&body::cit(card::APPROVED)).await;
    until("it is disabled", || async {
        (shop.get(&format!("/v1/webhooks/{id}")).await.must(200).text("state") == "disabled").then_some(())
    })
    .await;
}

#[tokio::test]
async fn urls_that_could_reach_inside_are_refused() {
    let server = Server::start().await;
    let (shop, live) = (server.shop().await, server.login(&cast().shop.production).await);
    for url in [
        "http://hooks.example.com/x",
        "https://10.0.0.1/x",
        "https://172.16.0.1/x",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/x",
        "https://0.0.0.0/x",
        "https://[fd00::1]/x",
        "https://[fe80::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://user:secret@hooks.example.com/x",
        "ftp://hooks.example.com/x",
        "file:///etc/passwd",
        "not a url",
        "",
    ] {
        for client in [&shop, &live] {
            let reply = client.post("/v1/webhooks", &json!({"url": url, "events": ["*"]})).await;
            if url.contains("2130706433") || url.contains("0x7f") {
                // The same as https://127.0.0.1.
                assert_eq!(live.post("/v1/webhooks", &json!({"url": url, "events": ["*"]})).await.status, 400, "{url}");
            } else {
                assert_eq!(reply.faults()[0].0, "Url", "{url}");
            }
        }
    }
    for url in ["http://127.0.0.1:9/x", "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "http://localhost:9/x"] {
        let reply = live.post("/v1/webhooks", &json!({"url": url, "events": ["*"]})).await;
        assert_eq!(reply.status, 400, "loopback is for the sandbox: {url} {reply:?}");
    }
    let missing: Vec<_> = shop.post("/v1/webhooks", &json!({})).await.faults().into_iter().map(|fault| fault.0).collect();
    assert_eq!(missing, ["Events", "Url"]);
    let public = live.post("/v1/webhooks", &json!({"url": "https://hooks.example.com/x", "events": ["payment.*"]})).await;
    assert_eq!(public.status, 201);
}

#[tokio::test]
async fn the_feed_pages_filters_and_waits() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let mut orders = vec![];
    for number in [card::APPROVED, card::NOT_RESCUED, card::MASTERCARD] {
        orders.push(shop.evaluate(&body::cit(number)).await.order());
    }
    let whole = shop.get("/v1/events").await.must(200);
    let names = |page: &Value| -> Vec<String> {
        let events = page["events"].as_array().expect("events");
        events.iter().map(|event| event["payload"]["Event"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(whole.member_names(), ["events", "nextCursor", "hasMore"]);
    assert_eq!(whole.json["hasMore"], false);
    let mut paged = vec![];
    let mut after = String::new();
    loop {
        let page = shop.get(&format!("/v1/events?limit=2{after}")).await.must(200).json;
        paged.extend(names(&page));
        after = format!("&after={}", page["nextCursor"].as_str().expect("a cursor"));
        if page["hasMore"] == false {
            break;
        }
    }
    assert_eq!(paged, names(&whole.json));
    let finals = shop.get("/v1/events?types=order.completed,order.cancelled").await.must(200).json;
    assert_eq!(names(&finals), ["order.completed", "order.cancelled", "order.completed"]);
    let one = shop.get(&format!("/v1/events?orderId={}&types=order.completed", orders[2])).await.must(200).json;
    assert_eq!(names(&one).len(), 1);
    let latest = shop.get("/v1/events?after=latest").await.must(200).json;
    assert_eq!(names(&latest).len(), 0);
    let cursor = latest["nextCursor"].as_str().expect("a cursor").to_owned();
    let waiting = shop.clone();
    let poll = tokio::spawn(async move { waiting.get(&format!("/v1/events?after={cursor}&wait=30")).await.must(200).json });
    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let news = poll.await.expect("the poll answers");
    assert_eq!(news["events"][0]["payload"]["OrderId"], order.as_str());
    let stranger = server.login(&cast().stranger.sandbox).await;
    assert_eq!(stranger.get("/v1/events").await.must(200).json["events"], json!([]));
    assert_eq!(stranger.get(&format!("/v1/events?orderId={order}")).await.must(200).json["events"], json!([]));
    stranger.get(&format!("/v1/events?mid={}", cast().shop.mid)).await.assert_error(40301);
    assert_eq!(shop.get("/v1/events?orderId=x").await.status, 400);
}
