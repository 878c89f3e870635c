//! The subcommands, one room each.

pub mod application;
mod arguments;
mod assign;
pub mod audit;
pub mod channel;
pub mod config;
pub mod explain;
pub mod forecast;
mod init;
pub mod key;
pub mod learn;
pub mod merchant;
pub mod migrate;
pub mod model;
pub mod openapi;
pub mod order;
pub mod partner;
pub mod policy;
pub mod processor;
pub mod report;
pub mod risk;
pub mod route;
pub mod rules;
pub mod serve;
pub mod settlement;
pub mod simulate;
pub mod simulator;
pub mod site;
pub mod user;
pub mod vault;
pub mod webhook;

use std::sync::Arc;

use engine::Engine;

use crate::{
    cli::{Cli, Command},
    config as settings,
    config::Config,
    failure::Failure,
    output::Output,
    runtime, wiring,
};

/// Runs the command.
pub fn run(cli: Cli) -> Result<(), Failure> {
    let output = Output::new(cli.common.json);
    let file = cli.common.config.as_deref();
    let configured = || settings::load(file);
    match cli.command {
        Command::Config(command) => config::run(&command, file, output),
        Command::Init => init::run(&configured()?, output),
        Command::Migrate => migrate::run(&configured()?, output),
        Command::Serve => serve::run(&configured()?),
        Command::Demo(args) => crate::demo::run(&args, output),
        Command::Simulator(args) => simulator::run(&args, &configured()?),
        Command::Simulate(args) => simulate::run(&args, output),
        Command::Openapi(args) => openapi::run(&args),
        Command::Rules(command) => rules::run(&command, &configured()?, output),
        Command::Risk(command) => risk::run(&command, output),
        Command::Forecast(args) => forecast::run(&args, &configured()?, output),
        Command::Order(args) => order::run(args, output),
        Command::Explain(args) => explain::run(&args, configured, output),
        Command::Partner(command) => administer(&configured()?, async |engine| partner::run(command, &engine, output).await),
        Command::Merchant(command) => administer(&configured()?, async |engine| merchant::run(command, &engine, output).await),
        Command::Site(command) => administer(&configured()?, async |engine| site::run(command, &engine, output).await),
        Command::User(command) => administer(&configured()?, async |engine| user::run(command, &engine, output).await),
        Command::Key(command) => administer(&configured()?, async |engine| key::run(command, &engine, output).await),
        Command::Webhook(command) => administer(&configured()?, async |engine| webhook::run(command, &engine, output).await),
        Command::Channel(command) => administer(&configured()?, async |engine| channel::run(command, &engine, output).await),
        Command::Processor(command) => administer(&configured()?, async |engine| processor::run(command, &engine, output).await),
        Command::Route(command) => administer(&configured()?, async |engine| route::run(command, &engine, output).await),
        Command::Settlement(command) => {
            administer(&configured()?, async |engine| settlement::run(command, &engine, output).await)
        }
        Command::Report(args) => administer(&configured()?, async |engine| report::run(args, &engine, output).await),
        Command::Application(command) => {
            administer(&configured()?, async |engine| application::run(command, &engine, output).await)
        }
        Command::Audit(command) => administer(&configured()?, async |engine| audit::run(command, &engine, output).await),
        Command::Learn(args) => administer(&configured()?, async |engine| learn::run(args, &engine, output).await),
        Command::Policy(command) => administer(&configured()?, async |engine| policy::run(command, &engine, output).await),
        Command::Model(command) => administer(&configured()?, async |engine| model::run(command, &engine, output).await),
        Command::Vault(command) => administer(&configured()?, async |engine| vault::run(&command, &engine, output).await),
    }
}

/// Runs a command on the engine without its workers; a server may run beside it.
fn administer(config: &Config, command: impl AsyncFnOnce(Arc<Engine>) -> Result<(), Failure>) -> Result<(), Failure> {
    runtime::once(async {
        let engine = wiring::engine(config, wiring::Book::Memory).await?;
        let result = command(engine.clone()).await;
        let closed = engine.store().close().await.map_err(|error| Failure::failed(error.to_string()));
        result.and(closed)
    })
}
