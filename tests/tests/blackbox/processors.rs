//! Processor accounts, routes and notifications (`wire-api` §10.5) against gateways of our own.

use recoup_tests::{
    Client, Reply, Rig, Server, body, card, cast,
    gateway::{Gateway, Manner, SECRET, notify},
    guid, until,
};
use reqwest::Method;
use serde_json::{Value, json};

const OTHER_SECRET: &str = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

/// A server whose shop is live, with the operator in production.
async fn live() -> (Server, Client, Client) {
    let prepared = Rig::default().config("webhooks", "allow_private = [\"127.0.0.0/8\"]").prepare();
    prepared.run(&["channel", "set", "--mid", &cast().shop.mid, "cit_web=production", "mit=production"]);
    let made = prepared.run(&["key", "create", "--name", "ops", "--operator", "--environment", "production"]);
    let text = |member: &str| made[member].as_str().expect("a new key").to_owned();
    let keys = recoup_tests::Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") };
    let server = prepared.started().await;
    let (operator, shop) = (server.login(&keys).await, server.login(&cast().shop.production).await);
    (server, operator, shop)
}

async fn account(operator: &Client, name: &str, gateway: &Gateway, further: Value) -> String {
    let mut draft = json!({
        "name": name, "kind": "http", "environment": "production", "baseUrl": gateway.base,
        "credentials": {"webhookSecret": SECRET},
    });
    draft.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
    operator.post("/v1/processors", &draft).await.must(201).text("id").to_owned()
}

async fn routes(operator: &Client, lines: Value) -> Reply {
    operator.send(Method::PUT, "/v1/routes", &[], Some(lines.to_string())).await.must(200)
}

/// A declined payment by a live card.
fn payment(currency: &str) -> Value {
    body::with(body::cit(card::REAL_LOOKING), "/transaction/currency", json!(currency))
}

fn result(attempt: &Value, approved: bool) -> Value {
    let code = if approved { "00" } else { "51" };
    json!({"type": "attempt.result", "data": {"attempt_id": attempt["attempt_id"], "approved": approved, "response_code": code}})
}

async fn told(client: &Client, processor: &str, id: &str, body: &Value) -> u16 {
    notify(client, processor, id, &body.to_string(), SECRET, 0).await.status
}

#[tokio::test]
async fn payments_go_by_currency_weight_status_and_what_an_account_takes() {
    let (_server, operator, shop) = live().await;
    let (euro, left, right) =
        (Gateway::start(Manner::Approve).await, Gateway::start(Manner::Approve).await, Gateway::start(Manner::Approve).await);
    let a = account(&operator, "euro", &euro, json!({"capabilities": {"currencies": ["EUR"]}})).await;
    let b = account(&operator, "left", &left, json!({})).await;
    let c = account(&operator, "right", &right, json!({})).await;
    let table = routes(
        &operator,
        json!([
            {"processorId": a, "priority": 1},
            {"processorId": b, "priority": 2, "weight": 1, "when": {"maxAmount": 5000}},
            {"processorId": c, "priority": 2, "weight": 1},
        ]),
    )
    .await;
    assert_eq!(table.json[1]["when"]["maxAmount"], 5000);
    assert_eq!(shop.evaluate(&payment("EUR")).await.verdict(), ("APPROVED", None));
    assert_eq!((euro.attempts().len(), left.attempts().len() + right.attempts().len()), (1, 0));
    for _ in 0..16 {
        assert_eq!(shop.evaluate(&payment("USD")).await.verdict(), ("APPROVED", None));
    }
    assert_eq!(euro.attempts().len(), 1, "an account gets only its currencies");
    let (to_left, to_right) = (left.attempts().len(), right.attempts().len());
    assert!(to_left > 0 && to_right > 0 && to_left + to_right == 16, "{to_left} and {to_right}");
    let large = body::with(payment("USD"), "/transaction/amount", json!(5001));
    shop.evaluate(&large).await;
    assert_eq!((left.attempts().len(), right.attempts().len()), (to_left, to_right + 1), "the condition binds");
    operator.patch(&format!("/v1/processors/{c}"), &json!({"status": "PAUSED"})).await.must(200);
    for _ in 0..4 {
        shop.evaluate(&payment("USD")).await;
    }
    assert_eq!((left.attempts().len(), right.attempts().len()), (to_left + 4, to_right + 1), "a paused account gets none");
    assert_eq!(shop.evaluate(&large_again()).await.verdict(), ("DECLINED", Some("NO_ROUTE")));
}

