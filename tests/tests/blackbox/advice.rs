//! Advice: the caller charges by itself and is told whether, when and how.

use jiff::{Timestamp, ToSpan as _};
use recoup_tests::{Client, Receiver, Reply, Rig, Server, body, card, cast, guid};
use serde_json::{Value, json};

/// A declined rebill on a card that is vaulted elsewhere; another card each time.
fn rebill(code: &str) -> Value {
    let mut body = body::without(body::mit(card::VISA), "/paymentMethod");
    body["transaction"]["responseCode"] = json!(code);
    body["transaction"]["timezoneUtcOffset"] = json!("-05:00");
    body["paymentMethod"] = known_card("41111111");
    body
}

fn known_card(bin: &str) -> Value {
    let fingerprint = guid();
    let last4: String = fingerprint.bytes().rev().take(4).map(|byte| char::from(b'0' + byte % 10)).collect();
    json!({
        "cardFingerprint": fingerprint, "cardBinNumber": bin, "cardLast4Digits": last4, "expirationMonth": 12,
        "expirationYear": 2031, "cardCountry": "US", "cardType": "DEBIT",
    })
}

fn with_policy(body: Value, policy: Value) -> Value {
    body::with(body, "/policy", policy)
}

fn tried(approved: bool, code: &str) -> Value {
    json!({
        "idempotencyKey": guid(), "approved": approved,
        "transaction": {"id": format!("tx-{}", guid()), "amount": 1999, "currency": "USD", "responseCode": code, "responseCodeSource": "acquirer"},
    })
}

async fn advise(client: &Client, body: &Value) -> Reply {
    client.post("/v1/advice", body).await.must(200)
}

async fn report(client: &Client, advice: &str, body: &Value) -> Reply {
    client.post(&format!("/v1/advice/{advice}/attempts"), body).await.must(200)
}

async fn read(client: &Client, advice: &str) -> Value {
    client.get(&format!("/v1/advice/{advice}")).await.must(200).json
}

async fn told(client: &Client, advice: &str) -> Vec<Value> {
    let feed = client.get(&format!("/v1/events?orderId={advice}&limit=1000")).await.must(200);
    feed.json["events"].as_array().expect("events").iter().map(|event| event["payload"].clone()).collect()
}

fn named<'a>(events: &'a [Value], name: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["Event"] == name).collect()
}

async fn exhausted(client: &Client, advice: &str) -> Vec<String> {
    let events = told(client, advice).await;
    named(&events, "retry.exhausted")
        .iter()
        .map(|event| event["EventData"]["Reason"].as_str().unwrap_or("-").to_owned())
        .collect()
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap_or_else(|| panic!("no time: {value}")).parse().expect("a time")
}

async fn set_clock(client: &Client, to: Timestamp) {
    client.post("/v1/sandbox/clock", &json!({"action": "set", "to": to.to_string()})).await.must(200);
}

