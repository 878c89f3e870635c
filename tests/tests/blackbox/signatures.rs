//! Webhook signatures (`wire-api` §7.3), checked by others' code: the official library of Standard Webhooks, and a vector
//! that openssl computed (`tests/fixtures/webhook-signature`).

use std::{fs, path::Path};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use recoup_tests::{Receiver, Secret, Server, body, card, verify};
use serde_json::json;
use standardwebhooks::Webhook;

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/webhook-signature").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The vector's key and its headers.
fn vector() -> (String, HeaderMap) {
    let text = fixture("vector.txt");
    let mut lines = text.lines().map(|line| line.split_once(' ').expect("a name and a value"));
    let (name, key) = lines.next().expect("the key");
    assert_eq!(name, "key");
    let headers =
        lines.map(|(name, value)| (name.parse::<HeaderName>().expect("a name"), HeaderValue::from_str(value).expect("a value")));
    (key.to_owned(), headers.collect())
}

#[test]
fn the_vector_of_openssl_is_that_of_the_contract() {
    let (key, headers) = vector();
    let bytes: Vec<u8> = (0..64).collect();
    assert_eq!(STANDARD.decode(&key).expect("base64"), bytes);
    for (name, value) in [
        ("x-fc-content-sha512", "2+Nx2MfGiTwEPbzHtwUDQI9TPlV9LTBfUUYuF3j7zkiW0jqoGiUItsxLBC9Wsge6TrifzbQj5rw8UhLLHSND3g=="),
        ("x-fc-signature", "9lcNdjHC4hXNb7TsgR76za1qc8gR5doxrDoXYAHMaCwt5fhdSB4FcrFSzp6BH1g0c6M1kQarKgxvqrlK3SmHkA=="),
        ("webhook-signature", "v1,VpAHEKK1L76t7093lTN6bXAZ+PIBGIfzdg+kMxfrl0Y="),
    ] {
        assert_eq!(headers[name], value);
    }
    assert!(
        headers["x-fc-authorization"]
            .to_str()
            .expect("text")
            .ends_with("&Signature=kkzhWrmp05t/6TAxEGWpPiD3POV//EfKUbn4+HCp3F//6BmvLkDyfaiDzkOIS4g6M1HMdnCHywJVfayjiHyACw==")
    );
    // The harness' own check agrees with openssl, and the library agrees with both.
    let (sent, secret) = (fixture("body.json"), Secret::of(&key));
    assert_eq!(sent.len(), 227);
    verify(&headers, sent.as_bytes(), &secret, &[&secret]).expect("both schemes are right");
    let library = Webhook::new(&key).expect("a key");
    let (id, at) = ("msg_2mXq7Zt0aB3cD4eF5gH6iJ7kL8m", 1_795_169_731);
    assert_eq!(library.sign(id, at, sent.as_bytes()).expect("a signature"), headers["webhook-signature"]);
}

#[tokio::test]
async fn the_official_library_takes_deliveries() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    let draft = json!({"url": receiver.url, "events": ["order.*"]});
    let made = shop.post("/v1/webhooks", &draft).await.must(201);
    let (id, secret) = (made.text("id").to_owned(), made.text("secret").to_owned());
    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let hit = receiver.event(&order, "order.completed").await;
    let library = Webhook::new(&secret).expect("a secret as it was shown");
    library.verify(&hit.body, &hit.headers).expect("a delivery as it came");
    let mut forged = hit.body.to_vec();
    forged[20] ^= 1;
    assert!(library.verify(&forged, &hit.headers).is_err(), "the check is a check");
    let mut older = hit.headers.clone();
    older.insert("webhook-timestamp", HeaderValue::from_static("1795169731"));
    assert!(library.verify(&hit.body, &older).is_err());

    // While two keys overlap, receivers that know either take it.
    let rotated = shop.post(&format!("/v1/webhooks/{id}/rotate-key"), &json!({"overlapHours": 1})).await.must(200);
    let fresh = Webhook::new(rotated.text("secret")).expect("a secret");
    let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let hit = receiver.event(&order, "order.completed").await;
    for (which, library) in [("old", &library), ("new", &fresh)] {
        library.verify(&hit.body, &hit.headers).unwrap_or_else(|error| panic!("{which}: {error}"));
    }
}

#[tokio::test]
async fn the_trace_of_a_request_goes_out_with_what_it_causes() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let parent = format!("00-{trace}-{span}-01");
    let reply = shop.post_with("/v1/evaluate", &[("traceparent", &parent)], &body::cit(card::APPROVED)).await.must(200);
    assert!(reply.header("x-trace-id").starts_with(&format!("00-{trace}-")));
    let order = reply.order();
    receiver.event(&order, "order.completed").await;
    for hit in receiver.of(&order) {
        let sent = hit.headers["traceparent"].to_str().expect("text");
        assert!(sent.starts_with(&format!("00-{trace}-")) && sent.len() == 55, "{sent}");
        assert!(!sent.contains(span) && !reply.header("x-trace-id").contains(&sent[36..52]), "a span of its own: {sent}");
    }
}