fn large_again() -> Value {
    body::with(payment("USD"), "/transaction/amount", json!(5001))
}

#[tokio::test]
async fn a_technical_decline_or_a_refusal_is_followed_by_the_next_route_within_the_visit() {
    let (_server, operator, shop) = live().await;
    let (first, second) = (Gateway::start(Manner::Decline("96")).await, Gateway::start(Manner::Approve).await);
    let a = account(&operator, "first", &first, json!({})).await;
    let b = account(&operator, "second", &second, json!({})).await;
    routes(&operator, json!([{"processorId": a, "when": {"attemptTo": 1}}, {"processorId": b, "when": {"attemptFrom": 2}}]))
        .await;
    let approved = shop.evaluate(&payment("USD")).await;
    assert_eq!(approved.verdict(), ("APPROVED", None));
    let order = shop.order(approved.text("orderSessionKey")).await;
    let tried: Vec<_> = order["attempts"]["items"].as_array().unwrap().iter().map(|item| item["processor"].clone()).collect();
    assert_eq!(tried, ["first", "second"]);
    assert_eq!((first.attempts().len(), second.attempts().len()), (1, 1));
    assert_eq!(second.attempts()[0]["attempt_number"], 2);

    first.behave(Manner::Refuse);
    assert_eq!(shop.evaluate(&payment("USD")).await.verdict(), ("APPROVED", None));
    assert_eq!((first.attempts().len(), second.attempts().len()), (2, 2));

    first.behave(Manner::Decline("51"));
    assert_eq!(shop.evaluate(&payment("USD")).await.verdict().0, "DECLINED");
    assert_eq!(second.attempts().len(), 2, "an answer of the issuer stands");

    first.behave(Manner::Lose);
    assert_eq!(shop.evaluate(&payment("USD")).await.verdict(), ("DECLINED", Some("TIMEOUT")));
    assert_eq!(second.attempts().len(), 2, "never after an unknown result");

    first.behave(Manner::Decline("96"));
    second.behave(Manner::Decline("96"));
    assert_eq!(shop.evaluate(&payment("USD")).await.verdict(), ("DECLINED", Some("NOT_RESCUED")));
    assert_eq!((first.attempts().len(), second.attempts().len()), (5, 3), "each account once");
}

