//! The blocklist: every kind of entry, and whose it is.

use recoup_tests::{Client, Rig, Server, body, card, cast, guid};
use serde_json::{Value, json};

const PATH: &str = "/v1/blocklist";

async fn add(client: &Client, kind: &str, value: &str) -> String {
    client.post(PATH, &json!({"kind": kind, "value": value})).await.must(201).text("id").to_owned()
}

#[tokio::test]
async fn every_kind_blocks_without_an_attempt() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    let known = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let fingerprint = shop.order(&known).await["paymentMethod"]["cardFingerprint"].as_str().unwrap().to_owned();
    for (kind, value, pointer, matching) in [
        ("customer", " payer-7 ", "/payer/id", json!("payer-7")),
        ("email", "Ada.Block@Example.com", "/payer/email", json!("ada.block@example.COM")),
        ("phone", "+49 170 1234567", "/payer/phone", json!("0049 (170) 1234567")),
        ("ip", "2001:db8:0::7", "/customerIp", json!("2001:DB8::7")),
        ("country", "fr", "/billingInformation", json!({"countryCode": "FR"})),
        ("bin", "555555", "/paymentMethod/cardNumber", json!(card::MASTERCARD)),
        ("paymentInstrument", &*fingerprint, "/paymentMethod/cardNumber", json!(card::APPROVED)),
        ("paymentInstrument", &*token, "/paymentMethod/expirationYear", json!(2035)),
    ] {
        let (cit, mit) = (body::cit(card::APPROVED), body::mit(card::APPROVED));
        let (cit, mit) = (body::with(cit, pointer, matching.clone()), body::with(mit, pointer, matching));
        let id = add(&shop, kind, value).await;
        for payment in [&cit, &mit] {
            let reply = shop.evaluate(payment).await;
            assert_eq!(reply.verdict(), ("DECLINED", Some("BLOCKED")), "{kind} {value}");
            let order = shop.order(&reply.order()).await;
            assert_eq!((&order["attempts"]["total"], &order["statusReason"]), (&json!(0), &json!("BLOCKED")), "{kind} {value}");
        }
        shop.delete(&format!("{PATH}/{id}")).await.must(204);
        let again = body::with(body::with(cit, "/orderId", json!(guid())), "/idempotencyKey", json!(guid()));
        assert_eq!(shop.evaluate(&again).await.verdict(), ("APPROVED", None), "{kind} {value}: unblocked");
    }
    assert_eq!(shop.get(PATH).await.must(200).json["totalItemCount"], 0);
}

#[tokio::test]
async fn blocking_an_order_cancels_what_is_open() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let by = async |card: &str, payer: &str| shop.evaluate(&body::with(body::mit(card), "/payer/id", json!(payer))).await.order();
    let (first, same_payer) = (by(card::APPROVED, "payer-1").await, by(card::MASTERCARD, "payer-1").await);
    let (same_card, neither) = (by(card::APPROVED, "payer-2").await, by(card::NSF[0], "payer-3").await);
    let path = format!("/v1/orders/{first}/block");
    assert_eq!(shop.post(&path, &json!({})).await.faults()[0].0, "Customer");
    assert_eq!(shop.post(&path, &json!({"customer": "maybe"})).await.faults()[0].0, "Customer");
    let made = shop.post(&path, &json!({"customer": true, "reason": "abuse"})).await.must(201);
    assert_eq!(made.member_names(), ["orderId", "entries"]);
    let entry = &made.json["entries"][0];
    assert_eq!((&entry["kind"], &entry["value"], &entry["reason"]), (&json!("customer"), &json!("payer-1"), &json!("abuse")));
    for order in [&first, &same_payer] {
        let ended = shop.order(order).await;
        assert_eq!((&ended["engineState"], &ended["statusReason"]), (&json!("CANCELLED"), &json!("BLOCKED")));
        let feed = shop.get(&format!("/v1/events?orderId={order}")).await.must(200);
        let last = feed.json["events"].as_array().unwrap().last().unwrap()["payload"].clone();
        assert_eq!((&last["Event"], &last["EventData"]["CancelledBy"]), (&json!("order.cancelled"), &json!("merchant")));
    }
    assert_ne!(shop.order(&same_card).await["engineState"], "CANCELLED");
    assert_eq!(shop.post(&path, &json!({"customer": true, "reason": "abuse"})).await.must(200).json, made.json, "it was blocked");

    shop.post(&path, &json!({"paymentInstrument": true})).await.must(201);
    assert_eq!(shop.order(&same_card).await["statusReason"], "BLOCKED");
    shop.advance("P1D").await;
    assert_eq!(shop.order(&neither).await["engineState"], "RECOVERED");
}

