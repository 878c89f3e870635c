//! One connection: TLS when configured, HTTP/1.1 or HTTP/2, limits for slow clients.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::Watcher},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tower::ServiceExt as _;

use super::{Limits, body::Timed, idle::Idle, seats::Guest, tls::Tls};

/// Time for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Requests under way on one HTTP/2 connection.
const STREAMS_MAX: u32 = 256;
/// Streams that a client opened and reset before they were looked at; more end the connection (CVE-2023-44487).
const RESET_STREAMS_MAX: usize = 32;
/// Streams that were reset for a client's own errors; more end the connection.
const FAULTY_STREAMS_MAX: usize = 256;
/// Bytes of answers waiting on one HTTP/2 stream.
const SEND_BYTES_MAX: usize = 256 * 1024;
/// Header lines of one request.
const HEADERS_MAX: usize = 100;
/// Bytes of one request head.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How often a silent HTTP/2 client is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A connection may stand still this much longer than the longest wait of its own: a real-time answer takes up to 25 s.
const STILL_EXTRA: Duration = Duration::from_secs(30);

/// Serves a connection until it ends, is told to, or must give its seat to another.
pub async fn serve(socket: Socket, router: Router, tls: Option<Tls>, limits: Limits, watcher: Watcher) {
    let Socket { stream, peer, guest } = socket;
    // A client that is gone already needs no answer at once.
    let _ = stream.set_nodelay(true);
    let patience = limits.header_timeout.max(limits.body_timeout) + STILL_EXTRA;
    let Some(tls) = tls else {
        return speak(Idle::new(stream, patience), peer, guest, router, limits, watcher).await;
    };
    let shaken = tokio::select! {
        shaken = tokio::time::timeout(HANDSHAKE, tls.acceptor().accept(stream)) => shaken,
        () = guest.asked_to_leave() => return,
    };
    match shaken {
        Ok(Ok(stream)) => speak(Idle::new(stream, patience), peer, guest, router, limits, watcher).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
        Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
    }
}

/// An accepted connection.
pub struct Socket {
    /// Bytes.
    pub stream: TcpStream,
    /// Who is at the other end.
    pub peer: SocketAddr,
    /// Its seat.
    pub guest: Arc<Guest>,
}

async fn speak<S>(stream: S, peer: SocketAddr, guest: Arc<Guest>, router: Router, limits: Limits, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let host = guest.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let work = host.work();
        let mut request = request.map(|body| Body::new(Timed::new(body, limits.body_timeout, work.clone())));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answering = router.clone().oneshot(request);
        async move {
            let answer = answering.await;
            drop(work);
            answer
        }
    });
    let connection = builder(limits).serve_connection(TokioIo::new(stream), service).into_owned();
    let served = watcher.watch(connection);
    tokio::pin!(served);
    loop {
        tokio::select! {
            ended = &mut served => {
                if let Err(error) = ended {
                    tracing::debug!(%peer, %error, "connection ended");
                }
                return;
            }
            () = guest.asked_to_leave() => {
                if guest.is_idle() {
                    tracing::debug!(%peer, "connection closed: its seat was needed");
                    return;
                }
                guest.stay();
            }
        }
    }
}

fn builder(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .pipeline_flush(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_pending_accept_reset_streams(RESET_STREAMS_MAX)
        .max_local_error_reset_streams(FAULTY_STREAMS_MAX)
        .max_send_buf_size(SEND_BYTES_MAX)
        .max_header_list_size(HEAD_BYTES_MAX as u32)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(limits.header_timeout);
    builder
}
