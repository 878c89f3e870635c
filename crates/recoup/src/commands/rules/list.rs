//! `recoup rules list`.

use std::path::Path;

use domain::{rules::FileSummary, time::Timestamp};
use serde_json::json;

use super::{Dir, day, day_of, files, unsound};
use crate::{
    failure::Failure,
    output::{Column, Output, Table},
};

/// Which files, on which day.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    dir: Dir,
    /// The day [default: today, UTC]
    #[arg(long, value_parser = day)]
    date: Option<jiff::civil::Date>,
}

/// Runs the command.
pub fn run(args: &Args, configured: Option<&Path>, now: Timestamp, output: Output) -> Result<(), Failure> {
    let files = files(args.dir.dir.as_deref(), configured)?;
    let date = args.date.unwrap_or_else(|| day_of(now));
    let summary = files.summary(date).map_err(unsound)?;
    let version = files.rules().map_err(unsound)?.version().to_owned();
    output.table(&table(&summary), || json!({ "version": version, "date": date.to_string(), "files": summary }))
}

fn table(summary: &[FileSummary]) -> Table {
    let mut table = Table::new(vec![
        Column::left("FILE"),
        Column::left("FROM"),
        Column::right("ROWS"),
        Column::right("IN FORCE"),
        Column::left("CHANGED"),
        Column::left("NEXT CHANGE"),
    ]);
    for file in summary {
        let or_dash = |day: &Option<String>| day.clone().unwrap_or_else(|| "-".to_owned());
        table.row(vec![
            file.file.to_owned(),
            if file.replaced { "folder" } else { "built in" }.to_owned(),
            file.rows.to_string(),
            file.in_force.to_string(),
            or_dash(&file.changed),
            or_dash(&file.next),
        ]);
    }
    table
}
