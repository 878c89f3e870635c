//! Portal users: which role may look at what, and that looking is not changing.

use std::collections::BTreeMap;

use recoup_tests::{Client, Keys, Receiver, Server, body, card, cast};
use reqwest::Method;
use serde_json::{Value, json};

use crate::logins::{joined, session};

const ROLES: [&str; 6] = ["owner", "admin", "finance", "developer", "support", "viewer"];

/// What a shop of the test has, by its id.
struct Shop {
    order: String,
    webhook: String,
    delivery: String,
    site: String,
    mid: String,
}

/// Every role of a house, logged in.
async fn staff(server: &Server, house: &str, whose: &[&str]) -> BTreeMap<&'static str, Client> {
    let mut staff = BTreeMap::new();
    for role in ROLES {
        let email = format!("{role}@{house}.example");
        joined(server, &email, role, whose).await;
        staff.insert(role, session(server, &email).await);
    }
    staff
}

async fn furnished(server: &Server) -> (Shop, Receiver) {
    let shop = server.shop().await;
    let receiver = Receiver::start().await;
    let hook = shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    let webhook = hook.text("id").to_owned();
    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let delivery = shop.post(&format!("/v1/webhooks/{webhook}/test"), &json!({"event": "order.completed"})).await.must(200);
    let delivery = delivery.text("id").to_owned();
    let (site, mid) = (cast().shop.site.clone(), cast().shop.mid.clone());
    (Shop { order, webhook, delivery, site, mid }, receiver)
}

const ALL: &str = "owner admin finance developer support viewer";
const MANAGERS: &str = "owner admin";
const NOBODY: &str = "";

async fn assert_admitted(staff: &BTreeMap<&'static str, Client>, path: &str, admitted: &str) {
    let admitted: Vec<_> = admitted.split_whitespace().collect();
    for (role, client) in staff {
        let reply = client.get(path).await;
        if admitted.contains(role) {
            assert_eq!(reply.status, 200, "{role} {path}: {reply:?}");
        } else {
            assert_eq!((reply.status, reply.json["statusCode"].as_str()), (403, Some("40303")), "{role} {path}: {reply:?}");
        }
    }
}

#[tokio::test]
async fn each_role_of_a_merchant_looks_at_what_its_work_needs() {
    let server = Server::start().await;
    let (shop, _receiver) = furnished(&server).await;
    let Shop { order, webhook, delivery, site, mid } = &shop;
    let staff = staff(&server, "shop", &["--mid", mid]).await;
    let reporters = "owner admin finance viewer";
    let hooks = "owner admin developer support";
    for (path, admitted) in [
        ("/v1/orders".to_owned(), ALL),
        (format!("/v1/orders/{order}"), ALL),
        (format!("/v1/orders/{order}/timeline"), ALL),
        (format!("/v1/orders/{order}/explanation"), ALL),
        ("/v1/events".to_owned(), ALL),
        ("/v1/merchants".to_owned(), ALL),
        (format!("/v1/merchants/{mid}"), ALL),
        (format!("/v1/merchants/{mid}/settings"), ALL),
        (format!("/v1/merchants/{mid}/channels"), ALL),
        (format!("/v1/merchants/{mid}/channels/history"), ALL),
        ("/v1/sites".to_owned(), ALL),
        (format!("/v1/sites/{site}"), ALL),
        ("/v1/sites/resolve?siteUrl=https://shop.example".to_owned(), ALL),
        (format!("/v1/sites/{site}/channels"), ALL),
        ("/v1/reports/recovery?from=2026-01-01&to=2026-01-02".to_owned(), reporters),
        ("/v1/chargebacks".to_owned(), "owner admin finance"),
        ("/v1/blocklist".to_owned(), "owner admin support"),
        ("/v1/webhooks".to_owned(), hooks),
        (format!("/v1/webhooks/{webhook}"), hooks),
        (format!("/v1/webhooks/{webhook}/deliveries"), hooks),
        (format!("/v1/webhooks/{webhook}/deliveries/{delivery}"), hooks),
        ("/v1/sandbox/clock".to_owned(), "owner admin developer"),
        ("/v1/users".to_owned(), MANAGERS),
        (format!("/v1/api-keys/{mid}"), MANAGERS),
        // Not even the owner's: what a house may not, its staff may not.
        ("/v1/processors".to_owned(), NOBODY),
        ("/v1/processors/kinds".to_owned(), NOBODY),
        ("/v1/routes".to_owned(), NOBODY),
        ("/v1/onboarding/application/list".to_owned(), NOBODY),
    ] {
        assert_admitted(&staff, &path, admitted).await;
    }
    let listed = staff["support"].get("/v1/webhooks").await.must(200);
    assert!(!listed.text.contains("whsec_") && listed.json["rows"][0]["hmacSigningKey"].is_null(), "{listed:?}");
}

