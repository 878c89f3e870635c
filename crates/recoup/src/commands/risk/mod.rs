//! `recoup risk`: how well payments are told from frauds, on a past that is at hand. Nothing leaves the machine.

mod backtest;
mod file;
mod sample;

use crate::{failure::Failure, output::Output};

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Build profiles, learn and score over a file of past payments, as the live system would have
    Backtest(backtest::Args),
    /// Write made-up payments with three kinds of fraud, to try the backtest on
    Sample(sample::Args),
}

/// Runs the command.
pub fn run(command: &Command, output: Output) -> Result<(), Failure> {
    match command {
        Command::Backtest(args) => backtest::run(args, output),
        Command::Sample(args) => sample::run(args, output),
    }
}
