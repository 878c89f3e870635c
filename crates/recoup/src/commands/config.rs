//! `recoup config`: is it right, and where does it come from?

use std::path::Path;

use clap::Subcommand;
use serde_json::json;

use crate::{
    config::{self, Problem, show},
    failure::Failure,
    output::{self, Output, Paint},
};

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say whether the configuration is sound
    Check,
    /// Show every setting: its value, where it came from, what it means
    Print {
        /// Every setting with its default, as the table of docs/OPERATIONS.md
        #[arg(long, conflicts_with = "json")]
        markdown: bool,
    },
}

/// Runs the command.
pub fn run(command: &Command, file: Option<&Path>, output: Output) -> Result<(), Failure> {
    let loaded = config::examine(file)?;
    match command {
        Command::Check => check(&loaded, output),
        Command::Print { markdown: true } => output::print(&show::markdown(&loaded.settings)),
        Command::Print { markdown: false } => {
            output.table(&show::table(&loaded.settings), || show::json(&loaded.settings))?;
            if loaded.problems.is_empty() { Ok(()) } else { Err(config::refusal(&loaded.problems)) }
        }
    }
}

fn check(loaded: &config::Loaded, output: Output) -> Result<(), Failure> {
    let file = loaded.file.as_ref().map(|path| path.display().to_string());
    let problems: Vec<_> = loaded.problems.iter().map(Problem::to_string).collect();
    let json = || json!({ "sound": problems.is_empty(), "file": file, "problems": problems });
    let place =
        file.as_ref().map_or_else(|| "no file, defaults and environment".to_owned(), |path| format!("{path} and environment"));
    let text = |paint: Paint| format!("{} ({place})", paint.green("The configuration is sound"));
    if output.is_json() || problems.is_empty() {
        output.answer(json, text)?;
    }
    if problems.is_empty() { Ok(()) } else { Err(config::refusal(&loaded.problems)) }
}