#[tokio::test]
async fn whoever_looks_changes_nothing() {
    let server = Server::start().await;
    let (shop, _receiver) = furnished(&server).await;
    let Shop { webhook, delivery, site, mid, order } = &shop;
    let staff = staff(&server, "shop", &["--mid", mid]).await;
    let hook = format!("/v1/webhooks/{webhook}");
    let (put, post, patch, delete) = (Method::PUT, Method::POST, Method::PATCH, Method::DELETE);
    for (method, path, body, held_by) in [
        (&patch, hook.clone(), json!({"description": "mine"}), "owner admin developer"),
        (&delete, hook.clone(), Value::Null, "owner admin developer"),
        (&post, format!("{hook}/rotate-key"), json!({}), "owner admin developer"),
        (&post, format!("{hook}/test"), json!({"event": "order.completed"}), "owner admin developer"),
        (&post, format!("{hook}/deliveries/{delivery}/redeliver"), json!({}), "owner admin developer"),
        (&post, format!("{hook}/replay"), json!({"from": "2026-01-01", "to": "2026-01-02"}), "owner admin developer"),
        (&post, "/v1/webhooks".to_owned(), json!({"url": "https://x.example", "events": ["*"]}), "owner admin developer"),
        (&patch, format!("/v1/merchants/{mid}"), json!({"dba": "Mine"}), MANAGERS),
        (&patch, format!("/v1/merchants/{mid}/settings"), json!({"allowPartial": true}), MANAGERS),
        (&put, format!("/v1/merchants/{mid}/channels"), json!({"mit": {"mode": "off"}}), "owner admin developer"),
        (&put, format!("/v1/sites/{site}/channels"), json!({"mit": {"mode": "off"}}), "owner admin developer"),
        (&post, "/v1/sites".to_owned(), json!({"mid": mid, "name": "Mine"}), MANAGERS),
        (&patch, format!("/v1/sites/{site}"), json!({"name": "Mine"}), MANAGERS),
        (&delete, format!("/v1/sites/{site}"), Value::Null, MANAGERS),
        (&post, "/v1/blocklist".to_owned(), json!({"kind": "country", "value": "FR"}), "owner admin support"),
        (&post, format!("/v1/orders/{order}/block"), json!({"customer": true}), "owner admin support"),
        (&post, format!("/v1/orders/{order}/refund"), json!({"amountToRefund": 1}), "owner admin finance developer support"),
        (&post, format!("/v1/orders/{order}/cancel"), json!({}), "owner admin developer"),
        (&post, "/v1/users".to_owned(), json!({}), MANAGERS),
        (&post, "/v1/api-keys".to_owned(), json!({"name": "x", "type": "secret"}), MANAGERS),
    ] {
        for (role, client) in staff.iter().filter(|(role, _)| !held_by.split_whitespace().any(|held| held == **role)) {
            let body = (!body.is_null()).then(|| body.to_string());
            let reply = client.send(method.clone(), &path, &[], body).await;
            assert_eq!(
                (reply.status, reply.json["statusCode"].as_str()),
                (403, Some("40303")),
                "{role} {method} {path}: {reply:?}"
            );
        }
    }
    let deliveries = server.shop().await.get(&format!("{hook}/deliveries")).await.must(200);
    let tests = deliveries.json["rows"].as_array().expect("rows").iter().filter(|row| row["id"] == delivery.as_str()).count();
    assert_eq!(tests, 1, "nothing was sent again");
}

