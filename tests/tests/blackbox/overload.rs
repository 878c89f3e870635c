//! Too much at once, and clients that take their time: neither keeps others from being served.

use std::time::Duration;

use recoup_tests::{PATIENCE, Raw, Rig, body, card, exchange, until};
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Reads until the server closes the connection.
async fn closed(mut stream: TcpStream) -> Vec<u8> {
    let mut said = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut said)).await.expect("the server closes the connection");
    // A reset is as good an end as an orderly one.
    let _ = read;
    said
}

async fn begun(address: &str, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("the server accepts");
    stream.write_all(bytes).await.expect("the server reads");
    stream
}

#[tokio::test]
async fn half_open_connections_in_masses_keep_nobody_out() {
    const SEATS: usize = 40;
    const SLOW: usize = 500;
    let server =
        Rig::default().config("listen", "connections_max = 40\nheader_timeout_secs = 600\nbody_timeout_secs = 600").start().await;
    let shop = server.shop().await;
    let heads: [&[u8]; 4] = [
        b"",
        b"POST /v1/evaluate HTTP/1.1\r\nhost: x\r\nx-slow: ",
        b"POST /v1/oauth2/token HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{\"AppKey\"",
        b"PRI * HTTP/2.0\r\n\r\nSM",
    ];
    let mut slow = Vec::with_capacity(SLOW);
    for place in 0..SLOW {
        slow.push(begun(server.address(), heads[place % heads.len()]).await);
        if place % 50 == 0 {
            shop.evaluate(&body::cit(card::APPROVED)).await;
        }
    }
    for _ in 0..20 {
        shop.evaluate(&body::cit(card::APPROVED)).await;
        server.client().get("/healthz").await.must(200);
    }
    // Timeouts are far away: whoever is gone gave its seat to another.
    let oldest = slow.drain(..SLOW - 2 * SEATS);
    for ended in futures_util::future::join_all(oldest.map(closed)).await {
        assert!(!ended.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&ended));
    }
}

#[tokio::test]
async fn slow_heads_and_bodies_are_given_up() {
    let server = Rig::default().config("listen", "header_timeout_secs = 1\nbody_timeout_secs = 1").start().await;
    let head = begun(server.address(), b"POST /v1/evaluate HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
    assert!(!closed(head).await.starts_with(b"HTTP/1.1 2"));
    // A client that sends a byte now and then is slow all the same.
    let mut dribbling = begun(server.address(), b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
    until("the dribbling client is cut off", || {
        let dribbling = &mut dribbling;
        let written = futures_util::FutureExt::now_or_never(dribbling.write_all(b"x"));
        async move { matches!(written, Some(Err(_))).then_some(()) }
    })
    .await;
    let token = b"POST /v1/oauth2/token HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{\"AppKey\"";
    let answer = Raw::parse(&closed(begun(server.address(), token).await).await);
    assert_eq!((answer.status, answer.json()["statusCode"].as_str()), (400, Some("40000")), "{answer:?}");
    let idle = exchange(server.address(), b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(idle.status, 200, "an idle connection is closed after its answer, and not before");
}

#[tokio::test]
async fn heads_without_measure_are_refused() {
    let server = Rig::default().start().await;
    for head in [
        format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n", "x".repeat(128 * 1024)),
        format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-many: 1\r\n".repeat(200)),
        format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(128 * 1024)),
    ] {
        let mut stream = TcpStream::connect(server.address()).await.expect("the server accepts");
        // It may close before it has read all.
        let _ = stream.write_all(head.as_bytes()).await;
        let answer = closed(stream).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
    }
    server.client().get("/healthz").await.must(200);
}

#[tokio::test]
async fn one_request_too_many_is_told_at_once() {
    let server = Rig::default().config("limits", "requests_max = 2").start().await;
    let shop = server.shop().await;
    let latest = shop.get("/v1/events?after=latest").await.must(200).text("nextCursor").to_owned();
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let (shop, path) = (shop.clone(), format!("/v1/events?after={latest}&wait=30"));
            // One that is refused because the other requests of this test hold the seats comes again.
            tokio::spawn(async move { while shop.get(&path).await.status == 503 {} })
        })
        .collect();
    let refused = until("both seats are taken", || async {
        let reply = shop.get("/v1/orders").await;
        (reply.status != 200).then_some(reply)
    })
    .await;
    assert_eq!(refused.header("retry-after"), "1");
    refused.assert_error(50301);
    let write = shop.post("/v1/evaluate", &body::cit(card::APPROVED)).await;
    write.assert_error(50301);
    server.client().get("/healthz").await.must(200);
    server.client().get("/readyz").await.must(200);
    let problem = shop.send(Method::GET, "/v1/orders", &[("accept", "application/problem+json")], None).await;
    assert_eq!((problem.status, problem.text("code")), (503, "50301"));
    for task in &waiting {
        task.abort();
    }
    until("the seats are free again", || async { (shop.get("/v1/orders").await.status == 200).then_some(()) }).await;
    assert!(server.client().get("/metrics").await.text.contains("recoup_refused_total{full=\"requests\"}"));
}

#[tokio::test]
async fn a_sender_that_begins_again_and_again_is_cut_off() {
    // Rapid reset: streams opened and reset in the same breath (RFC 9113 §8.1, CVE-2023-44487).
    let server = Rig::default().start().await;
    let mut stream = begun(server.address(), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00").await;
    // `:method: GET`, `:scheme: http`, `:path: /`, `:authority: x` in static and literal form.
    let headers = b"\x82\x86\x84\x41\x01x";
    let mut bytes = Vec::new();
    for number in 0..20_000_u32 {
        let id = (2 * number + 1).to_be_bytes();
        bytes.extend_from_slice(&[0, 0, headers.len() as u8, 1, 0x5]);
        bytes.extend_from_slice(&id);
        bytes.extend_from_slice(headers);
        bytes.extend_from_slice(&[0, 0, 4, 3, 0]);
        bytes.extend_from_slice(&id);
        bytes.extend_from_slice(&[0, 0, 0, 8]);
    }
    let _ = timeout(PATIENCE, stream.write_all(&bytes)).await.expect("the server reads, or closes");
    let _ = timeout(Duration::from_secs(60), closed(stream)).await.expect("the server closes");
    server.client().get("/healthz").await.must(200);
}
