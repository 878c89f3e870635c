//! The client of the plain HTTP contract against servers that misbehave in every way the contract names.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use common::{attempt_id, hours, request, with};
use domain::{
    card::{Network, Pan},
    id::RefundId,
    money::{Currency, Money},
};
use recoup_processor::{
    Authorize, Capabilities, Capture, Failure, Inquiry, Processor as _, Refund, UpdateAccount, UpdateStatus, Void,
    http::{Client, Settings},
    simulator::{Book, Simulator, server},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

const APPROVED: &str = r#"{"approved":true,"response_code":"00","merchant_advice_code":null,"avs":null,"cvv":null}"#;

fn client(address: &str) -> Client {
    let mut settings = Settings::new("peer", format!("http://{address}/"));
    settings.capabilities = Capabilities::ALL;
    settings.total_timeout = Duration::from_secs(20);
    Client::new(settings).unwrap()
}

/// Answers every connection with these bytes and closes it; counts the requests.
async fn raw(answer: impl Into<Vec<u8>>) -> (String, Arc<AtomicU32>) {
    let (answer, seen) = (answer.into(), Arc::new(AtomicU32::new(0)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, counter) = (listener.local_addr().unwrap().to_string(), Arc::clone(&seen));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            read_request(&mut stream).await;
            counter.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, seen)
}

/// Reads head and body, and gives the body back.
async fn read_request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return (head, bytes[end + 4..].to_vec());
            }
        }
        match stream.read(&mut chunk).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(&chunk[..read]),
            _ => return (String::new(), bytes),
        }
    }
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

fn ok(body: &str) -> String {
    http("200 OK", "", body)
}

fn kind(result: &Result<recoup_processor::Authorization, Failure>) -> &'static str {
    match result {
        Ok(answer) if answer.approved => "approved",
        Ok(_) => "declined",
        Err(Failure::Unknown { .. }) => "unknown",
        Err(Failure::NotSent { retry_after: Some(_), .. }) => "later",
        Err(Failure::NotSent { .. }) => "not sent",
        Err(Failure::Configuration { .. }) => "configuration",
        Err(Failure::InProgress) => "in progress",
        Err(Failure::NotOffered) => "not offered",
    }
}