#[tokio::test]
async fn the_operators_staff_looks_no_further_than_its_role() {
    let server = Server::start().await;
    let staff = staff(&server, "operator", &[]).await;
    let account = server.run(&[
        "processor",
        "create",
        "--name",
        "acquirer",
        "--environment",
        "sandbox",
        "--base-url",
        "https://gateway.example",
    ]);
    let account = account["id"].as_str().expect("an id");
    for (path, admitted) in [
        ("/v1/orders".to_owned(), ALL),
        ("/v1/merchants".to_owned(), ALL),
        ("/v1/sites".to_owned(), ALL),
        ("/v1/chargebacks".to_owned(), "owner admin finance"),
        ("/v1/processors".to_owned(), MANAGERS),
        (format!("/v1/processors/{account}"), MANAGERS),
        ("/v1/processors/kinds".to_owned(), MANAGERS),
        ("/v1/routes".to_owned(), MANAGERS),
        ("/v1/onboarding/application/list".to_owned(), MANAGERS),
        ("/v1/users".to_owned(), MANAGERS),
        (format!("/v1/api-keys/{}", cast().shop.mid), MANAGERS),
    ] {
        assert_admitted(&staff, &path, admitted).await;
    }
}

/// A key that was made with some scopes.
fn key(server: &Server, scopes: &[&str]) -> Keys {
    let mid = cast().shop.mid.as_str();
    let scopes: Vec<&str> = scopes.iter().flat_map(|scope| ["--scope", scope]).collect();
    let made = server.run(&[&["key", "create", "--name", "narrow", "--mid", mid], &scopes[..]].concat());
    let text = |member: &str| made[member].as_str().expect("a text").to_owned();
    Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") }
}

#[tokio::test]
async fn keys_look_at_nothing_without_the_scope() {
    let server = Server::start().await;
    let mid = cast().shop.mid.as_str();
    let narrow = server.login(&key(&server, &["orders:read"])).await;
    let sites = server.login(&key(&server, &["sites"])).await;
    narrow.get("/v1/orders").await.must(200);
    sites.get("/v1/sites").await.must(200);
    sites.get("/v1/orders").await.assert_error(40302);
    for path in ["/v1/sites", "/v1/merchants", "/v1/webhooks", "/v1/blocklist", "/v1/chargebacks", "/v1/users"] {
        narrow.get(path).await.assert_error(40302);
    }
    narrow.get(&format!("/v1/merchants/{mid}/channels")).await.assert_error(40302);
    narrow.get(&format!("/v1/api-keys/{mid}")).await.assert_error(40302);
}

#[tokio::test]
async fn who_must_not_see_customers_cannot_ask_for_them() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let mut payment = body::cit(card::APPROVED);
    payment["payer"] = json!({"id": "p-77", "email": "john@hidden.example", "phone": "+15551234"});
    payment["billingInformation"] = json!({"firstName": "Johnny", "lastName": "Unseen", "country": "US", "city": "Reno"});
    payment["paymentMethod"]["holderName"] = json!("Jonathan Cardholder");
    let reply = shop.evaluate(&payment).await;
    let shown = shop.order(&reply.order()).await;
    joined(&server, "masked@shop.example", "support", &["--mid", &cast().shop.mid, "--mask-pii"]).await;
    joined(&server, "plain@shop.example", "support", &["--mid", &cast().shop.mid]).await;
    let (masked, plain) = (session(&server, "masked@shop.example").await, session(&server, "plain@shop.example").await);
    let found = async |client: &Client, query: &str| {
        let reply = client.get(&format!("/v1/orders?query={query}")).await.must(200);
        reply.json["totalItemCount"].as_u64().expect("a count")
    };
    for query in ["john@hidden", "JOHN", "johnny", "unseen", "cardholder", "jonathan%20card", "hidden.example"] {
        assert_eq!((found(&plain, query).await, found(&masked, query).await), (1, 0), "{query}");
    }
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    for query in [
        reply.order(),
        text(&payment["orderId"]),
        text(&shown["referenceNumber"]).to_lowercase(),
        text(&shown["confirmationId"]),
        text(&payment["transaction"]["id"]),
        "p-77".to_owned(),
    ] {
        assert_eq!((found(&plain, &query).await, found(&masked, &query).await), (1, 1), "{query}");
    }
    for (kind, value) in [("email", "john@hidden.example"), ("phone", "15551234"), ("customer", "p-77")] {
        plain.post("/v1/blocklist", &json!({"kind": kind, "value": value})).await.must(201);
    }
    let values = |reply: recoup_tests::Reply| -> Vec<String> {
        reply.json["rows"].as_array().expect("rows").iter().map(|row| text(&row["value"])).collect()
    };
    let path = "/v1/blocklist?sortOrder=asc";
    assert_eq!(values(plain.get(path).await.must(200)), ["john@hidden.example", "15551234", "p-77"]);
    assert_eq!(values(masked.get(path).await.must(200)), ["j***", "1***", "p-77"]);
}
