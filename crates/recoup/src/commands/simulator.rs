//! `recoup simulator`: the simulated issuers behind the plain HTTP contract, for anybody's tests.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use domain::settings;
use processor::simulator::{Book, Simulator, server::router};

use crate::{
    config::Config,
    failure::Failure,
    logging, runtime,
    server::{Limits, Listener, Server, signal},
};

/// What the simulator is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address to listen on; plain HTTP
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// File of its book, kept over restarts [default: in memory]
    #[arg(long, value_name = "FILE")]
    book: Option<PathBuf>,
    /// Seed: the same seed gives the same answers [default: the configured one]
    #[arg(long)]
    seed: Option<u64>,
    /// `issuer`: issuers with pay calendars, limits and outages; `magic`: the tables of magic values
    #[arg(long, default_value = "issuer", value_parser = mode)]
    mode: settings::Simulator,
}

/// Serves until it is stopped.
pub fn run(args: &Args, config: &Config) -> Result<(), Failure> {
    logging::start(config)?;
    let book = match &args.book {
        Some(path) => Book::open(path).map_err(|error| Failure::failed(format!("the book {}: {error}", path.display())))?,
        None => Book::in_memory().map_err(|error| Failure::failed(error.to_string()))?,
    };
    let simulator = Simulator::new(args.seed.unwrap_or(config.simulator.seed), book).serving(args.mode);
    runtime::serve(config.runtime.worker_threads, serve(simulator, args.listen, Limits::of(config)))
}

async fn serve(simulator: Simulator, address: SocketAddr, limits: Limits) -> Result<(), Failure> {
    let mut stop = signal::Stop::listen()?;
    let listener = Listener::bind(address, router(Arc::new(simulator)))?;
    tracing::info!(address = %listener.address()?, "the simulator listens");
    let server = Server { listeners: vec![listener], tls: None, limits };
    let stopped = async {
        stop.next().await;
    };
    server.run(stopped).await;
    Ok(())
}

fn mode(text: &str) -> Result<settings::Simulator, String> {
    settings::Simulator::parse(text).ok_or_else(|| "must be `issuer` or `magic`".to_owned())
}
