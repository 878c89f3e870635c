//! `recoup vault rotate`: a new key-encryption key, and everything under it, while servers run.

use clap::Subcommand;
use engine::{Engine, admin::Progress};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::{failure::Failure, output::Output};

/// What to do with the vault.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a new active key to the ring and re-encrypt everything under it; safe to run again after an interruption
    Rotate,
}

/// Runs the command.
pub async fn run(command: &Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Rotate => {
            let bar = bar()?;
            let done = engine.rotate_vault(|progress| tell(&bar, progress)).await;
            bar.finish_and_clear();
            let done = done?;
            output.record(&json!({ "key": done.key, "dataKeys": done.data_keys, "cards": done.cards, "values": done.values }))
        }
    }
}

/// Shown on terminals only; how many cards there are is not known before they are read.
fn bar() -> Result<ProgressBar, Failure> {
    let style = ProgressStyle::with_template("{spinner} {elapsed_precise}  {msg}  {per_sec}");
    let bar = ProgressBar::new_spinner().with_style(style.map_err(|error| Failure::failed(error.to_string()))?);
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    Ok(bar)
}

fn tell(bar: &ProgressBar, progress: &Progress) {
    bar.set_position(progress.cards);
    bar.set_message(format!("{} data keys, {} cards, {} values", progress.data_keys, progress.cards, progress.values));
}
