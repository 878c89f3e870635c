//! What every refusal has in common, and who may do what.

use recoup_tests::{Client, Receiver, Server, body, card, cast, guid};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn paths_verbs_sizes_and_types() {
    let server = Server::start().await;
    let shop = server.shop().await;
    for path in ["/", "/v1", "/v1/nothing", "/v2/evaluate", "/v1/evaluate/more", "/v1/orders/a/b/c", "/v1/%00"] {
        for client in [&shop, &server.client()] {
            client.get(path).await.assert_error(40400);
        }
    }
    for (method, path, allow) in [
        (Method::GET, "/v1/evaluate", "POST"),
        (Method::DELETE, "/v1/orders", "GET"),
        (Method::PUT, "/v1/webhooks", "POST"),
        (Method::PATCH, "/v1/oauth2/token", "POST"),
        (Method::POST, "/healthz", "GET"),
    ] {
        let reply = shop.send(method, path, &[], None).await;
        assert!(reply.header("allow").contains(allow), "{path}: {:?}", reply.headers);
        reply.assert_error(40500);
    }
    let head = shop.send(Method::HEAD, "/v1/orders", &[], None).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));

    let large = body::with(body::cit(card::APPROVED), "/deviceDetails", json!("x".repeat(257 * 1024)));
    shop.post("/v1/evaluate", &large).await.assert_error(41300);
    shop.post("/v1/transmit", &large).await.assert_error(41300);
    let list: Vec<_> = (0..1500).map(|_| body::copy(true)).collect();
    let list = json!(list).to_string();
    assert!(list.len() > 257 * 1024, "an array may be larger");
    shop.send(Method::POST, "/v1/transmit", &[], Some(list)).await.must(200);

    for headers in [[("content-type", "text/xml")], [("content-encoding", "gzip")]] {
        let text = body::cit(card::APPROVED).to_string();
        shop.send(Method::POST, "/v1/evaluate", &headers, Some(text)).await.assert_error(41500);
    }
    let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    for text in ["{", "nonsense", "{\"a\":1}}", "[1,2", &format!("{{\"deviceDetails\":{deep}}}")] {
        let reply = shop.send(Method::POST, "/v1/evaluate", &[], Some(text.to_owned())).await;
        assert_eq!(reply.faults()[0].0, "$", "{text}");
    }
}

#[tokio::test]
async fn errors_as_problems() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let accept = [("accept", "application/problem+json")];
    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    for (method, path, body, code, status) in [
        (Method::GET, "/v1/nothing".to_owned(), None, "40400", 404),
        (Method::GET, format!("/v1/orders/{}", guid()), None, "40401", 404),
        (Method::GET, "/v1/evaluate".to_owned(), None, "40500", 405),
        (Method::POST, format!("/v1/orders/{order}/cancel"), Some(json!({})), "40903", 409),
    ] {
        let reply = shop.send(method, &path, &accept, body.map(|body: Value| body.to_string())).await.must(status);
        assert!(reply.header("content-type").starts_with("application/problem+json"));
        assert_eq!((reply.text("type"), reply.text("code")), (format!("urn:recoup:problem:{code}").as_str(), code));
        assert_eq!((&reply.json["status"], reply.text("instance")), (&json!(status), path.as_str()));
        assert_eq!(reply.text("traceId"), reply.header("x-trace-id"));
        assert!(reply.json["title"].is_string() && reply.json["detail"].is_string());
    }
    let invalid =
        shop.post_with("/v1/evaluate", &accept, &body::without(body::cit(card::APPROVED), "/transaction/id")).await.must(400);
    assert_eq!(invalid.text("type"), "urn:recoup:problem:validation");
    assert_eq!(invalid.json["errors"], json!({"Transaction.Id": ["The Id field is required."]}));
    let fine = shop.post_with("/v1/evaluate", &accept, &body::cit(card::APPROVED)).await.must(200);
    assert!(fine.header("content-type").starts_with("application/json"));
}

#[tokio::test]
async fn every_answer_has_its_headers() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let mut traces = vec![];
    for reply in [
        shop.evaluate(&body::cit(card::APPROVED)).await,
        shop.post("/v1/evaluate", &json!({})).await,
        shop.get("/v1/orders").await,
        shop.get("/v1/nothing").await,
        server.client().get("/v1/orders").await,
    ] {
        assert_eq!(reply.header("cache-control"), "no-store", "{reply:?}");
        assert_eq!(reply.header("content-type"), "application/json; charset=utf-8", "{reply:?}");
        traces.push(reply.header("x-trace-id").to_owned());
    }
    assert!(traces.iter().all(|trace| trace.len() == 55), "{traces:?}");
    traces.sort();
    traces.dedup();
    assert_eq!(traces.len(), 5, "each request has its own");
}