async fn frozen(server: &Server) -> Client {
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    shop
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

#[tokio::test]
async fn a_whole_life_with_webhooks() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    let receiver = Receiver::start().await;
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["retry.*"]})).await.must(201);
    let sent = with_policy(rebill("51"), json!({"routes": ["acq-1", "acq-2"], "leadSeconds": 120}));
    let first = advise(&shop, &sent).await;
    assert_eq!(
        first.member_names(),
        [
            "adviceId",
            "orderId",
            "state",
            "decision",
            "decisionId",
            "attemptNumber",
            "attemptsRemaining",
            "retryAtUtc",
            "retryNotBeforeUtc",
            "retryNotAfterUtc",
            "deadlineUtc",
            "how",
            "declineClass",
            "probability",
            "boundBy",
            "modelVersion",
            "success",
            "result",
            "status",
            "statusCode",
            "errors",
            "customProperties",
        ]
    );
    let id = first.text("adviceId").to_owned();
    let view = &first.json;
    assert_eq!((text(&view["state"]), text(&view["decision"]), text(&view["status"])), ("OPEN", "RETRY", "RETRY"));
    assert_eq!((&view["orderId"], &view["attemptNumber"], &view["attemptsRemaining"]), (&sent["orderId"], &json!(1), &json!(7)));
    assert_eq!((text(&view["declineClass"]), &view["statusCode"]), ("NSF", &Value::Null));
    assert_eq!(
        view["how"],
        json!({
            "amount": 1999, "currency": "USD", "credential": "same", "initiator": "MIT", "mitReason": "recurring", "omitCvv": true,
            "stepUp3ds": false, "route": "acq-1",
        })
    );
    let (now, at) = (shop.now().await, time(&view["retryAtUtc"]));
    assert!(time(&view["retryNotBeforeUtc"]) <= at && at < time(&view["retryNotAfterUtc"]));
    assert!(at >= now + 23.hours() && at < time(&view["deadlineUtc"]), "{view}");
    let chance = view["probability"].as_f64().expect("a chance");
    assert!(chance > 0.0 && chance < 1.0);
    assert_eq!(read(&shop, &id).await, *view);

    // Told once, when it is due, and not before.
    set_clock(&shop, at - 121.seconds()).await;
    assert!(told(&shop, &id).await.is_empty());
    set_clock(&shop, at - 119.seconds()).await;
    let due = receiver.event(&id, "retry.due").await;
    let data = &due.payload["EventData"];
    assert_eq!((text(&due.payload["ExternalOrderId"]), &due.payload["ConfirmationId"]), (text(&sent["orderId"]), &Value::Null));
    assert_eq!((&data["Sequence"], text(&data["Mid"]), text(&data["Channel"])), (&json!(1), cast().shop.mid.as_str(), "mit"));
    assert_eq!((text(&data["Status"]), &data["StatusReason"], &data["Amount"]), ("OPEN", &Value::Null, &json!(1999)));
    assert_eq!((text(&data["Currency"]), text(&data["SiteId"])), ("USD", cast().shop.site.as_str()));
    assert_eq!((text(&data["AdviceId"]), text(&data["Advice"]["Decision"])), (id.as_str(), "RETRY"));
    assert_eq!((&data["Advice"]["RetryAtUtc"], &data["Advice"]["How"]["Route"]), (&view["retryAtUtc"], &json!("acq-1")));
    set_clock(&shop, at).await;

    let mut answer = tried(false, "51");
    answer["route"] = json!("acq-1");
    let second = report(&shop, &id, &answer).await.json;
    assert_eq!(
        (text(&second["decision"]), &second["attemptNumber"], &second["attemptsRemaining"]),
        ("RETRY", &json!(2), &json!(6))
    );
    assert_ne!(second["decisionId"], view["decisionId"]);
    assert!(time(&second["retryAtUtc"]) > at && second["customProperties"] == json!({}));
    set_clock(&shop, time(&second["retryAtUtc"])).await;
    let last = report(&shop, &id, &tried(true, "00")).await.json;
    assert_eq!((text(&last["state"]), text(&last["decision"]), &last["statusCode"]), ("SUCCEEDED", "NONE", &Value::Null));
    assert_eq!((&last["how"], &last["retryAtUtc"], &last["attemptsRemaining"]), (&Value::Null, &Value::Null, &json!(0)));
    shop.advance("P60D").await;
    let events = told(&shop, &id).await;
    let sequence: Vec<_> = events.iter().map(|event| event["EventData"]["Sequence"].as_u64().unwrap_or_default()).collect();
    assert_eq!((named(&events, "retry.due").len(), sequence), (2, vec![1, 2]), "{events:?}");
    assert!(named(&events, "retry.exhausted").is_empty());
    // What has ended takes no attempt, and an approval that is told twice is none.
    shop.post(&format!("/v1/advice/{id}/attempts"), &tried(false, "51")).await.assert_error(40903);
    assert_eq!(report(&shop, &id, &tried(true, "00")).await.json["customProperties"], json!({"duplicate": "true"}));
    shop.post(&format!("/v1/advice/{id}/cancel"), &json!({})).await.assert_error(40903);
}

