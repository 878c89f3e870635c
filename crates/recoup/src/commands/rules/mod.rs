//! `recoup rules`: the network rules as data: are the files sound, what changes when, and what a code means.

mod check;
mod diff;
mod explain;
mod list;
mod words;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::{
    rules::{Error, Files},
    time::Timestamp,
};
use engine::Clock;

use crate::{config::Config, failure::Failure, output::Output};

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The rule files: how many rows, what holds today, what changed last and what will
    List(list::Args),
    /// Look for faults in rule files; every one is told with file, line and column
    Check(check::Args),
    /// What changes between two days, or between two folders of rule files
    Diff(diff::Args),
    /// What a decline code means and what is done about it
    Explain(explain::Args),
}

/// Runs the command.
pub fn run(command: &Command, config: &Config, output: Output) -> Result<(), Failure> {
    let configured = config.engine.rules_dir.as_deref();
    let now = Clock::System.now();
    match command {
        Command::List(args) => list::run(args, configured, now, output),
        Command::Check(args) => check::run(args, configured, output),
        Command::Diff(args) => diff::run(args, configured, output),
        Command::Explain(args) => explain::run(args, configured, now, output),
    }
}

/// The files of a folder, else of the one configured, else those compiled in.
fn files(named: Option<&Path>, configured: Option<&Path>) -> Result<Files, Failure> {
    match named.or(configured) {
        None => Ok(Files::builtin()),
        Some(dir) => Files::read(dir).map_err(unsound),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err asks for")]
fn unsound(error: Error) -> Failure {
    match error {
        Error::Unreadable { .. } => Failure::not_found(error.to_string()),
        Error::Unsound(_) => Failure::failed(error.to_string()),
    }
}

/// A folder of rule files.
#[derive(Debug, clap::Args)]
struct Dir {
    /// Folder of rule files [default: `engine.rules_dir`, else the rules compiled in]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Reads a day.
fn day(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "must be a day such as 2026-10-25".to_owned())
}

fn day_of(at: Timestamp) -> jiff::civil::Date {
    at.civil_at(0).date()
}
