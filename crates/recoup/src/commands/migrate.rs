//! `recoup migrate`: brings the database to the schema of this program.

use std::path::Path;

use serde_json::json;

use crate::{config::Config, failure::Failure, output::Output};

/// Migrates the configured database, which must exist.
pub fn run(config: &Config, output: Output) -> Result<(), Failure> {
    let path = config.database_path();
    if !path.exists() {
        return Err(Failure::not_found(format!("there is no database {}: `recoup init` makes one", path.display())));
    }
    let migrated = apply(&path)?;
    let json = || json!({ "database": path, "schemaBefore": migrated.from, "schema": migrated.to });
    let text = |_| match migrated {
        store::Migrated { from, to } if from == to => format!("{} has schema {to} already", path.display()),
        store::Migrated { from, to } => format!("{} went from schema {from} to {to}", path.display()),
    };
    output.answer(json, text)
}

/// Applies what is missing, all of it or nothing.
pub fn apply(path: &Path) -> Result<store::Migrated, Failure> {
    store::migrate(path).map_err(|error| match error {
        store::Error::Schema { .. } | store::Error::Checksum { .. } => Failure::conflict(format!("{}: {error}", path.display())),
        error => Failure::failed(format!("{}: {error}", path.display())),
    })
}