#[tokio::test]
async fn every_decision_is_explained_and_made_again() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    let mut present = rebill("05");
    for member in ["isMIT", "isRecurring", "orderSource", "subscription"] {
        present = body::without(present, &format!("/{member}"));
    }
    let hours = json!({"allowedLocalHours": "09:00-17:00", "minIntervalMinutes": 90, "routes": ["acq-1"], "maxAttempts": 3});
    for sent in [with_policy(rebill("51"), hours), rebill("91"), rebill("54"), rebill("1A"), present] {
        let view = advise(&shop, &sent).await.json;
        let id = text(&view["adviceId"]).to_owned();
        let code = sent["transaction"]["responseCode"].as_str().expect("a code");
        for _ in 0..3 {
            if text(&read(&shop, &id).await["state"]) == "OPEN" {
                report(&shop, &id, &tried(false, code)).await;
            }
        }
        let path = format!("/v1/advice/{id}/explanation");
        let all = shop.get(&format!("{path}?decision=all")).await.must(200).json;
        let decisions = all["decisions"].as_array().expect("decisions");
        assert!(decisions.len() >= 2 && all["orderId"] == json!(id), "{all}");
        assert_eq!(decisions[0]["decisionId"], view["decisionId"]);
        for decision in decisions {
            assert_eq!((&decision["replayed"], &decision["replayNote"]), (&json!(true), &Value::Null), "{code}: {decision}");
        }
        let latest = shop.get(&path).await.must(200).json;
        assert_eq!(latest["decisions"], json!([decisions.last().expect("a decision")]));
        server.login(&cast().stranger.sandbox).await.get(&path).await.assert_error(40401);
    }
}

#[tokio::test]
async fn every_end_without_success_is_told_once() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    let now = shop.now().await;

    let one = advise(&shop, &with_policy(rebill("51"), json!({"maxAttempts": 1}))).await.text("adviceId").to_owned();
    let view = report(&shop, &one, &tried(false, "51")).await.json;
    assert_eq!((text(&view["state"]), text(&view["decision"]), text(&view["statusCode"])), ("STOPPED", "STOP", "NOT_RESCUED"));

    let revoked = advise(&shop, &rebill("R1")).await.json;
    assert_eq!((text(&revoked["state"]), text(&revoked["statusCode"])), ("STOPPED", "HARD_DECLINE"));

    let deadline = (now + 30.hours()).to_string();
    let late = advise(&shop, &with_policy(rebill("62"), json!({"deadlineUtc": deadline}))).await.json;
    assert_eq!((text(&late["state"]), text(&late["decision"]), &late["retryAtUtc"]), ("OPEN", "NONE", &Value::Null));

    let unwanted = advise(&shop, &rebill("51")).await.text("adviceId").to_owned();
    for _ in 0..2 {
        let cancelled = shop.post(&format!("/v1/advice/{unwanted}/cancel"), &json!({})).await.must(200);
        assert_eq!(cancelled.text, "", "success is an empty body");
    }

    // Twenty attempts on the card and amount within days: Visa allows no more before the deadline.
    let mut limited = rebill("51");
    limited["attempts"] = (0..20)
        .map(|n| json!({"transactionId": format!("t{n}"), "timestampUtc": (now - n.hours()).to_string(), "responseCode": "51", "approved": false}))
        .collect();
    limited["policy"] = json!({"deadlineUtc": (now + 240.hours()).to_string()});
    let limited = advise(&shop, &limited).await.json;
    assert_eq!((text(&limited["state"]), text(&limited["statusCode"])), ("STOPPED", "LIMIT_REACHED"), "{limited}");
    assert!(limited["boundBy"].as_array().expect("rules").contains(&json!("visa.m30")), "{limited}");

    shop.advance("P30D").await;
    shop.advance("P40D").await;
    for (id, state, reason) in [
        (one.as_str(), "STOPPED", "attempts"),
        (text(&revoked["adviceId"]), "STOPPED", "hard_decline"),
        (text(&late["adviceId"]), "EXPIRED", "deadline"),
        (unwanted.as_str(), "CANCELLED", "cancelled"),
        (text(&limited["adviceId"]), "STOPPED", "network_limit"),
    ] {
        assert_eq!(exhausted(&shop, id).await, [reason], "{state}");
        assert_eq!(text(&read(&shop, id).await["state"]), state);
    }
}

