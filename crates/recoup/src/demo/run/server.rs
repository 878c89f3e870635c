//! The server of the demonstration: the one of `recoup serve`, with the webhook receiver beside it.

use std::{future::Future, net::SocketAddr, pin::pin, sync::Arc};

use api::Guard;
use engine::{Engine, Workers};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::oneshot;

use crate::{
    commands::serve,
    config::Config,
    demo::{credentials::Credentials, options::Args, receiver::Receiver, tenants},
    failure::Failure,
    metrics, pages,
    server::{Limits, Listener, Server, signal::Stop},
    wiring::{self, Book},
};

/// Everything that is open before the first request.
pub struct Serving {
    /// The use cases.
    pub engine: Arc<Engine>,
    /// Where the receiver listens.
    pub receiver: SocketAddr,
    base_url: String,
    server: Server,
    stop: Stop,
}

impl Serving {
    /// Opens the engine and both listeners.
    pub async fn open(config: &Config, counts: PrometheusHandle, receiver: &Arc<Receiver>) -> Result<Self, Failure> {
        let stop = Stop::listen()?;
        let engine = wiring::engine(config, Book::File).await?;
        let guard = Arc::new(Guard::new(wiring::limits(config)));
        let api = serve::router(engine.clone(), counts.clone(), None, &guard)?;
        let api = Listener::bind(config.listen.address, pages::around(api, config, &engine, &guard)?)?;
        let events = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0)), receiver.router())?;
        tokio::spawn(metrics::upkeep(counts));
        let (base_url, address) = (format!("http://{}", api.address()?), events.address()?);
        tracing::info!(base_url, receiver = %address, "listening");
        let server = Server { listeners: vec![api, events], tls: None, limits: Limits::of(config) };
        Ok(Self { engine, receiver: address, base_url, server, stop })
    }

    /// Sets up the merchant whose credentials are handed out.
    pub async fn merchant(&self, args: &Args) -> Result<Credentials, Failure> {
        let known = Credentials::read(&args.credentials_path());
        tenants::merchant(&self.engine, args.mit_mode, &self.base_url, self.receiver, known).await
    }

    /// Serves until a signal comes, with the traffic beside it; then drains. The traffic's failure is told at once and
    /// is the failure of the whole.
    pub async fn run(self, traffic: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
        let Self { engine, server, mut stop, .. } = self;
        let workers = Workers::start(&engine);
        let (close, closed) = oneshot::channel();
        let mut serving = pin!(serve::to_the_end(server, closed, workers, engine.clone()));
        let mut result = Ok(());
        {
            let mut traffic = pin!(traffic);
            let mut playing = true;
            let signal = loop {
                tokio::select! {
                    signal = stop.next() => break signal,
                    ended = &mut serving => return ended,
                    played = &mut traffic, if playing => {
                        playing = false;
                        if let Err(failure) = &played {
                            eprintln!("{} {failure}", crate::output::Paint::for_stderr().red("error:"));
                        }
                        result = played.map_err(|_| Failure::failed("the traffic met errors, as told above"));
                    }
                }
            };
            tracing::info!(signal, "draining");
        }
        engine.drain();
        // The receiver lives as long as the server.
        let _ = close.send(());
        tokio::select! {
            signal = stop.next() => Err(Failure::failed(format!("stopped at once by a second {signal}"))),
            ended = &mut serving => ended.and(result),
        }
    }
}