#[tokio::test]
async fn notifications_settle_what_is_unknown_and_nothing_else() {
    let (_server, operator, shop) = live().await;
    let gateway = Gateway::start(Manner::Lose).await;
    let id = account(&operator, "lossy", &gateway, json!({})).await;
    let other = account(&operator, "other", &gateway, json!({})).await;
    routes(&operator, json!([{"processorId": id}])).await;
    let cit = shop.evaluate(&payment("USD")).await;
    assert_eq!(cit.verdict(), ("DECLINED", Some("TIMEOUT")));
    let session = cit.text("orderSessionKey").to_owned();
    let attempt = gateway.attempts().pop().expect("an attempt was sent");
    let open = |order: Value| order["engineState"] == "RECONCILING";
    until("the attempt is unknown", || async { open(shop.order(&session).await).then_some(()) }).await;

    let public = shop.with_token(None);
    let approved = result(&attempt, true).to_string();
    for (processor, secret, offset, what) in [
        (&id, OTHER_SECRET, 0, "forged"),
        (&id, SECRET, -301, "stale"),
        (&id, SECRET, 301, "ahead"),
        (&guid(), SECRET, 0, "unknown account"),
    ] {
        let reply = notify(&public, processor, "n-1", &approved, secret, offset).await;
        assert_eq!(reply.status, 401, "{what}");
        assert!(open(shop.order(&session).await), "{what}");
    }
    public.post(&format!("/v1/processors/{id}/webhook"), &result(&attempt, true)).await.assert_error(40101);
    assert_eq!(told(&public, &other, "n-1", &result(&attempt, false)).await, 204, "another account's attempt is unknown to it");
    assert!(open(shop.order(&session).await));
    assert_eq!(told(&public, &id, "n-0", &json!({"type": "attempt.result", "data": {}})).await, 400);
    assert_eq!(told(&public, &id, "n-2", &json!({"type": "payout.made", "data": {}})).await, 204);

    // The customer was told "declined": an approval is booked and given back.
    assert_eq!(told(&public, &id, "n-3", &result(&attempt, true)).await, 204);
    let settled = shop.order(&session).await;
    assert_eq!((&settled["engineState"], &settled["attempts"]["approved"]), (&json!("REJECTED"), &json!(1)));
    for (note, body) in [("n-3", result(&attempt, true)), ("n-4", result(&attempt, true)), ("n-5", result(&attempt, false))] {
        assert_eq!(told(&public, &id, note, &body).await, 204, "{note}");
        assert_eq!(shop.order(&session).await["attempts"], settled["attempts"], "{note}");
    }
    let large = json!({"type": "attempt.result", "data": {"x": "x".repeat(300 * 1024)}});
    assert_eq!(told(&public, &id, "n-6", &large).await, 413);
}

#[tokio::test]
async fn notifications_settle_refunds_and_bring_chargebacks() {
    let (_server, operator, shop) = live().await;
    let gateway = Gateway::start(Manner::Approve).await;
    let id = account(&operator, "gateway", &gateway, json!({})).await;
    routes(&operator, json!([{"processorId": id}])).await;
    let order = shop.evaluate(&payment("USD")).await.text("orderSessionKey").to_owned();
    let attempt = gateway.attempts().pop().unwrap();
    let public = shop.with_token(None);
    gateway.lose_refunds();
    shop.post(&format!("/v1/orders/{order}/refund"), &json!({"amountToRefund": 1.0})).await.assert_error(50200);
    let refund = gateway.refunds().pop().expect("a refund was asked for");
    let news = json!({"type": "refund.result", "data": {"refund_id": refund["refund_id"], "refunded": true}});
    assert_eq!(told(&public, &id, "r-1", &news).await, 204);
    assert_eq!(shop.order(&order).await["amountRefunded"], 100);
    let against = json!({"type": "refund.result", "data": {"refund_id": refund["refund_id"], "refunded": false}});
    assert_eq!(told(&public, &id, "r-2", &against).await, 204);
    assert_eq!(shop.order(&order).await["amountRefunded"], 100, "a settled refund stays");
    let dispute = json!({"type": "chargeback.received", "data": {
        "reference": "D-1", "attempt_id": attempt["attempt_id"], "amount_minor": 1999, "currency": "USD", "reason_code": "10.4"}});
    assert_eq!(told(&public, &id, "c-1", &dispute).await, 204);
    assert_eq!(told(&public, &id, "c-1", &dispute).await, 204);
    let shown = shop.order(&order).await;
    assert_eq!((&shown["isChargeback"], shown["chargebacks"].as_array().map(Vec::len)), (&json!(true), Some(1)));
}