#[tokio::test]
async fn a_key_gives_the_same_answer_and_an_order_id_the_same_advice() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    let sent = rebill("51");
    let first = advise(&shop, &sent).await;
    let id = first.text("adviceId").to_owned();
    let again = advise(&shop, &sent).await;
    assert_eq!((again.text.as_str(), again.header("idempotent-replayed")), (first.text.as_str(), "true"));
    shop.post("/v1/advice", &body::with(sent.clone(), "/transaction/amount", json!(2000))).await.assert_error(40901);
    let repeat = body::with(sent.clone(), "/idempotencyKey", json!(guid()));
    let other = advise(&shop, &repeat).await;
    assert_eq!((other.text.as_str(), other.header("idempotent-replayed")), (first.text.as_str(), ""));

    let attempt = tried(false, "51");
    let booked = report(&shop, &id, &attempt).await;
    let replayed = report(&shop, &id, &attempt).await;
    assert_eq!((replayed.text.as_str(), replayed.header("idempotent-replayed")), (booked.text.as_str(), "true"));
    let path = format!("/v1/advice/{id}/attempts");
    shop.post(&path, &body::with(attempt.clone(), "/approved", json!(true))).await.assert_error(40901);
    assert_eq!(read(&shop, &id).await["attemptNumber"], 2, "counted once");
    // The same transaction of the same moment under another key is no second attempt.
    let mut timed = body::with(tried(false, "51"), "/transaction/timestampUtc", json!(shop.now().await.to_string()));
    report(&shop, &id, &timed).await;
    timed["idempotencyKey"] = json!(guid());
    let known = report(&shop, &id, &timed).await.json;
    assert_eq!((&known["attemptNumber"], &known["customProperties"]), (&json!(3), &json!({"duplicate": "true"})));
    // Once it has ended, the order id begins anew; once it is paid, it does not.
    shop.post(&format!("/v1/advice/{id}/cancel"), &json!({})).await.must(200);
    let next = advise(&shop, &body::with(sent.clone(), "/idempotencyKey", json!(guid()))).await.json;
    assert_ne!(next["adviceId"], json!(id));
    report(&shop, text(&next["adviceId"]), &tried(true, "00")).await;
    let paid = advise(&shop, &body::with(sent, "/idempotencyKey", json!(guid()))).await.json;
    assert_eq!((&paid["adviceId"], text(&paid["state"])), (&next["adviceId"], "SUCCEEDED"));
}

#[tokio::test]
async fn two_requests_at_once_open_one_advice() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let sent = rebill("51");
    let calls = (0..8).map(|_| {
        let (shop, body) = (shop.clone(), body::with(sent.clone(), "/idempotencyKey", json!(guid())));
        tokio::spawn(async move { advise(&shop, &body).await.text("adviceId").to_owned() })
    });
    let mut ids = vec![];
    for call in calls.collect::<Vec<_>>() {
        ids.push(call.await.expect("an answer"));
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let keyless = body::without(sent.clone(), "/idempotencyKey");
    let faults = shop.post("/v1/advice", &keyless).await.faults();
    assert_eq!(faults, [("IdempotencyKey".into(), "The IdempotencyKey field is required.".into())]);
    let header = [("idempotency-key", "by-header")];
    shop.post_with("/v1/advice", &header, &keyless).await.must(200);
}

