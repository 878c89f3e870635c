//! What shop pages tell of a visit: taken once, from listed pages only, of this merchant only, and looked at beside a payment.

use recoup_tests::{Client, Reply, Server, body, card, cast, guid};
use reqwest::Method;
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";

/// A visit in which everything is odd.
fn odd(mid: &str, site: &str, key: &str, seq: u32) -> Value {
    let field = |target: &str| json!({"t": 900, "type": "field", "target": target, "length": 9});
    json!({
        "mid": mid, "siteId": site, "senseKey": key, "seq": seq, "orderId": "INV-1",
        "device": {"hash": "00112233445566778899aabbccddeeff", "offsetMinutes": 420, "timeZone": "Asia/Bangkok", "languages": ["th"]},
        "events": [
            {"t": 5, "type": "load"}, field("email"), field("name"), field("address"),
            {"t": 950, "type": "paste", "target": "phone"}, {"t": 960, "type": "keys", "target": "other", "n": 60, "mean": 20, "dev": 0},
        ],
    })
}

async fn beacon(client: &Client, batch: &Value, origin: &str, query: &str) -> Reply {
    let headers = [("content-type", "text/plain"), ("origin", origin)];
    client.send(Method::POST, &format!("/v1/sense{query}"), &headers, Some(batch.to_string())).await
}

async fn list_origin(shop: &Client, site: &str, origins: &[&str]) {
    shop.send(Method::PATCH, &format!("/v1/sites/{site}"), &[], Some(json!({"allowedOrigins": origins}).to_string()))
        .await
        .must(200);
}

async fn reasons(shop: &Client, key: Option<&str>) -> Vec<String> {
    let sent = body::with(body::cit(card::NOT_RESCUED), "/senseKey", json!(key));
    let sent = body::with(sent, "/billingInformation", json!({"countryCode": "US", "zipcode": "10001"}));
    let order = shop.evaluate(&sent).await.order();
    let explained = shop.get(&format!("/v1/orders/{order}/explanation")).await.must(200);
    let found = explained.json["decisions"].as_array().cloned().unwrap_or_else(|| vec![explained.json.clone()]);
    let reasons = found.iter().flat_map(|one| one["risk"]["reasons"].as_array().cloned().unwrap_or_default());
    reasons.filter_map(|reason| reason["feature"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_visit_is_told_by_the_explanation() {
    let server = Server::start().await;
    let (shop, browser, cast) = (server.shop().await, server.client(), cast());
    let key = guid();
    let batch = odd(&cast.shop.mid, &cast.shop.site, &key, 0);
    for _ in 0..2 {
        let reply = beacon(&browser, &batch, SHOP, "?env=sandbox").await.must(204);
        assert_eq!(reply.header("access-control-allow-origin"), SHOP);
    }
    let told = reasons(&shop, Some(&key)).await;
    for feature in ["visit.rhythm", "visit.secs", "visit.untouched", "visit.hours_away"] {
        assert!(told.iter().any(|reason| reason == feature), "{feature}: {told:?}");
    }
    let quiet = |told: &[String]| told.iter().all(|reason| !reason.starts_with("visit."));
    for unknown in [None, Some(guid()), Some("no key at all".to_owned())] {
        assert!(quiet(&reasons(&shop, unknown.as_deref()).await), "{unknown:?}");
    }
    // The same key at another merchant, or in the other environment, is another visit.
    let stranger = server.login(&cast.stranger.sandbox).await;
    assert!(quiet(&reasons(&stranger, Some(&key)).await));
    let elsewhere = guid();
    let live = odd(&cast.shop.mid, &cast.shop.site, &elsewhere, 0);
    beacon(&browser, &live, SHOP, "").await.assert_error(40304);
    assert!(quiet(&reasons(&shop, Some(&elsewhere)).await));
}

#[tokio::test]
async fn only_listed_pages_are_heard() {
    let server = Server::start().await;
    let (shop, browser, cast) = (server.shop().await, server.client(), cast());
    let batch = odd(&cast.shop.mid, &cast.shop.site, &guid(), 0);
    list_origin(&shop, &cast.shop.site, &[SHOP]).await;
    beacon(&browser, &batch, SHOP, "?env=sandbox").await.must(204);
    beacon(&browser, &batch, SHOP, "").await.must(204);
    for origin in ["https://evil.example", "http://shop.example", "null"] {
        let refused = beacon(&browser, &batch, origin, "?env=sandbox").await;
        assert_eq!(refused.status, 403, "{origin}");
        refused.assert_error(40304);
        assert_eq!(refused.header("access-control-allow-origin"), "", "{origin}");
    }
    // A site of somebody else is none of this merchant's.
    let foreign = odd(&cast.stranger.mid, &cast.shop.site, &guid(), 0);
    let reply = beacon(&browser, &foreign, SHOP, "?env=sandbox").await.must(400);
    assert_eq!(reply.json["SiteId"], json!(["The field SiteId is invalid."]));
}

#[tokio::test]
async fn batches_are_bounded() {
    let server = Server::start().await;
    let (browser, cast) = (server.client(), cast());
    let faulty = beacon(&browser, &json!({"seq": -1}), SHOP, "?env=sandbox").await.must(400);
    for path in ["Mid", "SiteId", "SenseKey", "Seq"] {
        assert!(faulty.json[path].is_array(), "{path}: {faulty:?}");
    }
    let mut large = odd(&cast.shop.mid, &cast.shop.site, &guid(), 0);
    large["padding"] = json!("x".repeat(64 * 1024));
    assert_eq!(beacon(&browser, &large, SHOP, "?env=sandbox").await.status, 413);
    let headers = [("content-type", "text/html")];
    assert_eq!(browser.send(Method::POST, "/v1/sense", &headers, Some("{}".into())).await.status, 415);
    let mut many = odd(&cast.shop.mid, &cast.shop.site, &guid(), 0);
    many["events"] = json!(vec![json!({"t": 1, "type": "load"}); 501]);
    assert!(beacon(&browser, &many, SHOP, "?env=sandbox").await.must(400).json["Events"].is_array());
}

#[tokio::test]
async fn the_script_is_public_and_has_a_hash() {
    let server = Server::start().await;
    let anybody = server.client();
    let script = anybody.get("/sense.js").await.must(200);
    assert_eq!(script.text, anybody.get("/widget.js?env=sandbox").await.must(200).text);
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!((script.header("cache-control"), script.header("access-control-allow-origin")), ("public, max-age=300", "*"));
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA384, script.text.as_bytes());
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, hash);
    assert_eq!(anybody.get("/sense.js.sri").await.must(200).text, format!("sha384-{encoded}"));
}
