//! The floor of storage: SQLite alone, on the server's core, with the rows that the operation left behind.

use std::{collections::BTreeMap, process::Stdio};

use anyhow::{Context, ensure};

use super::bench::Bench;
use crate::floor::{
    plan::Plan,
    schema::{self, Settings},
    sqlite::Reached,
};

impl Bench {
    /// Rows in every table of the server's database.
    pub fn rows(&self) -> anyhow::Result<BTreeMap<String, u64>> {
        Ok(schema::counts(&schema::open_read_only(&self.setup.database()?)?)?)
    }

    /// What the server's database file says about its durability.
    pub fn durability(&self) -> anyhow::Result<Settings> {
        Ok(schema::settings(&schema::open_read_only(&self.setup.database()?)?)?)
    }

    /// Writes the rows of an operation with SQLite alone, in groups.
    pub fn store_floor(&self, plan: &Plan, group: usize) -> anyhow::Result<Reached> {
        let folder = tempfile::tempdir_in(&self.setup.folder)?;
        let mut command = self.setup.cores.server(&std::env::current_exe()?);
        command.arg("sqlite").arg("--source").arg(self.setup.database()?).arg("--folder").arg(folder.path());
        command.args(["--plan", &serde_json::to_string(plan)?, "--group", &group.to_string()]);
        command.args(["--seconds", &self.options.seconds.to_string()]).stderr(Stdio::inherit());
        let output = command.output()?;
        ensure!(output.status.success(), "the SQLite floor failed ({})", output.status);
        serde_json::from_slice(&output.stdout).context("the SQLite floor did not say what it reached")
    }
}