#[tokio::test]
async fn nobody_else_sees_or_moves_an_advice() {
    let server = Rig::default().prepare();
    let made = server.run(&["key", "create", "--name", "narrow", "--mid", &cast().shop.mid, "--scope", "evaluate"]);
    let server = server.started().await;
    let shop = server.shop().await;
    let id = advise(&shop, &rebill("51")).await.text("adviceId").to_owned();
    let before = read(&shop, &id).await;
    let narrow = recoup_tests::Keys {
        app_key: text(&made["appKey"]).to_owned(),
        app_secret: text(&made["appSecret"]).to_owned(),
        client: text(&made["client"]).to_owned(),
    };
    let theirs = advise(&server.login(&cast().stranger.sandbox).await, &rebill("51")).await.text("adviceId").to_owned();
    for (who, client, code) in [
        ("another merchant", server.login(&cast().stranger.sandbox).await, 40401),
        ("the other environment", server.login(&cast().shop.production).await, 40401),
        ("a key without the scope", server.login(&narrow).await, 40302),
    ] {
        let path = format!("/v1/advice/{id}");
        client.get(&path).await.assert_error(code);
        client.post(&format!("{path}/attempts"), &tried(true, "00")).await.assert_error(code);
        client.post(&format!("{path}/cancel"), &json!({})).await.assert_error(code);
        if code == 40302 {
            client.post("/v1/advice", &rebill("51")).await.assert_error(code);
        }
        assert_eq!(read(&shop, &id).await, before, "{who}");
    }
    // The partner of the shop sees its advice, and not that of a merchant that is none of its own.
    let partner = server.login(&cast().partner).await;
    assert_eq!(read(&partner, &id).await, before);
    partner.get(&format!("/v1/advice/{theirs}")).await.assert_error(40401);
    partner.post("/v1/advice", &body::with(rebill("51"), "/mid", json!(cast().stranger.mid))).await.assert_error(40301);
    assert!(partner.post("/v1/advice", &rebill("51")).await.faults().iter().any(|(path, _)| path == "Mid"));
    advise(&partner, &body::with(rebill("51"), "/mid", json!(cast().shop.mid))).await;
    shop.get(&format!("/v1/advice/{}", guid())).await.assert_error(40401);
    shop.get("/v1/advice/nonsense").await.assert_error(40401);
    // The same order id of another merchant is another payment.
    let sent = rebill("51");
    let mine = advise(&shop, &sent).await;
    let other = advise(&server.login(&cast().stranger.sandbox).await, &sent).await;
    assert_ne!(mine.text("adviceId"), other.text("adviceId"));
}

#[tokio::test]
async fn attempts_before_the_earliest_moment_are_booked_and_flagged() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    let view = advise(&shop, &with_policy(rebill("51"), json!({"minIntervalMinutes": 600}))).await.json;
    let id = text(&view["adviceId"]).to_owned();
    let earliest = time(&view["retryNotBeforeUtc"]);
    assert_eq!(earliest, shop.now().await + 10.hours(), "{view}");
    let early = report(&shop, &id, &tried(false, "51")).await.json;
    assert_eq!((&early["customProperties"], &early["attemptNumber"]), (&json!({"tooEarly": "true"}), &json!(2)));
    let next = time(&early["retryNotBeforeUtc"]);
    set_clock(&shop, next).await;
    let lawful = report(&shop, &id, &tried(false, "51")).await.json;
    assert_eq!((&lawful["customProperties"], &lawful["attemptNumber"]), (&json!({}), &json!(3)));
    assert!(time(&lawful["retryAtUtc"]) >= next + 10.hours());
}

#[tokio::test]
async fn attempts_made_elsewhere_count_toward_every_limit() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    let now = shop.now().await;
    let mastercard = known_card("55555555");
    let copy = |when: Timestamp| {
        let mut copy = body::copy(true);
        copy["isMIT"] = json!(true);
        copy["paymentMethod"] = mastercard.clone();
        copy["transaction"]["timestampUtc"] = json!(when.to_string());
        copy
    };
    // Ten in 24 hours, of other amounts and other orders.
    let copies: Vec<Value> = (1..=10).map(|n| copy(now - (n * 10).minutes())).collect();
    shop.post("/v1/transmit", &json!(copies)).await.must(200);
    let mut sent = rebill("91");
    sent["paymentMethod"] = mastercard.clone();
    let view = advise(&shop, &sent).await.json;
    assert!(view["boundBy"].as_array().expect("rules").contains(&json!("mc.h24")), "{view}");
    assert!(time(&view["retryNotBeforeUtc"]) >= now + 22.hours(), "{view}");
    assert!(time(&view["retryAtUtc"]) >= time(&view["retryNotBeforeUtc"]));

    // What is transmitted after the decision is seen when the attempt would be due.
    let mut free = rebill("91");
    free["paymentMethod"] = known_card("55555555");
    let planned = advise(&shop, &free).await.json;
    let at = time(&planned["retryAtUtc"]);
    assert!(at < now + 2.hours(), "a technical decline is tried soon: {planned}");
    set_clock(&shop, at - 3.minutes()).await;
    let later: Vec<Value> = (1..=10)
        .map(|n| {
            let mut copy = copy(at - 3.minutes() - n.seconds());
            copy["paymentMethod"] = free["paymentMethod"].clone();
            copy
        })
        .collect();
    shop.post("/v1/transmit", &json!(later)).await.must(200);
    set_clock(&shop, at + 1.minute()).await;
    let id = text(&planned["adviceId"]).to_owned();
    let moved = read(&shop, &id).await;
    assert!(named(&told(&shop, &id).await, "retry.due").is_empty(), "{moved}");
    assert!(time(&moved["retryAtUtc"]) >= at + 23.hours() && moved["decisionId"] != planned["decisionId"], "{moved}");
    // The caller's own reports count as well, and as transmitted: a copy that comes later is no second attempt.
    let attempt = tried(false, "91");
    report(&shop, &id, &attempt).await;
    let mut copied = body::copy(true);
    copied["orderId"] = free["orderId"].clone();
    copied["transaction"] = attempt["transaction"].clone();
    let copied = shop.post("/v1/transmit", &copied).await.must(200).json;
    assert_eq!(copied["customProperties"]["duplicate"], "true");
}

