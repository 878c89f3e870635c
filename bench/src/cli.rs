//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::load::template::WAITING_CARDS;

/// Measures Recoup against what its machine could do at all.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    /// A floor alone; none: the whole measurement.
    pub command: Option<Command>,
    #[command(flatten)]
    /// The measurement.
    pub options: Options,
}

/// Floors, run as processes of their own on the server's core.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the JSON echo.
    Echo {
        /// Port on the loopback address; 0 takes a free one.
        #[arg(long, default_value_t = 8099)]
        port: u16,
    },
    /// Write an operation's rows with SQLite alone; prints JSON.
    Sqlite(SqliteArgs),
}

/// What `sqlite` writes.
#[derive(Debug, Args)]
pub struct SqliteArgs {
    /// Database with rows of a real run.
    #[arg(long)]
    pub source: PathBuf,
    /// Where the new database goes.
    #[arg(long)]
    pub folder: PathBuf,
    /// Rows of an operation, JSON: {"commits":[{"insert":{"table":1.0},"update":[]}]}.
    #[arg(long)]
    pub plan: String,
    /// Operations in one transaction.
    #[arg(long, default_value_t = 64)]
    pub group: usize,
    /// How long.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
}

/// A part of the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    Start,
    Token,
    Tokenize,
    Transmit,
    EvaluateMit,
    EvaluateCit,
    Read,
    Timers,
    Soak,
}

/// The measurement.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The measured binary.
    #[arg(long, default_value = "target/release/recoup")]
    pub server: PathBuf,
    /// An argument for `recoup demo` beside those the measurement needs; may be repeated.
    #[arg(long, allow_hyphen_values = true)]
    pub server_arg: Vec<String>,
    /// KEY=VALUE for the server's environment; may be repeated.
    #[arg(long, value_parser = key_value)]
    pub server_env: Vec<(String, String)>,
    /// Where data goes while measuring (a temporary folder in it); choose the disk that is to be measured.
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    pub folder: PathBuf,
    /// Only these parts, with commas between.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<Part>,
    /// Length of each counted window.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: u64,
    /// Connections.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    pub connections: u16,
    /// Different cards that evaluations use.
    #[arg(long, default_value_t = 30_000, value_parser = clap::value_parser!(u32).range(1..=i64::from(WAITING_CARDS)))]
    pub cards: u32,
    /// Pending timers for the `timers` part.
    #[arg(long, default_value_t = 1_000_000)]
    pub timers: u32,
    /// Minutes of the flat-memory run; 0 leaves it out.
    #[arg(long, default_value_t = 0)]
    pub soak_minutes: u64,
    /// Requests per second of the flat-memory run; 0: half of what the slowest measured operation reached.
    #[arg(long, default_value_t = 0)]
    pub soak_rate: u32,
    /// Two-second windows, 2,000 cards, 100,000 timers: a look, not a result.
    #[arg(long)]
    pub quick: bool,
    /// End with an error when a target is missed.
    #[arg(long)]
    pub enforce: bool,
    /// All figures as JSON, to this file.
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Folder for BENCHMARKS.md and its charts. Default: `docs` after a whole measurement, nothing after a partial one.
    #[arg(long)]
    pub docs: Option<PathBuf>,
}

impl Options {
    /// With `--quick` applied.
    #[must_use]
    pub fn settled(mut self) -> Self {
        if self.quick {
            self.seconds = self.seconds.min(2);
            self.cards = self.cards.min(2_000);
            self.timers = self.timers.min(100_000);
        }
        self
    }

    /// Whether a part is asked for.
    pub fn wants(&self, part: Part) -> bool {
        if part == Part::Soak && self.soak_minutes == 0 {
            return false;
        }
        self.only.is_empty() || self.only.contains(&part)
    }

    /// Where the report goes.
    pub fn report_folder(&self) -> Option<PathBuf> {
        let whole = self.only.is_empty() && !self.quick;
        self.docs.clone().or_else(|| whole.then(|| PathBuf::from("docs")))
    }
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| format!("{text} is not KEY=VALUE"))?;
    Ok((key.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
        let cli = Cli::parse_from(["bench", "--only", "transmit,evaluate-mit", "--quick", "--server-env", "A=b=c"]);
        let options = cli.options.settled();
        assert!(options.wants(Part::Transmit) && !options.wants(Part::Read) && !options.wants(Part::Soak));
        assert_eq!((options.seconds, options.cards, options.report_folder()), (2, 2_000, None));
        assert_eq!(options.server_env, [("A".to_owned(), "b=c".to_owned())]);
        assert!(matches!(Cli::parse_from(["bench", "echo"]).command, Some(Command::Echo { port: 8099 })));
        assert_eq!(Cli::parse_from(["bench"]).options.report_folder(), Some(PathBuf::from("docs")));
        assert!(Cli::try_parse_from(["bench", "--server-env", "A"]).is_err());
    }
}