#[tokio::test]
async fn what_is_scheduled_is_checked_again_and_entries_end() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let order = shop.evaluate(&body::with(body::mit(card::APPROVED), "/payer/email", json!("eve@example.com"))).await.order();
    let until = shop.now().await + jiff::SignedDuration::from_hours(48);
    let entry = json!({"kind": "email", "value": "EVE@example.com", "expiresOn": until.to_string()});
    let made = shop.post(PATH, &entry).await.must(201);
    assert_ne!(shop.order(&order).await["engineState"], "CANCELLED", "only customers and cards are looked for at once");
    shop.advance("P1D").await;
    let ended = shop.order(&order).await;
    assert_eq!((&ended["engineState"], &ended["statusReason"]), (&json!("CANCELLED"), &json!("BLOCKED")));
    assert_eq!(ended["attempts"]["total"], 0);
    let cit = || body::with(body::cit(card::APPROVED), "/payer/email", json!("eve@example.com"));
    assert_eq!(shop.evaluate(&cit()).await.verdict(), ("DECLINED", Some("BLOCKED")));
    shop.advance("P2D").await;
    assert_eq!(shop.evaluate(&cit()).await.verdict(), ("APPROVED", None), "the entry is over by the test clock");
    let revived = shop.post(PATH, &json!({"kind": "email", "value": "eve@example.com"})).await.must(200);
    assert_eq!((revived.text("id"), &revived.json["expiresOn"]), (made.text("id"), &Value::Null));
    assert_eq!(shop.evaluate(&cit()).await.verdict(), ("DECLINED", Some("BLOCKED")));
}

#[tokio::test]
async fn a_long_list_is_read_instead_of_kept() {
    let server = Rig::default().config("limits", "management_per_sec = 0").start().await;
    let shop = server.shop().await;
    for number in 0..260 {
        add(&shop, "customer", &format!("payer-{number}")).await;
    }
    for (payer, verdict) in [
        ("payer-0", ("DECLINED", Some("BLOCKED"))),
        ("payer-259", ("DECLINED", Some("BLOCKED"))),
        ("payer-x", ("APPROVED", None)),
    ] {
        let payment = body::with(body::cit(card::APPROVED), "/payer/id", json!(payer));
        assert_eq!(shop.evaluate(&payment).await.verdict(), verdict, "{payer}");
    }
}

#[tokio::test]
async fn card_numbers_are_refused_and_left_nowhere() {
    let server = Server::start().await;
    let shop = server.shop().await;
    for (kind, value) in [
        ("paymentInstrument", card::VISA),
        ("paymentInstrument", "4111 1111 1111 1111"),
        ("customer", card::VISA),
        ("phone", "378282246310005"),
        ("bin", card::VISA),
        ("paymentInstrument", &*guid()),
        ("email", "nobody"),
        ("country", "Germany"),
        ("ip", "1.2.3"),
    ] {
        let reply = shop.post(PATH, &json!({"kind": kind, "value": value, "expiresOn": "2099-01-01"})).await;
        assert_eq!(reply.faults().len(), 1, "{kind} {value}");
        assert_eq!(reply.faults()[0].0, "Value", "{kind} {value}");
        assert!(!reply.text.contains(value), "{reply:?}");
    }
    let faults = shop.post(PATH, &json!({"expiresOn": "2020-01-01", "kind": "bin", "value": "400000"})).await.faults();
    assert_eq!(faults[0].0, "ExpiresOn");
    assert!(!server.logs().contains(card::VISA));
}

#[tokio::test]
async fn entries_are_their_merchants_own() {
    let server = Server::start().await;
    let (shop, partner) = (server.shop().await, server.login(&cast().partner).await);
    let (stranger, operator) = (server.login(&cast().stranger.sandbox).await, server.login(&cast().operator).await);
    let live = server.login(&cast().shop.production).await;
    let id = add(&shop, "country", "US").await;
    let order = shop.evaluate(&body::cit(card::NOT_RESCUED)).await.order();
    let count = async |client: &Client| client.get(PATH).await.must(200).json["totalItemCount"].as_u64().unwrap();
    assert_eq!((count(&shop).await, count(&partner).await, count(&operator).await), (1, 1, 1));
    for other in [&stranger, &live] {
        assert_eq!(count(other).await, 0);
        other.delete(&format!("{PATH}/{id}")).await.assert_error(40401);
        other.post(&format!("/v1/orders/{order}/block"), &json!({"customer": true})).await.assert_error(40401);
    }
    let entry = |mid: &str| json!({"mid": mid, "kind": "country", "value": "DE"});
    stranger.post(PATH, &entry(&cast().shop.mid)).await.assert_error(40301);
    partner.post(PATH, &entry(&cast().stranger.mid)).await.assert_error(40301);
    stranger.get(&format!("{PATH}?mid={}", cast().shop.mid)).await.assert_error(40301);
    assert_eq!(partner.post(PATH, &json!({"kind": "country", "value": "DE"})).await.faults()[0].0, "Mid");
    let made = partner.post(PATH, &entry(&cast().shop.mid)).await.must(201);
    assert_eq!(made.member_names(), ["id", "mid", "kind", "value", "reason", "expiresOn", "createdOn"]);
    let token = stranger.tokenize(card::APPROVED, None).await;
    assert_eq!(shop.post(PATH, &json!({"kind": "paymentInstrument", "value": token})).await.faults()[0].0, "Value");
    operator.delete(&format!("{PATH}/{id}")).await.must(204);
    shop.delete(&format!("{PATH}/{id}")).await.assert_error(40401);
    let listed = shop.get(&format!("{PATH}?kind=country&sortOrder=asc")).await.must(200);
    assert_eq!((&listed.json["totalItemCount"], &listed.json["rows"][0]["value"]), (&json!(1), &json!("DE")));
}
