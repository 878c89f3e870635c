//! `Idempotency-Key` on every call that changes something (`wire-api` §1.7).

use std::fs;

use recoup_tests::{Client, Receiver, Reply, Server, body, card, cast, guid};
use reqwest::Method;
use serde_json::{Value, json};

fn replayed(reply: &Reply) -> bool {
    reply.header("idempotent-replayed") == "true"
}

async fn with_key(client: &Client, method: Method, path: &str, key: &str, body: &Value) -> Reply {
    client.send(method, path, &[("idempotency-key", key)], Some(body.to_string())).await
}

#[tokio::test]
async fn an_endpoint_is_made_once_and_its_secret_is_sealed() {
    let mut server = Server::start().await;
    let (shop, receiver, key) = (server.shop().await, Receiver::start().await, guid());
    let draft = json!({"url": receiver.url, "events": ["order.*"], "description": "once"});
    let first = with_key(&shop, Method::POST, "/v1/webhooks", &key, &draft).await.must(201);
    assert!(!replayed(&first));
    let spelled = json!({"Description": "once", "EVENTS": ["order.*"], "url": receiver.url, "mid": null});
    let as_member = json!({"url": receiver.url, "events": ["order.*"], "description": "once", "idempotencyKey": key});
    for again in [
        with_key(&shop, Method::POST, "/v1/webhooks", &key, &draft).await,
        with_key(&shop, Method::POST, "/V1//Webhooks/", &key, &spelled).await,
        shop.post("/v1/webhooks", &as_member).await,
        with_key(&shop, Method::POST, "/v1/webhooks", &guid(), &as_member).await,
    ] {
        let again = again.must(201);
        assert!(replayed(&again));
        assert_eq!((again.text.as_str(), again.header("content-type")), (first.text.as_str(), first.header("content-type")));
    }
    let other = body::with(draft.clone(), "/description", json!("twice"));
    with_key(&shop, Method::POST, "/v1/webhooks", &key, &other).await.assert_error(40901);
    let listed = shop.get("/v1/webhooks").await.must(200);
    assert_eq!(listed.json["totalItemCount"], 1, "{listed:?}");

    // The secret can be given again, also after a restart, and lies nowhere in the clear.
    let secret = first.text("hmacSigningKey").to_owned();
    server.kill().await;
    for file in fs::read_dir(server.data()).expect("the data folder") {
        let file = file.expect("a file").path();
        let bytes = fs::read(&file).expect("its bytes");
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{}", file.display());
    }
    server.start_process().await;
    let shop = server.shop().await;
    let again = with_key(&shop, Method::POST, "/v1/webhooks", &key, &draft).await.must(201);
    assert!(replayed(&again) && again.text("hmacSigningKey") == secret);
}

#[tokio::test]
async fn rotation_amendment_and_redelivery_happen_once() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    let id = shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201).text("id").to_owned();
    let path = format!("/v1/webhooks/{id}");
    let rotate = format!("{path}/rotate-key");
    let key = guid();
    let first = with_key(&shop, Method::POST, &rotate, &key, &json!({})).await.must(200);
    let again = with_key(&shop, Method::POST, &rotate, &key, &json!({})).await.must(200);
    assert!(replayed(&again) && again.text("secret") == first.text("secret"));
    assert_ne!(shop.post(&rotate, &json!({})).await.must(200).text("secret"), first.text("secret"));

    let amend = json!({"description": "amended"});
    with_key(&shop, Method::PATCH, &path, &key, &amend).await.must(200);
    shop.patch(&path, &json!({"description": "later"})).await.must(200);
    let again = with_key(&shop, Method::PATCH, &path, &key, &amend).await.must(200);
    assert!(replayed(&again) && again.text("description") == "amended");
    assert_eq!(shop.get(&path).await.must(200).text("description"), "later", "a replay changes nothing");

    // A call without body.
    let tested = shop.post(&format!("{path}/test"), &json!({})).await.must(200).text("id").to_owned();
    let redeliver = format!("{path}/deliveries/{tested}/redeliver");
    let (one, two) = (
        shop.send(Method::POST, &redeliver, &[("idempotency-key", &key)], None).await.must(202),
        shop.send(Method::POST, &redeliver, &[("idempotency-key", &key)], None).await.must(202),
    );
    assert!(!replayed(&one) && replayed(&two) && one.text == two.text);
}

#[tokio::test]
async fn cards_copies_and_clocks_take_keys_too() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let card = json!({"payment_method": {"credit_card": {"number": card::APPROVED, "month": 12, "year": 2031}}});
    let key = guid();
    let first = with_key(&shop, Method::POST, "/v1/tokenize", &key, &card).await.must(200);
    let again = with_key(&shop, Method::POST, "/v1/tokenize", &key, &card).await.must(200);
    assert!(replayed(&again) && again.text == first.text, "the same token");
    let other = body::with(card.clone(), "/payment_method/credit_card/year", json!(2032));
    with_key(&shop, Method::POST, "/v1/tokenize", &key, &other).await.assert_error(40901);
    let path = format!("/v1/tokenize?mid={}&environment={}", cast().shop.mid, cast().shop.tokenization);
    let browser = with_key(&server.client(), Method::POST, &path, &guid(), &card).await.must(200);
    assert!(!replayed(&browser) && browser.text != first.text);

    let copy = body::copy(true);
    let first = with_key(&shop, Method::POST, "/v1/transmit", &key, &copy).await.must(200);
    let again = with_key(&shop, Method::POST, "/v1/transmit", &key, &copy).await.must(200);
    assert!(replayed(&again) && again.text == first.text && again.json["customProperties"]["duplicate"] == "false");
    let outcome = format!("/v1/transmit/{}/outcome", first.text("transmitId"));
    let (one, two) = (
        with_key(&shop, Method::POST, &outcome, &key, &json!({"outcome": "declined"})).await.must(200),
        with_key(&shop, Method::POST, &outcome, &key, &json!({"outcome": "declined"})).await.must(200),
    );
    assert!(!replayed(&one) && replayed(&two));

    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let advance = json!({"action": "advance", "by": "P1D"});
    let once = with_key(&shop, Method::POST, "/v1/sandbox/clock", &key, &advance).await.must(200);
    let twice = with_key(&shop, Method::POST, "/v1/sandbox/clock", &key, &advance).await.must(200);
    assert!(replayed(&twice) && once.text == twice.text);
    assert_eq!(shop.get("/v1/sandbox/clock").await.must(200).text("now"), once.text("now"), "a day went by, not two");
}