#[tokio::test]
async fn hours_are_the_cardholders() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    for (offset, minutes) in [("-08:00", -480), ("-05:00", -300), ("00:00", 0), ("+05:30", 330), ("+13:00", 780)] {
        for (hours, from, length) in [("09:00-17:00", 540, 480), ("22:00-06:00", 1320, 480), ("12:30-12:45", 750, 15)] {
            for code in ["51", "91", "05"] {
                let mut sent = with_policy(rebill(code), json!({"allowedLocalHours": hours}));
                sent["transaction"]["timezoneUtcOffset"] = json!(offset);
                let mut view = advise(&shop, &sent).await.json;
                for _ in 0..2 {
                    let what = format!("{offset} {hours} {code}: {view}");
                    for member in ["retryNotBeforeUtc", "retryAtUtc"] {
                        let local = time(&view[member]).as_second().div_euclid(60) + minutes;
                        assert!((local - from).rem_euclid(1440) < length, "{member} {what}");
                    }
                    let until = time(&view["retryNotAfterUtc"]).as_second().div_euclid(60) + minutes;
                    assert!((until - from - 1).rem_euclid(1440) < length, "{what}");
                    view = report(&shop, text(&view["adviceId"]), &tried(false, code)).await.json;
                    if view["retryAtUtc"].is_null() {
                        break;
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn what_happens_elsewhere_ends_it() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    // Paid: a copy of an approval under the same order id.
    let sent = rebill("51");
    let paid = advise(&shop, &sent).await.text("adviceId").to_owned();
    let copy = body::with(body::copy(false), "/orderId", sent["orderId"].clone());
    shop.post("/v1/transmit", &copy).await.must(200);
    let view = read(&shop, &paid).await;
    assert_eq!(
        (text(&view["state"]), text(&view["statusCode"]), text(&view["decision"])),
        ("SUCCEEDED", "PAID_ELSEWHERE", "NONE")
    );
    // Paid: an outcome of a transaction that was transmitted as declined.
    let later = rebill("51");
    let outcome = advise(&shop, &later).await.text("adviceId").to_owned();
    let copy = body::with(body::copy(true), "/orderId", later["orderId"].clone());
    let transmit = shop.post("/v1/transmit", &copy).await.must(200).text("transmitId").to_owned();
    shop.post(&format!("/v1/transmit/{transmit}/outcome"), &json!({"outcome": "approved"})).await.must(200);
    assert_eq!(text(&read(&shop, &outcome).await["state"]), "SUCCEEDED");
    assert_eq!((exhausted(&shop, &paid).await.len(), exhausted(&shop, &outcome).await.len()), (0, 0));
    // Disputed.
    let sent = rebill("51");
    let disputed = advise(&shop, &sent).await.text("adviceId").to_owned();
    let mut chargeback = body::with(body::copy(false), "/orderId", sent["orderId"].clone());
    chargeback["transaction"]["responseStatus"] = json!("Chargeback");
    shop.post("/v1/transmit", &chargeback).await.must(200);
    let view = read(&shop, &disputed).await;
    assert_eq!((text(&view["state"]), text(&view["statusCode"])), ("STOPPED", "DISPUTED"));
    assert_eq!(exhausted(&shop, &disputed).await, ["hard_decline"]);
    // The customer is blocked: what is open ends, and nothing new is advised.
    let sent = rebill("51");
    let blocked = advise(&shop, &sent).await.text("adviceId").to_owned();
    shop.post("/v1/blocklist", &json!({"kind": "customer", "value": sent["payer"]["id"]})).await.must(201);
    let view = read(&shop, &blocked).await;
    assert_eq!((text(&view["state"]), text(&view["decision"]), text(&view["statusCode"])), ("STOPPED", "STOP", "BLOCKED"));
    assert_eq!(exhausted(&shop, &blocked).await, ["cancelled"]);
    let fresh = advise(&shop, &body::with(rebill("51"), "/payer/id", sent["payer"]["id"].clone())).await.json;
    assert_eq!((text(&fresh["state"]), text(&fresh["statusCode"])), ("STOPPED", "BLOCKED"));
    // An order under rescue is not advised on as well.
    let order = body::mit(card::NSF[3]);
    shop.evaluate(&order).await;
    shop.post("/v1/advice", &body::with(rebill("51"), "/orderId", order["orderId"].clone())).await.assert_error(40903);
}

#[tokio::test]
async fn new_data_and_customers_are_asked_for() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    // Expired: the updater first; then, without news, the customer.
    let sent = rebill("54");
    let view = advise(&shop, &sent).await.json;
    let id = text(&view["adviceId"]).to_owned();
    assert_eq!((text(&view["decision"]), text(&view["how"]["credential"])), ("WAIT_FOR_DATA", "updated"));
    assert_eq!((&view["retryAtUtc"], &view["retryNotBeforeUtc"]), (&Value::Null, &Value::Null));
    let asked = report(&shop, &id, &tried(false, "54")).await.json;
    assert_eq!(
        (text(&asked["state"]), text(&asked["decision"]), text(&asked["how"]["credential"])),
        ("OPEN", "ASK_CUSTOMER", "other")
    );
    // A new card joins by a second call and is worth an attempt.
    shop.advance("PT1H").await;
    let mut renewed = body::with(sent.clone(), "/idempotencyKey", json!(guid()));
    renewed["paymentMethod"] = known_card("41111111");
    let joined = advise(&shop, &renewed).await.json;
    assert_eq!(
        (text(&joined["adviceId"]), text(&joined["decision"]), text(&joined["how"]["credential"])),
        (id.as_str(), "RETRY", "updated")
    );
    assert!(time(&joined["retryAtUtc"]) < shop.now().await + 1.hours());
    // Authentication is the customer's; so is everything about a payment that the customer made.
    let sca = advise(&shop, &rebill("1A")).await.json;
    let sca = report(&shop, text(&sca["adviceId"]), &tried(false, "1A")).await.json;
    assert_eq!(
        (text(&sca["decision"]), &sca["how"]["stepUp3ds"], text(&sca["declineClass"])),
        ("ASK_CUSTOMER", &json!(true), "SCA")
    );
    let mut present = rebill("51");
    for member in ["isMIT", "isRecurring", "orderSource", "subscription"] {
        present = body::without(present, &format!("/{member}"));
    }
    let cit = advise(&shop, &present).await.json;
    assert_eq!((text(&cit["decision"]), text(&cit["how"]["initiator"])), ("ASK_CUSTOMER", "CIT"));
    assert_eq!((&cit["how"]["mitReason"], &cit["how"]["omitCvv"]), (&Value::Null, &json!(false)));
    let reasons = |source: &str, recurring: bool| {
        let mut body = body::without(rebill("51"), "/subscription");
        body["orderSource"] = json!(source);
        body["isRecurring"] = json!(recurring);
        body
    };
    for (body, reason) in [
        (reasons("installment", true), "installment"),
        (reasons("ecommerce", true), "recurring"),
        (reasons("ecommerce", false), "unscheduled"),
    ] {
        assert_eq!(text(&advise(&shop, &body).await.json["how"]["mitReason"]), reason);
    }
    let mut resubmitted = reasons("ecommerce", false);
    resubmitted["attempts"] = json!([{"timestampUtc": (shop.now().await - 48.hours()).to_string(), "responseCode": "51", "approved": false, "initiator": "CIT"}]);
    assert_eq!(text(&advise(&shop, &resubmitted).await.json["how"]["mitReason"]), "resubmission");
}

#[tokio::test]
async fn parts_leave_a_rest() {
    let server = Server::start().await;
    let shop = frozen(&server).await;
    let part = body::with(tried(true, "10"), "/transaction/amount", json!(500));
    let id = advise(&shop, &with_policy(rebill("51"), json!({"allowPartial": true}))).await.text("adviceId").to_owned();
    let rest = report(&shop, &id, &part).await.json;
    assert_eq!((text(&rest["state"]), text(&rest["decision"]), &rest["how"]["amount"]), ("OPEN", "RETRY", &json!(1499)));
    let done = report(&shop, &id, &body::with(tried(true, "00"), "/transaction/amount", json!(1499))).await.json;
    assert_eq!(text(&done["state"]), "SUCCEEDED");
    let id = advise(&shop, &rebill("51")).await.text("adviceId").to_owned();
    let whole = report(&shop, &id, &body::with(part, "/idempotencyKey", json!(guid()))).await.json;
    assert_eq!(text(&whole["state"]), "SUCCEEDED", "without allowPartial what was collected is all");
    let other = body::with(tried(true, "00"), "/transaction/currency", json!("EUR"));
    let id = advise(&shop, &rebill("51")).await.text("adviceId").to_owned();
    let faults = shop.post(&format!("/v1/advice/{id}/attempts"), &other).await.faults();
    assert_eq!(faults, [("Transaction.Currency".into(), "The field Currency is invalid.".into())]);
}

#[tokio::test]
async fn cards_are_named_without_their_number() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let faults = |reply: &Reply| reply.faults().into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    let with_card = |card: Value| body::with(rebill("51"), "/paymentMethod", card);
    let refused = shop.post("/v1/advice", &with_card(json!({"cardNumber": card::VISA}))).await;
    assert_eq!(refused.faults(), [("PaymentMethod.CardNumber".into(), "Card numbers are not accepted; send a token.".into())]);
    assert!(!server.client().get("/healthz").await.text.contains(card::VISA));
    let unknown = shop.post("/v1/advice", &with_card(json!({"cardNumber": guid()}))).await;
    assert_eq!(unknown.faults(), [("PaymentMethod.CardNumber".into(), "The payment method token is unknown.".into())]);
    let little = shop.post("/v1/advice", &with_card(json!({"cardBinNumber": "411111"}))).await;
    assert_eq!(
        faults(&little),
        [
            "PaymentMethod.CardFingerprint",
            "PaymentMethod.CardLast4Digits",
            "PaymentMethod.ExpirationMonth",
            "PaymentMethod.ExpirationYear",
        ]
    );
    let none = body::without(body::without(rebill("51"), "/paymentMethod"), "/payer");
    assert_eq!(faults(&shop.post("/v1/advice", &body::without(none, "/subscription")).await), ["PaymentMethod"]);
    // A token of another merchant is unknown; one's own is enough.
    let theirs = server.login(&cast().stranger.sandbox).await.tokenize(card::VISA, None).await;
    let foreign = shop.post("/v1/advice", &with_card(json!({"cardNumber": theirs}))).await;
    assert_eq!(faults(&foreign), ["PaymentMethod.CardNumber"]);
    let token = shop.tokenize(card::VISA, None).await;
    let view = advise(&shop, &with_card(json!({"Token": true, "cardNumber": token}))).await.json;
    assert_eq!(text(&view["decision"]), "RETRY");
    // All faults at once, those of the policy and of the merchant's state among them.
    let mut wrong = with_policy(rebill("51"), json!({"deadlineUtc": "2020-01-01T00:00:00Z", "maxAttempts": 99}));
    wrong["siteId"] = json!(cast().stranger.site);
    wrong["transaction"]["amount"] = json!(0);
    assert_eq!(
        faults(&shop.post("/v1/advice", &wrong).await),
        ["Policy.DeadlineUtc", "Policy.MaxAttempts", "SiteId", "Transaction.Amount"]
    );
}
