//! The subcommands, one room each.

pub mod config;

use crate::{
    cli::{Cli, Command},
    failure::Failure,
    output::Output,
};

/// Runs the command.
pub fn run(cli: Cli) -> Result<(), Failure> {
    let output = Output::new(cli.common.json);
    let file = cli.common.config.as_deref();
    match cli.command {
        Command::Config(command) => config::run(command, file, output),
    }
}
