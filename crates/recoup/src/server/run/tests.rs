use std::net::SocketAddr;

use axum::{Router, body::Body, routing::post};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{Notify, oneshot},
};

use super::*;

const LIMITS: Limits = Limits {
    connections_max: 8,
    header_timeout: Duration::from_secs(5),
    body_timeout: Duration::from_millis(50),
    drain_timeout: Duration::from_secs(20),
};

/// A running server: its address, what stops it, and whether all requests finished.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    done: tokio::task::JoinHandle<bool>,
}

fn run(router: Router, limits: Limits) -> Running {
    let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), router).unwrap();
    let address = listener.address().unwrap();
    let (stop, stopped) = oneshot::channel();
    let server = Server { listeners: vec![listener], tls: None, limits };
    let done = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    Running { address, stop, done }
}

async fn send(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text).await;
    text
}

/// Answers once it is let go, and says when it was reached.
fn gated(reached: Arc<Notify>, go: Arc<Notify>) -> Router {
    Router::new().route(
        "/",
        post(|| async move {
            reached.notify_one();
            go.notified().await;
            "finished"
        }),
    )
}

const EMPTY_POST: &str = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn a_running_request_finishes_after_the_stop() {
    let (reached, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let running = run(gated(reached.clone(), go.clone()), LIMITS);
    let stream = send(running.address, EMPTY_POST).await;
    reached.notified().await;
    running.stop.send(()).unwrap();
    while TcpStream::connect(running.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    go.notify_one();
    let text = answer(stream).await;
    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("finished"), "{text}");
    assert!(running.done.await.unwrap());
}

#[tokio::test]
async fn a_request_that_never_ends_is_left_behind() {
    let (reached, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let running = run(gated(reached.clone(), go), Limits { drain_timeout: Duration::from_millis(20), ..LIMITS });
    let _stream = send(running.address, EMPTY_POST).await;
    reached.notified().await;
    running.stop.send(()).unwrap();
    assert!(!running.done.await.unwrap());
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_up_the_stop() {
    let running = run(Router::new().route("/", post(|| async { "ok" })), LIMITS);
    let mut stream = send(running.address, EMPTY_POST).await;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    running.stop.send(()).unwrap();
    assert!(running.done.await.unwrap());
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_an_error_of_the_body() {
    let read = |body: Body| async move { axum::body::to_bytes(body, 100).await.map_or("broken", |_| "whole") };
    let running = run(Router::new().route("/", post(read)), LIMITS);
    let mut stream =
        send(running.address, "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 10\r\n\r\nabc").await;
    let mut text = vec![0; 4096];
    let mut length = 0;
    while !text[..length].ends_with(b"broken") {
        let read = stream.read(&mut text[length..]).await.unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&text[..length]));
        length += read;
    }
    let whole = send(running.address, "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc").await;
    assert!(answer(whole).await.ends_with("whole"));
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let running = run(Router::new(), LIMITS);
    let refused = Listener::bind(running.address, Router::new()).err().unwrap().to_string();
    assert!(refused.starts_with(&format!("cannot listen on {}: ", running.address)), "{refused}");
}