/// Everything of the shop's that somebody else might ask for.
async fn belongings(server: &Server, shop: &Client) -> Vec<(Method, String, Option<Value>)> {
    let receiver = Receiver::start().await;
    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let transmit = shop.post("/v1/transmit", &body::copy(true)).await.must(200).text("transmitId").to_owned();
    let webhook = shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201).text("id").to_owned();
    let token = shop.tokenize(card::APPROVED, None).await;
    let tested = shop.post(&format!("/v1/webhooks/{webhook}/test"), &json!({})).await.must(200).text("id").to_owned();
    let capture = json!({"idempotencyKey": guid(), "orderId": order, "amount": 1999, "currency": "USD"});
    let _ = server;
    vec![
        (Method::GET, format!("/v1/orders/{order}"), None),
        (Method::POST, format!("/v1/orders/{order}/cancel"), Some(json!({}))),
        (Method::POST, format!("/v1/orders/{order}/refund"), Some(json!({"amountToRefund": 1}))),
        (Method::POST, "/v1/capture".into(), Some(capture)),
        (Method::GET, format!("/v1/transmit/{transmit}"), None),
        (Method::PATCH, format!("/v1/transmit/{transmit}"), Some(json!({"siteUrl": "x"}))),
        (Method::POST, format!("/v1/transmit/{transmit}/outcome"), Some(json!({"outcome": "approved"}))),
        (Method::GET, format!("/v1/webhooks/{webhook}"), None),
        (Method::PATCH, format!("/v1/webhooks/{webhook}"), Some(json!({"enabled": false}))),
        (Method::POST, format!("/v1/webhooks/{webhook}/rotate-key"), Some(json!({}))),
        (Method::POST, format!("/v1/webhooks/{webhook}/test"), Some(json!({}))),
        (Method::POST, format!("/v1/webhooks/{webhook}/replay"), Some(json!({"from": "2020-01-01"}))),
        (Method::GET, format!("/v1/webhooks/{webhook}/deliveries"), None),
        (Method::GET, format!("/v1/webhooks/{webhook}/deliveries/{tested}"), None),
        (Method::POST, format!("/v1/webhooks/{webhook}/deliveries/{tested}/redeliver"), Some(json!({}))),
        (Method::DELETE, format!("/v1/webhooks/{webhook}"), None),
        (Method::DELETE, format!("/v1/tokens/{token}"), None),
    ]
}

#[tokio::test]
async fn another_tenants_ids_are_unknown() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let strangers = [
        ("another merchant", server.login(&cast().stranger.sandbox).await),
        ("a merchant of nobody's", server.login(&cast().sync.sandbox).await),
        ("the same merchant in production", server.login(&cast().shop.production).await),
    ];
    let belongings = belongings(&server, &shop).await;
    for (who, client) in &strangers {
        for (method, path, body) in &belongings {
            let reply = client.send(method.clone(), path, &[], body.as_ref().map(Value::to_string)).await;
            assert_eq!(reply.status, 404, "{who}: {method} {path}: {reply:?}");
            reply.assert_error(40401);
        }
        let asked =
            client.post("/v1/outcome", &json!({"orderSessionKey": belongings[0].1.trim_start_matches("/v1/orders/")})).await;
        assert_eq!(asked.must(200).text("status"), "NOTFOUND", "{who}");
        assert_eq!(client.get("/v1/orders").await.must(200).json["totalItemCount"], 0, "{who}");
        assert!(!client.get("/v1/webhooks").await.must(200).text.contains("127.0.0.1"), "{who}");
    }
    for (method, path, body) in &belongings {
        let reply = shop.send(method.clone(), path, &[], body.as_ref().map(Value::to_string)).await;
        assert_ne!(reply.status, 404, "the owner is served: {method} {path}: {reply:?}");
    }
}

