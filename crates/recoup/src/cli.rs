//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands;

/// Rescues declined card payments.
#[derive(Debug, Parser)]
#[command(name = "recoup", version, about, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 command line or configuration, 3 not found, 4 conflict.")]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// Configuration file [default: recoup.toml, when it is there]
    #[arg(long, short, global = true, env = "RECOUP_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check and explain the configuration
    #[command(subcommand)]
    Config(commands::config::Command),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn common_options_stand_before_or_after_the_command() {
        for line in [
            ["recoup", "--json", "--config", "a.toml", "config", "print"],
            ["recoup", "config", "print", "--config", "a.toml", "--json"],
        ] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert!(cli.common.json);
            assert_eq!(cli.common.config, Some(PathBuf::from("a.toml")));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [&["recoup", "dance"][..], &["recoup", "config"], &["recoup", "config", "print", "--yaml"]] {
            assert!(Cli::try_parse_from(line).is_err(), "{line:?}");
        }
    }
}
