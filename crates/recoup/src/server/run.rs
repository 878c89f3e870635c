//! Accepting until told to stop, then letting running requests finish.

use std::{future::Future, sync::Arc, time::Duration};

use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::watch;

use super::{
    Listener,
    connection::{self, Socket},
    seats::Seats,
    tls::Tls,
};

/// Limits of the server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections open at once.
    pub connections_max: u32,
    /// Time for a request's head, or between requests.
    pub header_timeout: Duration,
    /// Time for a request's body.
    pub body_timeout: Duration,
    /// Time for running requests after the stop.
    pub drain_timeout: Duration,
}

impl Limits {
    /// The configured limits.
    pub fn of(config: &crate::config::Config) -> Self {
        let secs = |number: u32| Duration::from_secs(u64::from(number));
        Self {
            connections_max: config.listen.connections_max,
            header_timeout: secs(config.listen.header_timeout_secs),
            body_timeout: secs(config.listen.body_timeout_secs),
            drain_timeout: secs(config.listen.drain_timeout_secs),
        }
    }
}

/// Everything that is served.
pub struct Server {
    /// Where connections come in.
    pub listeners: Vec<Listener>,
    /// TLS for all of them.
    pub tls: Option<Tls>,
    /// Limits.
    pub limits: Limits,
}

impl Server {
    /// Serves until `stop` is over, then closes the listeners and lets running requests finish. Answers whether
    /// they all did.
    pub async fn run(self, stop: impl Future<Output = ()>) -> bool {
        let graceful = Arc::new(GracefulShutdown::new());
        let seats = Arc::new(Seats::new(self.limits.connections_max as usize));
        let (closing, closed) = watch::channel(());
        let accepting: Vec<_> = self
            .listeners
            .into_iter()
            .map(|listener| {
                let (tls, seats, graceful, mut closed) = (self.tls.clone(), seats.clone(), graceful.clone(), closed.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        () = accept(listener, tls, self.limits, seats, graceful) => {}
                        _ = closed.changed() => {}
                    }
                })
            })
            .collect();
        stop.await;
        let _ = closing.send(());
        for task in accepting {
            let _ = task.await;
        }
        // The accepting tasks held the only other handles.
        let Some(graceful) = Arc::into_inner(graceful) else { return false };
        tokio::time::timeout(self.limits.drain_timeout, graceful.shutdown()).await.is_ok()
    }
}

async fn accept(listener: Listener, tls: Option<Tls>, limits: Limits, seats: Arc<Seats>, graceful: Arc<GracefulShutdown>) {
    loop {
        let (stream, peer) = listener.accept().await;
        let Some(seat) = seats.take().await else { return };
        let (router, tls, watcher) = (listener.router.clone(), tls.clone(), graceful.watcher());
        tokio::spawn(async move {
            let socket = Socket { stream, peer, guest: seat.guest.clone() };
            connection::serve(socket, router, tls, limits, watcher).await;
            drop(seat);
        });
    }
}

#[cfg(test)]
mod tests;
