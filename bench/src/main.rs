//! `make bench`: drives the release binary over HTTP, at saturation and at a constant arrival rate, and prints what
//! it reached beside what a server could reach at all on the same machine in the same minutes.

mod cli;
mod clock;
mod floor;
mod load;
mod machine;
mod measurement;
mod process;
mod report;
mod scenario;

use std::{process::ExitCode, time::Duration};

use clap::Parser;

use crate::{
    cli::{Cli, Command, SqliteArgs},
    floor::{echo, sqlite},
    process::core::Cores,
};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Some(Command::Echo { port }) => runtime()?.block_on(echo::serve(port)),
        Some(Command::Sqlite(arguments)) => store_floor(&arguments),
        None => {
            // Counted before this process binds itself to one core.
            let core_count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let cores = Cores::take();
            runtime()?.block_on(measurement::run(cli.options, cores, core_count))
        }
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn store_floor(arguments: &SqliteArgs) -> anyhow::Result<()> {
    let SqliteArgs { source, folder, plan, group, seconds } = arguments;
    let reached = sqlite::measure(source, folder, &serde_json::from_str(plan)?, *group, Duration::from_secs(*seconds))?;
    println!("{}", serde_json::to_string(&reached)?);
    Ok(())
}
