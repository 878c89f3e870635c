//! `recoup rules diff`.

use std::path::{Path, PathBuf};

use domain::rules::{Change, Files};
use serde_json::json;

use super::{day, files, unsound};
use crate::{
    failure::Failure,
    output::{Column, Output, Table},
};

/// Two days, or two folders.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  recoup rules diff --from 2026-01-01 --to 2027-01-01\n  recoup rules diff builtin ./rules")]
pub struct Args {
    /// Rule files before: a folder, or `builtin`
    #[arg(requires = "dir_b", conflicts_with_all = ["from", "to"], required_unless_present = "from")]
    dir_a: Option<PathBuf>,
    /// Rule files after: a folder, or `builtin`
    dir_b: Option<PathBuf>,
    /// The day before
    #[arg(long, value_parser = day, requires = "to")]
    from: Option<jiff::civil::Date>,
    /// The day after
    #[arg(long, value_parser = day, requires = "from")]
    to: Option<jiff::civil::Date>,
}

/// Runs the command.
pub fn run(args: &Args, configured: Option<&Path>, output: Output) -> Result<(), Failure> {
    let changes = match (args.from, args.to, &args.dir_a, &args.dir_b) {
        (Some(from), Some(to), ..) => files(None, configured)?.between(from, to),
        (_, _, Some(before), Some(after)) => named(before)?.against(&named(after)?),
        _ => return Err(Failure::usage("name two days (--from, --to) or two folders")),
    };
    let changes = changes.map_err(unsound)?;
    output.answer(
        || json!(changes),
        |paint| if changes.is_empty() { "nothing changes\n".to_owned() } else { table(&changes).render(paint) },
    )
}

fn named(dir: &Path) -> Result<Files, Failure> {
    if dir == Path::new("builtin") { Ok(Files::builtin()) } else { Files::read(dir).map_err(unsound) }
}

fn table(changes: &[Change]) -> Table {
    let titles = ["FILE", "RULE", "CHANGE", "COLUMN", "BEFORE", "AFTER", "SINCE", "SOURCE"];
    let mut table = Table::new(titles.map(Column::left).to_vec());
    for change in changes {
        let or_dash = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
        table.row(vec![
            change.file.trim_end_matches(".csv").to_owned(),
            change.rule.clone(),
            change.what.to_string(),
            or_dash(&change.column),
            or_dash(&change.before),
            or_dash(&change.after),
            or_dash(&change.since),
            change.source.clone(),
        ]);
    }
    table
}