#[tokio::test]
async fn accounts_are_managed_their_secrets_never_shown() {
    let (server, operator, _) = live().await;
    let gateway = Gateway::start(Manner::Approve).await;
    let secret = "Bearer a-very-secret-value";
    let id = account(
        &operator,
        "one",
        &gateway,
        json!({"credentials": {"headers": {"Authorization": secret}, "webhookSecret": SECRET}}),
    )
    .await;
    let path = format!("/v1/processors/{id}");
    let shown = operator.get(&path).await.must(200);
    assert_eq!(shown.json["credentialsSet"], json!(["headers.authorization", "webhookSecret"]));
    let changed = operator.patch(&path, &json!({"name": "two", "credentials": {"webhookSecret": ""}})).await.must(200);
    assert_eq!((changed.text("name"), &changed.json["credentialsSet"]), ("two", &json!(["headers.authorization"])));
    let stale = operator.send(Method::PATCH, &path, &[("if-match", "\"1\"")], Some("{\"name\":\"x\"}".into())).await;
    assert_eq!(stale.status, 412);
    let kinds = operator.get("/v1/processors/kinds").await.must(200);
    assert_eq!(kinds.json[0]["name"], "http");
    routes(&operator, json!([{"processorId": id}])).await;
    operator.delete(&path).await.assert_error(40903);
    routes(&operator, json!([])).await;
    assert_eq!(operator.delete(&path).await.status, 204);
    operator.get(&path).await.assert_error(40401);
    told_in_the_trail(&server, &id);
    for text in server.transcript() {
        assert!(!text.contains("a-very-secret-value") && !text.contains(SECRET), "{text}");
    }
    assert!(!server.logs().contains("a-very-secret-value"));
    let paths = |reply: Reply| reply.faults().into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    let faults =
        operator.post("/v1/processors", &json!({"kind": "fax", "baseUrl": "http://10.0.0.1/", "status": "ASLEEP"})).await;
    assert_eq!(paths(faults), ["BaseUrl", "Environment", "Kind", "Name", "Status"]);
    let private = json!({"name": "x", "kind": "http", "environment": "production", "baseUrl": "https://169.254.169.254/"});
    assert_eq!(paths(operator.post("/v1/processors", &private).await), ["BaseUrl"]);
    let lines = json!([{"when": {"networks": ["cash"]}}, {"processorId": guid(), "when": {"attemptFrom": 3, "attemptTo": 2}}]);
    let refused = operator.send(Method::PUT, "/v1/routes", &[], Some(lines.to_string())).await;
    assert_eq!(
        paths(refused),
        ["Routes[0].ProcessorId", "Routes[0].When.Networks", "Routes[1].ProcessorId", "Routes[1].When.AttemptTo"]
    );
}

/// What became of the account and of the general table, newest first, signed by the key that did it.
fn told_in_the_trail(server: &Server, id: &str) {
    let entries = server.run(&["processor", "history"]);
    let entries = entries.as_array().expect("entries");
    let changes: Vec<_> = entries.iter().map(|entry| (entry["change"].clone(), entry["members"].clone())).collect();
    let expected = [
        ("removed", json!([])),
        ("changed", json!(["name", "signsNotifications", "credentials"])),
        ("created", json!(["credentials"])),
    ];
    assert_eq!(changes, expected.map(|(change, members)| (json!(change), members)));
    assert!(entries.iter().all(|entry| entry["processor"] == *id && entry["changedBy"] == "ops"), "{entries:?}");
    assert_eq!((&entries[1]["from"]["name"], &entries[1]["to"]["name"]), (&json!("one"), &json!("two")));
    let tables = server.run(&["route", "history"]);
    let lines = |entry: &Value| (entry["before"].clone(), entry["since"].clone());
    assert_eq!(
        tables.as_array().expect("entries").iter().map(lines).collect::<Vec<_>>(),
        [(json!(1), json!(0)), (json!(0), json!(1))]
    );
    assert!(!tables.to_string().contains("a-very-secret-value") && !json!(entries).to_string().contains(SECRET));
}

