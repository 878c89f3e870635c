//! The cheapest server there is: parses a JSON body, answers a JSON body, stores nothing.

use std::net::{Ipv4Addr, SocketAddr};

use axum::{Json, Router, routing::post, serve::ListenerExt};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Serves in the background of the running runtime; port 0 takes a free one.
pub async fn start(port: u16) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/echo", post(echo))).await });
    Ok(address)
}

/// Serves until the process is ended.
pub async fn serve(port: u16) -> anyhow::Result<()> {
    let address = start(port).await?;
    println!("{address}");
    std::future::pending().await
}

async fn echo(Json(body): Json<Value>) -> Json<Value> {
    Json(json!({ "id": body.get("id").or_else(|| body.get("orderId")), "success": true }))
}
