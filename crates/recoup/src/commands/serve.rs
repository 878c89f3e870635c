//! `recoup serve`: the server.

use std::{pin::pin, sync::Arc, time::Duration};

use api::{AppState, Guard};
use axum::Router;
use domain::environment::Environment;
use engine::{Engine, Workers};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::oneshot;

use crate::{
    config::Config,
    failure::Failure,
    logging, metrics, pages, runtime,
    server::{Limits, Listener, Server, signal, tls::Tls},
    wiring::{self, Book},
};

/// Time for attempts that are on their way to a processor when everything else has ended.
const SETTLE_TIME: Duration = Duration::from_secs(30);

/// Serves until it is stopped.
pub fn run(config: &Config) -> Result<(), Failure> {
    logging::start(config)?;
    let counts = metrics::start()?;
    runtime::serve(config.runtime.worker_threads, serve(config, counts))
}

async fn serve(config: &Config, counts: PrometheusHandle) -> Result<(), Failure> {
    let mut stop = signal::Stop::listen()?;
    let tls = tls(config)?;
    let engine = wiring::engine(config, Book::File).await?;
    let server = Server { listeners: listeners(config, &engine, &counts)?, tls, limits: Limits::of(config) };
    tokio::spawn(metrics::upkeep(counts));
    let workers = Workers::start(&engine);
    let (close, closed) = oneshot::channel();
    let mut serving = pin!(to_the_end(server, closed, workers, engine.clone()));
    let signal = tokio::select! {
        signal = stop.next() => signal,
        result = &mut serving => return result,
    };
    tracing::info!(signal, "draining");
    engine.drain();
    let ending = async {
        tokio::time::sleep(Duration::from_secs(config.listen.drain_notice_secs.into())).await;
        // The receiver lives as long as the server.
        let _ = close.send(());
        serving.await
    };
    tokio::select! {
        signal = stop.next() => Err(Failure::failed(format!("stopped at once by a second {signal}"))),
        result = ending => result,
    }
}

/// Serves until told to close, then ends the workers and the store in that order.
pub async fn to_the_end(
    server: Server,
    closed: oneshot::Receiver<()>,
    workers: Workers,
    engine: Arc<Engine>,
) -> Result<(), Failure> {
    let told = async {
        let _ = closed.await;
    };
    if !server.run(told).await {
        tracing::warn!("requests were still running at the end of the time to drain");
    }
    workers.finish().await;
    if !engine.await_attempts(SETTLE_TIME).await {
        tracing::warn!("attempts were still on their way; they are looked up after the next start");
    }
    engine.store().close().await.map_err(|error| Failure::failed(error.to_string()))?;
    tracing::info!("stopped");
    Ok(())
}

fn listeners(config: &Config, engine: &Arc<Engine>, counts: &PrometheusHandle) -> Result<Vec<Listener>, Failure> {
    let guard = Arc::new(Guard::new(wiring::limits(config)));
    let wanted = [
        (Some(config.listen.address), None),
        (config.listen.sandbox, Some(Environment::Sandbox)),
        (config.listen.production, Some(Environment::Production)),
    ];
    wanted
        .into_iter()
        .filter_map(|(address, environment)| Some((address?, environment)))
        .map(|(address, environment)| {
            let api = router(engine.clone(), counts.clone(), environment, &guard)?;
            let router = if environment.is_none() { pages::around(api, config, engine, &guard)? } else { api };
            let listener = Listener::bind(address, router)?;
            let serves = environment.map_or("both environments", Environment::as_str);
            tracing::info!(address = %listener.address()?, serves, tls = config.tls.cert.is_some(), "listening");
            Ok(listener)
        })
        .collect()
}

/// Everything that is served, to both environments or to one.
pub fn router(
    engine: Arc<Engine>,
    counts: PrometheusHandle,
    environment: Option<Environment>,
    guard: &Arc<Guard>,
) -> Result<Router, Failure> {
    let trace_seed = u128::from_le_bytes(engine::Random::from_system()?.bytes());
    let render = move || counts.render();
    let state = match environment {
        Some(environment) => AppState::for_listener(engine, render, trace_seed, environment),
        None => AppState::new(engine, render, trace_seed),
    };
    Ok(api::router(state.guarded(guard.clone())))
}

/// TLS, when it is configured; its files are read again on every SIGHUP.
fn tls(config: &Config) -> Result<Option<Tls>, Failure> {
    let (Some(cert), Some(key)) = (&config.tls.cert, &config.tls.key) else { return Ok(None) };
    let tls = Tls::open(cert, key).map_err(Failure::usage)?;
    let (watched, mut hangup) = (tls.clone(), signal::hangup()?);
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            match watched.reload() {
                Ok(()) => tracing::info!("the TLS certificate was read again"),
                Err(error) => tracing::error!(error, "the TLS certificate was not taken over"),
            }
        }
    });
    Ok(Some(tls))
}
