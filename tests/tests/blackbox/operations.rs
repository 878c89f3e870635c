//! Health, metrics, logs, and an orderly end.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use recoup_tests::{Rig, Server, body, book::Book, card, cast, until};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn health_readiness_and_metrics() {
    let server = Server::start().await;
    let client = server.client();
    assert_eq!(client.get("/healthz").await.must(200).json, json!({"status": "ok"}));
    let ready = client.get("/readyz").await.must(200);
    for check in ["database", "keys", "clock"] {
        assert_eq!(ready.json["checks"][check], "ok", "{check}");
    }
    let shop = server.shop().await;
    shop.evaluate(&body::cit(card::APPROVED)).await;
    shop.evaluate(&body::mit(card::NSF[3])).await;
    shop.post("/v1/transmit", &body::copy(true)).await.must(200);
    let metrics = client.get("/metrics").await.must(200);
    assert!(metrics.header("content-type").starts_with("text/plain"));
    for name in
        ["recoup_attempts_total", "recoup_transmits_total", "recoup_evaluates_total{channel=\"mit\"}", "recoup_http_seconds"]
    {
        assert!(metrics.text.lines().any(|line| line.starts_with(name) && !line.ends_with(" 0")), "{name}:\n{}", metrics.text);
    }
    assert!(!metrics.text.contains(&cast().shop.mid), "no tenant in a label");
}

#[tokio::test]
async fn logs_are_json_and_have_no_secrets() {
    let mut server = Server::start().await;
    let shop = server.shop().await;
    shop.evaluate(&body::cit(card::APPROVED)).await;
    assert!(server.terminate().await.success());
    let logs = server.logs();
    for line in logs.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert!(line["timestamp"].is_string() && line["level"].is_string());
    }
    let keys = &cast().shop.sandbox;
    for secret in [keys.app_secret.as_str(), shop.token().expect("a token"), &cast().shop.tokenization] {
        assert!(!logs.contains(secret));
    }
}

#[tokio::test]
async fn an_orderly_end_loses_nothing() {
    let mut server = Rig::default().config("listen", "drain_notice_secs = 2").start().await;
    let shop = server.shop().await;
    let slow: Vec<_> = (0..6)
        .map(|_| {
            let shop = shop.clone();
            tokio::spawn(async move { shop.evaluate(&body::cit(&card::of_pattern("400000", 9509, 40))).await })
        })
        .collect();
    let stop = Arc::new(AtomicBool::new(false));
    let streams: Vec<_> = (0..4)
        .map(|stream| {
            let (shop, stop) = (shop.clone(), stop.clone());
            tokio::spawn(async move {
                let (mut orders, mut copies, mut refused) = (vec![], vec![], 0);
                while !stop.load(Ordering::SeqCst) {
                    let (path, sent) = match stream % 2 {
                        0 => ("/v1/evaluate", body::mit(card::NSF[0])),
                        _ => ("/v1/transmit", body::copy(false)),
                    };
                    match shop.try_send(Method::POST, path, &[], Some(sent.to_string())).await {
                        Ok(reply) if reply.status == 200 && stream % 2 == 0 => orders.push(reply.order()),
                        Ok(reply) if reply.status == 200 => copies.push(reply.text("transmitId").to_owned()),
                        Ok(reply) => {
                            assert!(!reply.header("retry-after").is_empty(), "{reply:?}");
                            reply.assert_error(50302);
                            refused += 1;
                        }
                        Err(_) => break,
                    }
                }
                (orders, copies, refused)
            })
        })
        .collect();
    let book = Book::open(&server.data().join("simulator.sqlite"));
    until("the slow ones are on their way", || async { (book.attempts().len() >= 6).then_some(()) }).await;
    server.ask_to_end().await;
    until("it says that it drains", || async {
        let ready = shop.with_token(None).try_send(Method::GET, "/readyz", &[], None).await.ok()?;
        (ready.status == 503 && ready.json["checks"]["draining"] == true).then_some(())
    })
    .await;
    let mut orders = vec![];
    for task in slow {
        let reply = task.await.expect("what was running is answered");
        assert_eq!(reply.verdict(), ("APPROVED", None));
        orders.push(reply.order());
    }
    assert!(server.ended().await.success());
    stop.store(true, Ordering::SeqCst);
    let (mut copies, mut refused) = (vec![], 0);
    for stream in streams {
        let (more_orders, more_copies, more_refused) = stream.await.expect("a stream");
        orders.extend(more_orders);
        copies.extend(more_copies);
        refused += more_refused;
    }
    assert!(refused > 0, "new writes were refused with 50302");
    assert!(server.logs().contains("stopped"));
    server.start_process().await;
    let shop = server.shop().await;
    for order in &orders {
        shop.order(order).await;
    }
    for copy in &copies {
        shop.get(&format!("/v1/transmit/{copy}")).await.must(200);
    }
    assert!(orders.len() > 6 && !copies.is_empty());
}

#[tokio::test]
async fn card_keys_are_rotated_while_the_server_runs() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let token = shop.tokenize(card::APPROVED, None).await;
    let rotated = server.run(&["vault", "rotate"]);
    assert!(rotated["dataKeys"].as_u64() >= Some(1) && rotated["cards"].as_u64() >= Some(1), "{rotated}");
    let later = shop.tokenize(card::APPROVED, None).await;
    for token in [&token, &later] {
        assert_eq!(shop.evaluate(&body::cit(token)).await.verdict(), ("APPROVED", None));
    }
}
