//! The decline-rescue engine: one binary. This crate only wires: settings, logs, listeners, subcommands.

mod cli;
mod commands;
mod config;
mod demo;
mod failure;
mod logging;
mod metrics;
mod output;
mod pages;
mod postman;
mod runtime;
mod server;
mod wiring;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{} {failure}", output::Paint::for_stderr().red("error:"));
            failure.code()
        }
    }
}
