//! A bound address and what it serves.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};

use crate::failure::Failure;

/// Connections the system may queue for us.
const BACKLOG: u32 = 4_096;

/// A bound address and what it serves.
pub struct Listener {
    socket: TcpListener,
    /// What answers there.
    pub router: Router,
}

impl Listener {
    /// Binds the address.
    pub fn bind(address: SocketAddr, router: Router) -> Result<Self, Failure> {
        let socket = open(address).map_err(|error| Failure::failed(format!("cannot listen on {address}: {error}")))?;
        Ok(Self { socket, router })
    }

    /// The address, with the port that the system chose.
    pub fn address(&self) -> Result<SocketAddr, Failure> {
        Ok(self.socket.local_addr()?)
    }

    /// The next connection. A failed accept is never the end: it waits and tries again.
    pub async fn accept(&self) -> (TcpStream, SocketAddr) {
        loop {
            match self.socket.accept().await {
                Ok(accepted) => return accepted,
                Err(error) if is_of_the_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
        }
    }
}

fn open(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { tokio::net::TcpSocket::new_v4()? } else { tokio::net::TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The client was gone before it was accepted; anything else (no file handles left) needs time to pass.
fn is_of_the_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