#[tokio::test]
async fn every_misbehaviour_has_its_meaning_and_nothing_is_sent_twice() {
    let error = r#"{"error":"no such account"}"#;
    let long = format!(r#"{{"approved":true,"response_code":"00","avs":"{}"}}"#, "x".repeat(70_000));
    for (name, answer, expected) in [
        ("approved", ok(APPROVED), "approved"),
        ("declined", ok(r#"{"approved":false,"response_code":"51","merchant_advice_code":"24"}"#), "declined"),
        ("three characters", ok(r#"{"approved":false,"response_code":"116"}"#), "declined"),
        ("unknown members", ok(r#"{"approved":false,"response_code":"05","x":{"y":[]}}"#), "declined"),
        ("empty body", ok(""), "unknown"),
        ("html", ok("<html>ok</html>"), "unknown"),
        ("no approved", ok(r#"{"response_code":"00"}"#), "unknown"),
        ("approved as text", ok(r#"{"approved":"true","response_code":"00"}"#), "unknown"),
        ("no code", ok(r#"{"approved":true,"response_code":""}"#), "unknown"),
        ("long code", ok(r#"{"approved":true,"response_code":"0000"}"#), "unknown"),
        ("approved nothing", ok(r#"{"approved":true,"response_code":"10","approved_amount_minor":0}"#), "unknown"),
        ("too long", ok(&long), "unknown"),
        ("cut short", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"approved\":true,".to_owned(), "unknown"),
        ("no answer", String::new(), "unknown"),
        ("no http", "SSH-2.0-OpenSSH_9.6\r\n".to_owned(), "unknown"),
        ("201", http("201 Created", "", APPROVED), "unknown"),
        ("202", http("202 Accepted", "", ""), "unknown"),
        ("redirect", http("307 Temporary Redirect", "location: /elsewhere\r\n", ""), "unknown"),
        ("400", http("400 Bad Request", "", error), "configuration"),
        ("401", http("401 Unauthorized", "", error), "configuration"),
        ("403", http("403 Forbidden", "", ""), "configuration"),
        ("404", http("404 Not Found", "", error), "configuration"),
        ("422", http("422 Unprocessable", "", error), "configuration"),
        ("402", http("402 Payment Required", "", error), "unknown"),
        ("408", http("408 Request Timeout", "", ""), "unknown"),
        ("409", http("409 Conflict", "", error), "in progress"),
        ("429 without", http("429 Too Many", "", error), "unknown"),
        ("429", http("429 Too Many", "retry-after: 7\r\n", error), "later"),
        ("503 without", http("503 Unavailable", "", error), "unknown"),
        ("503", http("503 Unavailable", "retry-after: 7\r\n", ""), "later"),
        ("503 by date", http("503 Unavailable", "retry-after: Fri, 20 Nov 2026 10:15:30 GMT\r\n", ""), "not sent"),
        ("500", http("500 Error", "retry-after: 7\r\n", error), "unknown"),
        ("502", http("502 Bad Gateway", "", "<html>"), "unknown"),
        ("504", http("504 Gateway Timeout", "", ""), "unknown"),
    ] {
        let (address, seen) = raw(answer).await;
        let result = client(&address).authorize(&request("4111111111111111", 1)).await;
        assert_eq!(kind(&result), expected, "{name}: {result:?}");
        assert_eq!(seen.load(Ordering::SeqCst), 1, "{name} was sent more than once");
    }
}

#[tokio::test]
async fn a_refused_connection_is_not_sent_and_a_reset_is_unknown() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap().to_string();
    drop(closed);
    assert_eq!(kind(&client(&address).authorize(&request("4111111111111111", 1)).await), "not sent");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Dropped with the request unread: the kernel answers with a reset.
            stream.readable().await.unwrap();
        }
    });
    assert_eq!(kind(&client(&address).authorize(&request("4111111111111111", 1)).await), "unknown");
}

#[tokio::test]
async fn silence_is_unknown_after_the_total_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = Settings::new("silent", format!("http://{}", listener.local_addr().unwrap()));
    settings.total_timeout = Duration::from_millis(300);
    let (sender, mut received) = mpsc::channel(1);
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        sender.send(read_request(&mut stream).await).await.unwrap();
        std::future::pending::<()>().await;
    });
    let result = Client::new(settings).unwrap().authorize(&request("4111111111111111", 1)).await;
    assert_eq!(kind(&result), "unknown");
    assert!(received.recv().await.is_some(), "the request had left");
}

/// Sends one request and gives back the head and body that left.
async fn sent(mut settings: Settings, request: &Authorize) -> (String, Value) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    settings.base_url = format!("http://{}/pay", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (head, body) = read_request(&mut stream).await;
        stream.write_all(ok(APPROVED).as_bytes()).await.unwrap();
        (head, serde_json::from_slice(&body).unwrap())
    });
    Client::new(settings).unwrap().authorize(request).await.unwrap();
    server.await.unwrap()
}

#[tokio::test]
async fn the_request_is_the_contracts() {
    let mut settings = Settings::new("peer", "http://placeholder");
    settings.headers = vec![("Authorization".to_owned(), "Bearer k".to_owned())];
    settings.capabilities.reveal_card = true;
    let customer_present = with(request("4000001000510016", 1), "cv3");
    let (head, body) = sent(settings, &customer_present).await;
    assert!(head.starts_with("post /pay/authorize http/1.1") && head.contains("authorization: bearer k"), "{head}");
    let expected = json!({
        "attempt_id": "01900000-0000-7000-0000-000000000001", "order_id": "01900000-0000-7001-0000-000000000001",
        "merchant_id": "00000000-0000-0001-0000-000000000001", "site_id": "00000000-0000-0002-0000-000000000001",
        "token": "token-of-0016",
        "card": {"number": "4000001000510016", "exp_month": 12, "exp_year": 2030, "cvv": "123", "holder_name": null},
        "bin": "40000010", "last4": "0016", "brand": "visa", "funding": "credit", "issuer_country": "US", "credential_version": 1,
        "amount_minor": 1999, "currency": "USD", "capture": true, "is_mit": false,
        "three_d_secure": {"version": null, "eci": null, "cavv": "AAAB", "ds_transaction_id": null, "xid": null},
        "descriptor": "SHOP*BOX", "attempt_number": 1, "attempt_time": "2026-11-20T13:00:00.000000Z",
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn card_data_stays_at_home_unless_the_account_takes_it() {
    let (_, body) = sent(Settings::new("peer", "http://placeholder"), &with(request("4000001000510016", 1), "cv")).await;
    assert!(body.get("card").is_none(), "{body}");
    let mut settings = Settings::new("peer", "http://placeholder");
    settings.capabilities.reveal_card = true;
    let (_, body) = sent(settings, &with(request("4000001000510016", 1), "v")).await;
    assert!(body["card"].get("cvv").is_none(), "no CVV on a merchant-initiated payment: {body}");
    let shown = format!("{:?}", with(request("4000001000510016", 1), "v"));
    assert!(!shown.contains("4000001000510016") && !shown.contains("\"123\""), "{shown}");
}

#[tokio::test]
async fn what_an_account_does_not_offer_is_not_asked() {
    let (address, seen) = raw(ok("{}")).await;
    let mut settings = Settings::new("peer", format!("http://{address}"));
    settings.capabilities =
        Capabilities { capture: false, void: false, refund: false, inquire: false, updater: false, reveal_card: false };
    let client = Client::new(settings).unwrap();
    let amount = Money::new(1999, Currency::USD);
    let (attempt, at) = (attempt_id(1), hours(1.0));
    assert_eq!(client.inquire(attempt, at).await.err(), Some(Failure::NotOffered));
    assert_eq!(client.capture(&Capture { attempt, amount, at }).await.err(), Some(Failure::NotOffered));
    assert_eq!(client.void(&Void { attempt, at }).await.err(), Some(Failure::NotOffered));
    assert_eq!(client.refund(&Refund { refund: refund_id(1), attempt, amount, at }).await.err(), Some(Failure::NotOffered));
    assert_eq!(client.update_account(&update("t")).await.err(), Some(Failure::NotOffered));
    assert_eq!(seen.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn only_404_means_never_seen() {
    for (answer, never_seen) in [
        (http("404 Not Found", "", r#"{"error":"never seen"}"#), Some(true)),
        (ok(APPROVED), Some(false)),
        (http("500 Error", "", ""), None),
        (http("401 Unauthorized", "", ""), None),
        (ok("{}"), None),
        (String::new(), None),
    ] {
        let (address, _) = raw(answer.clone()).await;
        let result = client(&address).inquire(attempt_id(1), hours(1.0)).await;
        assert_eq!(result.as_ref().ok().map(|inquiry| *inquiry == Inquiry::NeverSeen), never_seen, "{answer}: {result:?}");
    }
    let (address, _) = raw(http("404 Not Found", "", "")).await;
    assert_eq!(client(&address).update_account(&update("t")).await.err(), Some(Failure::NotOffered));
}

#[tokio::test]
async fn health_needs_a_yes() {
    for (answer, well) in [(ok(r#"{"ok":true}"#), true), (ok(r#"{"ok":false}"#), false), (http("500 Error", "", ""), false)] {
        let (address, _) = raw(answer).await;
        assert_eq!(client(&address).health().await.is_ok(), well);
    }
}

fn refund_id(n: u64) -> RefundId {
    RefundId(uuid::Uuid::from_u64_pair(3, n))
}

fn update(token: &str) -> UpdateAccount {
    UpdateAccount {
        token: token.to_owned(),
        network: Network::Visa,
        number: None,
        expiry: None,
        credential_version: 1,
        at: hours(1.0),
    }
}

/// The simulator behind the contract, its client, and the same simulator for questions to its book.
async fn simulated() -> (Client, Arc<Simulator>) {
    let simulator = Arc::new(Simulator::new(7, Book::in_memory().unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let router = server::router(Arc::clone(&simulator));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (client(&address), simulator)
}

#[tokio::test]
async fn a_real_peer_answers_over_http_as_in_process() {
    let (client, _) = simulated().await;
    client.health().await.unwrap();
    for (n, card) in
        (1..).zip(["4000001000510024", "4000001000410001", "5555551027510015", "4000001095040507", "4000002000000008"])
    {
        let over_http = Authorize { order: common::order_id(n), ..request(card, n) };
        let in_process = Authorize { order_placed_at: domain::time::Timestamp::EPOCH, ..with(over_http.clone(), "i") };
        let peer = Simulator::new(7, Book::in_memory().unwrap());
        assert_eq!(client.authorize(&over_http).await, peer.authorize(&in_process).await, "{card}");
        assert_eq!(client.authorize(&over_http).await, peer.authorize(&in_process).await, "{card} again");
        assert_eq!(
            client.inquire(over_http.attempt, hours(2.0)).await,
            peer.inquire(over_http.attempt, hours(2.0)).await,
            "{card}"
        );
    }
}

#[tokio::test]
async fn unknown_results_are_settled_over_http() {
    let (client, simulator) = simulated().await;
    assert_eq!(kind(&client.authorize(&request("4000001095010013", 1)).await), "unknown");
    assert!(matches!(client.inquire(attempt_id(1), hours(1.0)).await, Ok(Inquiry::Found(answer)) if answer.approved));
    assert_eq!(client.inquire(attempt_id(2), hours(1.0)).await, Ok(Inquiry::NeverSeen));
    assert!(simulator.report().unwrap().charged_more_than_once.is_empty());
}

#[tokio::test]
async fn money_moves_over_http() {
    let (client, simulator) = simulated().await;
    let (amount, at) = (Money::new(1999, Currency::USD), hours(2.0));
    let held = Authorize { capture: false, ..request("4111111111111111", 1) };
    assert!(client.authorize(&held).await.unwrap().approved);
    assert!(client.capture(&Capture { attempt: attempt_id(1), amount, at }).await.unwrap().captured);
    let refund = Refund { refund: refund_id(1), attempt: attempt_id(1), amount: Money::new(500, Currency::USD), at };
    for _ in 0..2 {
        assert!(client.refund(&refund).await.unwrap().refunded);
    }
    let other = Authorize { order: common::order_id(2), ..request("4111111111111111", 2) };
    assert!(client.authorize(&other).await.unwrap().approved);
    assert!(client.void(&Void { attempt: attempt_id(2), at }).await.unwrap().voided);
    assert!(client.void(&Void { attempt: attempt_id(3), at }).await.unwrap().voided, "never seen");
    let total = &simulator.report().unwrap().totals[0];
    assert_eq!((total.captured_minor, total.refunded_minor), (1999, 500));
}

#[tokio::test]
async fn the_updater_answers_over_http() {
    let (client, _) = simulated().await;
    let declined = request("5555551001790005", 1);
    assert!(!client.authorize(&declined).await.unwrap().approved);
    let update = client.update_account(&update(&declined.token)).await.unwrap();
    assert_eq!((update.status, update.credential_version, update.exp_year), (UpdateStatus::Updated, 2, Some(2029)));
    assert!(client.authorize(&Authorize { credential_version: 2, ..request("5555551001790005", 2) }).await.unwrap().approved);
}

#[tokio::test]
async fn the_peer_refuses_nonsense_without_quoting_it() {
    let (_, simulator) = simulated().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, server::router(simulator)).await });
    let pan = Pan::parse("4111111111111111").unwrap();
    for (path, body, status) in [
        ("authorize", format!(r#"{{"card":{{"number":"{}"}}}}"#, pan.reveal()), 422),
        ("authorize", pan.reveal().to_owned(), 422),
        ("authorize", format!("{{\"x\":\"{}\"", pan.reveal()), 422),
        ("inquire", r#"{"attempt_id":"no"}"#.to_owned(), 422),
        ("refund", "[]".to_owned(), 422),
        ("authorize", " ".repeat(70_000), 413),
    ] {
        let sent =
            reqwest::Client::new().post(format!("http://{address}/{path}")).header("content-type", "application/json").body(body);
        let answer = sent.send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert!(!answer.text().await.unwrap().contains(pan.reveal()));
    }
}