#[tokio::test]
async fn who_may_act_for_whom() {
    let server = Server::start().await;
    let (shop, partner, operator) =
        (server.shop().await, server.login(&cast().partner).await, server.login(&cast().operator).await);
    let for_mid = |mid: &str| body::with(body::cit(card::APPROVED), "/mid", json!(mid));
    let (own, foreign) = (cast().shop.mid.as_str(), cast().stranger.mid.as_str());
    let transmit = |mid: &str| body::with(body::copy(true), "/mid", json!(mid));

    assert_eq!(shop.evaluate(&for_mid(own)).await.verdict().0, "APPROVED");
    shop.post("/v1/evaluate", &for_mid(foreign)).await.assert_error(40301);
    shop.post("/v1/transmit", &transmit(foreign)).await.assert_error(40301);
    shop.get(&format!("/v1/orders?mid={foreign}")).await.assert_error(40301);
    shop.post("/v1/webhooks", &json!({"url": "https://hooks.example.com", "events": ["*"], "mid": foreign}))
        .await
        .assert_error(40301);

    let required = [("Mid".to_owned(), "The Mid field is required.".to_owned())];
    assert_eq!(partner.post("/v1/evaluate", &body::cit(card::APPROVED)).await.faults(), required);
    assert_eq!(partner.post("/v1/transmit", &body::copy(true)).await.faults(), required);
    let order = partner.evaluate(&for_mid(own)).await.order();
    partner.post("/v1/evaluate", &for_mid(foreign)).await.assert_error(40301);
    partner.post("/v1/evaluate", &for_mid(&guid())).await.assert_error(40301);
    partner.get(&format!("/v1/orders/{order}")).await.must(200);
    assert_eq!(partner.get("/v1/orders").await.must(200).json["totalItemCount"], 2, "of its merchants");

    let elsewhere = operator.evaluate(&for_mid(foreign)).await.order();
    partner.get(&format!("/v1/orders/{elsewhere}")).await.assert_error(40401);
    operator.get(&format!("/v1/orders/{order}")).await.must(200);
    assert_eq!(operator.get("/v1/orders").await.must(200).json["totalItemCount"], 3);
    assert_eq!(operator.post("/v1/evaluate", &body::cit(card::APPROVED)).await.faults(), required);
}

#[tokio::test]
async fn revoked_keys_end_within_seconds() {
    let server = Server::start().await;
    let made = server.run(&["key", "create", "--mid", &cast().shop.mid, "--name", "short-lived", "--scope", "orders:read"]);
    let text = |member: &str| made[member].as_str().expect("a text").to_owned();
    let keys = recoup_tests::Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") };
    let client = server.login(&keys).await;
    client.get("/v1/orders").await.must(200);
    client.post("/v1/evaluate", &body::cit(card::APPROVED)).await.assert_error(40302);
    client.post("/v1/transmit", &body::copy(true)).await.assert_error(40302);
    client.post("/v1/tokenize", &json!({})).await.assert_error(40302);
    client.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.assert_error(40302);
    let listed = server.run(&["key", "list", "--mid", &cast().shop.mid]);
    let secret = listed.as_array().expect("keys").iter().find(|key| key["client"] == text("client") && key["kind"] == "secret");
    server.run(&["key", "revoke", secret.expect("its secret")["id"].as_str().expect("an id")]);
    recoup_tests::until("the token is refused", || async {
        let reply = client.get("/v1/orders").await;
        (reply.status == 401).then(|| reply.assert_error(40104))
    })
    .await;
    let again = json!({"AppKey": keys.app_key, "AppSecret": keys.app_secret});
    assert_eq!(server.client().post("/v1/oauth2/token", &again).await.must(400).text("statusCode"), "40001");
}

#[tokio::test]
async fn a_listener_of_one_environment_serves_its_keys_only() {
    let server = Server::start().await;
    let live = server.live_client();
    let (sandbox, production) = (&cast().shop.sandbox, &cast().shop.production);
    let ask = |keys: &recoup_tests::Keys| json!({"AppKey": keys.app_key, "AppSecret": keys.app_secret});
    let refused = live.post("/v1/oauth2/token", &ask(sandbox)).await.must(400);
    assert_eq!(refused.text("statusCode"), "40003");
    let token = live.post("/v1/oauth2/token", &ask(production)).await.must(200).text("accessToken").to_owned();
    live.with_token(Some(&token)).get("/v1/orders").await.must(200);
    let foreign = server.shop().await.token().expect("a token").to_owned();
    live.with_token(Some(&foreign)).get("/v1/orders").await.assert_error(40103);
}
