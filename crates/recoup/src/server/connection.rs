//! One connection: TLS when configured, HTTP/1.1 or HTTP/2, limits for slow clients.

use std::{net::SocketAddr, time::Duration};

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

use super::{Limits, body::Timed, idle::Idle, tls::Tls};

/// Time for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Requests under way on one HTTP/2 connection.
const STREAMS_MAX: u32 = 256;
/// Bytes of one request head.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How often a silent HTTP/2 client is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A connection may stand still this much longer than the longest wait of its own: a real-time answer takes up to 25 s.
const STILL_EXTRA: Duration = Duration::from_secs(30);

/// Serves a connection until it ends or is told to.
pub async fn serve(stream: TcpStream, peer: SocketAddr, router: Router, tls: Option<Tls>, limits: Limits, watcher: Watcher) {
    // A client that is gone already needs no answer at once.
    let _ = stream.set_nodelay(true);
    let patience = limits.header_timeout.max(limits.body_timeout) + STILL_EXTRA;
    let Some(tls) = tls else { return speak(Idle::new(stream, patience), peer, router, limits, watcher).await };
    match tokio::time::timeout(HANDSHAKE, tls.acceptor().accept(stream)).await {
        Ok(Ok(stream)) => speak(Idle::new(stream, patience), peer, router, limits, watcher).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
        Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
    }
}

async fn speak<S>(stream: S, peer: SocketAddr, router: Router, limits: Limits, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Timed::new(body, limits.body_timeout)));
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = builder(limits).serve_connection(TokioIo::new(stream), service).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%peer, %error, "connection ended");
    }
}

fn builder(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(HEAD_BYTES_MAX)
        .pipeline_flush(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_BYTES_MAX as u32)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(limits.header_timeout);
    builder
}