#[tokio::test]
async fn cancel_and_external_cancel_are_one_endpoint() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let sent = body::mit(card::NSF[3]);
    let external = sent["orderId"].as_str().expect("an order id").to_owned();
    let order = shop.evaluate(&sent).await.order();
    let key = json!({"idempotencyKey": guid()});
    let by_id = format!("/v1/orders/{order}/cancel");
    let by_name = format!("/v1/orders/{external}/external-cancel");
    let first = shop.post(&by_id, &key).await.must(200);
    assert_eq!((first.text.as_str(), replayed(&first)), ("", false));
    for path in [&by_id, &by_name] {
        let again = shop.post(path, &key).await.must(200);
        assert_eq!((again.text.as_str(), replayed(&again)), ("", true), "{path}");
    }
    // The key belongs to the order it cancelled: a later order of the same name is not touched by a late repeat.
    let fresh = body::with(body::with(sent, "/idempotencyKey", json!(guid())), "/transaction/id", json!(guid()));
    let later = shop.evaluate(&fresh).await.order();
    assert_ne!(later, order);
    assert!(replayed(&shop.post(&by_name, &key).await.must(200)));
    shop.post(&format!("/v1/orders/{later}/cancel"), &key).await.assert_error(40901);
    assert_ne!(shop.order(&later).await["statusName"], "CANCELLED");
    shop.post(&by_name, &json!({"idempotencyKey": guid()})).await.must(200);
    assert_eq!(shop.order(&later).await["statusName"], "CANCELLED");
}

#[tokio::test]
async fn keys_belong_to_who_sent_them_and_refusals_are_not_kept() {
    let server = Server::start().await;
    let (shop, receiver, key) = (server.shop().await, Receiver::start().await, guid());
    let draft = json!({"url": receiver.url, "events": ["*"]});
    // A refusal leaves the key free for a corrected request.
    with_key(&shop, Method::POST, "/v1/webhooks", &key, &json!({"url": receiver.url})).await.must(400);
    let mine = with_key(&shop, Method::POST, "/v1/webhooks", &key, &draft).await.must(201);
    for keys in [&cast().stranger.sandbox, &cast().sync.sandbox] {
        let other = server.login(keys).await;
        let theirs = with_key(&other, Method::POST, "/v1/webhooks", &key, &draft).await.must(201);
        assert!(!replayed(&theirs) && theirs.text("id") != mine.text("id"));
    }
    // A key of the same merchant that may less is not shown what a mightier one was answered.
    let made = server.run(&["key", "create", "--name", "reader", "--mid", &cast().shop.mid, "--scope", "orders:read"]);
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let reader = recoup_tests::Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") };
    let reader = server.login(&reader).await;
    with_key(&reader, Method::POST, "/v1/webhooks", &key, &draft).await.assert_error(40302);
    // The partner's key is its own too, and a merchant that is not its own is refused before anything is looked up.
    let partner = server.login(&cast().partner).await;
    let for_shop = body::with(draft.clone(), "/mid", json!(cast().shop.mid));
    let theirs = with_key(&partner, Method::POST, "/v1/webhooks", &key, &for_shop).await.must(201);
    assert!(!replayed(&theirs));
    let foreign = body::with(draft, "/mid", json!(cast().stranger.mid));
    with_key(&partner, Method::POST, "/v1/webhooks", &key, &foreign).await.assert_error(40301);
    let long = "k".repeat(256);
    let refused = with_key(&shop, Method::POST, "/v1/webhooks", &long, &for_shop).await.must(400);
    assert_eq!(refused.faults()[0].0, "IdempotencyKey");
}

#[tokio::test]
async fn two_at_once_do_it_once() {
    let server = Server::start().await;
    let (shop, receiver, key) = (server.shop().await, Receiver::start().await, guid());
    let draft = json!({"url": receiver.url, "events": ["*"]});
    let racing = (0..12).map(|_| {
        let (shop, key, draft) = (shop.clone(), key.clone(), draft.clone());
        tokio::spawn(async move { with_key(&shop, Method::POST, "/v1/webhooks", &key, &draft).await })
    });
    let mut made = 0;
    for reply in futures_util::future::join_all(racing).await {
        let reply = reply.expect("an answer");
        match reply.status {
            201 if !replayed(&reply) => made += 1,
            201 => {}
            _ => {
                assert_eq!(reply.header("retry-after"), "1");
                reply.assert_error(40902);
            }
        }
    }
    assert_eq!(made, 1);
    assert_eq!(shop.get("/v1/webhooks").await.must(200).json["totalItemCount"], 1);
}
