//! `recoup model`: what was learnt, which version is in use, and putting another one there.

use clap::Subcommand;
use domain::model::{Kind, Record};
use engine::Engine;
use serde_json::{Value, json};

use super::arguments::word;
use crate::{
    failure::Failure,
    output::{Column, Output, Table},
};

/// What to do with the models.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Every version that was learnt, newest first, and the one in use
    List {
        #[command(flatten)]
        of: Of,
    },
    /// One version with the report that it was judged by
    Show {
        /// The version
        #[arg(value_name = "VERSION")]
        model: String,
        #[command(flatten)]
        of: Of,
    },
    /// Put a version in use, whatever its estimates say; what was in use is retired
    Promote {
        /// The version
        #[arg(value_name = "VERSION")]
        model: String,
        #[command(flatten)]
        of: Of,
    },
    /// Take the version in use out of it; the one built in takes over
    Retire {
        #[command(flatten)]
        of: Of,
    },
}

/// Which models.
#[derive(Debug, clap::Args)]
pub struct Of {
    /// retry or risk
    #[arg(long, default_value = "retry", value_parser = word(Kind::parse, Kind::ALL))]
    kind: Kind,
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::List { of } => list(engine, of.kind, output).await,
        Command::Show { model: version, of } => {
            let record = engine.model_of(of.kind, &version).await.map_err(Failure::about("model", &version))?;
            output.record(&view(&record))
        }
        Command::Promote { model: version, of } => {
            let record = engine.promote_model(of.kind, &version).await.map_err(Failure::about("model", &version))?;
            output.record(&view(&record))
        }
        Command::Retire { of } => {
            let retired = engine.retire_model(of.kind).await.map_err(Failure::about("learnt model in use of kind", of.kind))?;
            output.record(&view(&retired))
        }
    }
}

async fn list(engine: &Engine, kind: Kind, output: Output) -> Result<(), Failure> {
    let shown = engine.models_of(kind).await?;
    let titles = ["VERSION", "STATE", "LEARNT", "CHANGED", "REASON"];
    let mut table = Table::new(titles.map(Column::left).to_vec());
    for record in &shown.learnt {
        let reason = record.report["reason"].as_str().unwrap_or("-").to_owned();
        let (learnt, changed) = (record.created_at.iso6(), record.changed_at.iso6());
        table.row(vec![record.version.clone(), record.state.to_string(), learnt, changed, reason]);
    }
    if shown.is_builtin {
        let reason = "built in; nothing learnt is in use".to_owned();
        table.row(vec![shown.in_use.clone(), "live".to_owned(), "-".to_owned(), "-".to_owned(), reason]);
    }
    let learnt: Vec<Value> = shown.learnt.iter().map(view).collect();
    output.table(&table, || json!({ "kind": kind, "inUse": shown.in_use, "builtIn": shown.is_builtin, "learnt": learnt }))
}

/// A version for programs.
pub fn view(record: &Record) -> Value {
    json!({
        "kind": record.kind, "version": record.version, "state": record.state, "createdOn": record.created_at.iso6(),
        "changedOn": record.changed_at.iso6(), "bytes": record.body.len(), "report": record.report,
    })
}