#[tokio::test]
async fn accounts_and_tables_are_the_callers_own() {
    let (server, operator, shop) = live().await;
    let gateway = Gateway::start(Manner::Approve).await;
    let general = account(&operator, "general", &gateway, json!({})).await;
    shop.get("/v1/processors").await.assert_error(40302);
    shop.get("/v1/routes").await.assert_error(40302);
    server.login(&cast().partner).await.get("/v1/processors").await.assert_error(40303);
    let mid = &cast().shop.mid;
    let keys = |further: &[&str]| {
        let fixed = ["key", "create", "--name", "routing", "--mid", mid, "--scope", "processors"];
        let made = server.run(&[&fixed[..], further].concat());
        let text = |member: &str| made[member].as_str().expect("a new key").to_owned();
        recoup_tests::Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") }
    };
    let own = server.login(&keys(&["--environment", "production"])).await;
    let trial = server.login(&keys(&["--environment", "sandbox"])).await;
    let mine = account(&own, "mine", &gateway, json!({})).await;
    let rows = own.get("/v1/processors").await.must(200).json;
    assert_eq!((&rows["totalItemCount"], &rows["rows"][0]["id"]), (&json!(1), &json!(mine)));
    own.get(&format!("/v1/processors/{general}")).await.assert_error(40401);
    trial.get(&format!("/v1/processors/{mine}")).await.assert_error(40401);
    let draft = json!({"name": "x", "kind": "http", "environment": "production", "baseUrl": gateway.base});
    trial.post("/v1/processors", &draft).await.assert_error(40303);
    let foreign =
        json!({"mid": cast().stranger.mid, "name": "x", "kind": "http", "environment": "production", "baseUrl": gateway.base});
    own.post("/v1/processors", &foreign).await.assert_error(40301);
    own.get(&format!("/v1/routes?mid={}", cast().stranger.mid)).await.assert_error(40301);
    let put = |lines: Value| own.send(Method::PUT, "/v1/routes", &[], Some(lines.to_string()));
    assert_eq!(put(json!([{"processorId": general}])).await.status, 400);
    put(json!([{"processorId": mine}])).await.must(200);
    assert_eq!(operator.get("/v1/routes").await.must(200).json, json!([]), "the general table is another one");
    assert_eq!(operator.get(&format!("/v1/routes?mid={mid}")).await.must(200).json[0]["processorId"], json!(mine));
}

#[tokio::test]
async fn a_cleared_sandbox_is_empty_and_nobody_elses_is() {
    let server = Server::start().await;
    let (shop, stranger) = (server.shop().await, server.login(&cast().stranger.sandbox).await);
    for client in [&shop, &stranger] {
        client.evaluate(&body::cit(card::APPROVED)).await;
        client.evaluate(&body::mit(card::NSF[0])).await;
    }
    for (client, mid) in [(&shop, &cast().shop.mid), (&stranger, &cast().stranger.mid)] {
        let entry = json!({"mid": mid, "kind": "email", "value": "x@y.example"});
        client.post("/v1/blocklist", &entry).await.must(201);
    }
    let blocked = body::with(body::cit(card::APPROVED), "/payer/email", json!("x@y.example"));
    assert_eq!(shop.evaluate(&blocked).await.verdict(), ("DECLINED", Some("BLOCKED")));
    let repeated = body::cit(card::APPROVED);
    let first = shop.evaluate(&repeated).await.text("orderSessionKey").to_owned();
    server.login(&cast().shop.production).await.delete("/v1/sandbox/data").await.assert_error(40303);
    shop.delete(&format!("/v1/sandbox/data?mid={}", cast().stranger.mid)).await.assert_error(40301);
    assert_eq!(shop.delete("/v1/sandbox/data").await.status, 204);
    assert_eq!(shop.get("/v1/orders").await.json["totalItemCount"], 0);
    assert_eq!(stranger.get("/v1/orders").await.json["totalItemCount"], 2);
    assert_eq!(shop.get("/v1/blocklist").await.json["totalItemCount"], 0);
    assert_eq!(stranger.get("/v1/blocklist").await.json["totalItemCount"], 1);
    assert_eq!(shop.evaluate(&blocked).await.verdict(), ("APPROVED", None), "nothing is blocked, the key is free again");
    shop.get(&format!("/v1/orders/{first}")).await.assert_error(40401);
    let again = shop.evaluate(&repeated).await;
    assert_eq!(again.verdict(), ("APPROVED", None));
    assert_ne!(again.text("orderSessionKey"), first, "the idempotency key is free again");
    assert_eq!(shop.delete("/v1/sandbox/data").await.status, 204);
}
