//! `recoup init`: data folder, database, key ring. What is there already stays as it is.

use std::{fs, io, os::unix::fs::DirBuilderExt as _, path::Path};

use engine::Clock;
use serde_json::json;

use crate::{config::Config, failure::Failure, output::Output};

/// Makes what is missing.
pub fn run(config: &Config, output: Output) -> Result<(), Failure> {
    let (database, ring) = (config.database_path(), config.key_ring_path());
    for folder in [Some(config.data.dir.as_path()), database.parent(), ring.parent()].into_iter().flatten() {
        make_folder(folder)?;
    }
    if database.exists() && !ring.exists() {
        let (database, ring) = (database.display(), ring.display());
        return Err(Failure::conflict(format!(
            "the database {database} is there but its key ring {ring} is not: bring it back from its backup; a new one could not open the cards"
        )));
    }
    let made_ring = !ring.exists();
    if made_ring {
        vault::Ring::create(&ring, Clock::System.now(), &vault::System).map_err(|error| Failure::failed(error.to_string()))?;
    } else {
        crate::wiring::vault(config)?;
    }
    let migrated = super::migrate::apply(&database)?;
    let json = || json!({ "database": database, "keyRing": ring, "madeKeyRing": made_ring, "schemaBefore": migrated.from, "schema": migrated.to });
    let word = |made: bool| if made { "made" } else { "was there" };
    let text = |_| {
        format!(
            "database  {}  ({}, schema {})\nkey ring  {}  ({}; back it up apart from the database)\n\n{NEXT}",
            database.display(),
            word(migrated.from == 0),
            migrated.to,
            ring.display(),
            word(made_ring),
        )
    };
    output.answer(json, text)
}

const NEXT: &str = "Next:
  recoup merchant create --name \"My shop\" --country US
  recoup site create --mid <mid> --name \"My shop\" --url https://shop.example --default
  recoup key create --mid <mid> --name server --kind secret
  recoup serve";

fn make_folder(folder: &Path) -> Result<(), Failure> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error: io::Error| Failure::failed(format!("the folder {} cannot be made: {error}", folder.display())))
}
