//! What commands print: aligned tables for people, JSON for programs.

mod paint;
mod record;
mod table;

use std::io::Write as _;

use serde_json::Value;

pub use self::{
    paint::Paint,
    table::{Column, Table},
};
use crate::failure::Failure;

/// How a command answers.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
    paint: Paint,
}

impl Output {
    /// JSON when asked for, else text with colours when standard output is a terminal.
    pub fn new(json: bool) -> Self {
        Self { json, paint: Paint::for_stdout() }
    }

    /// Whether JSON was asked for.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Prints one answer in the form that was asked for.
    pub fn answer(self, json: impl FnOnce() -> Value, text: impl FnOnce(Paint) -> String) -> Result<(), Failure> {
        print(&if self.json { format!("{:#}", json()) } else { text(self.paint) })
    }

    /// Prints the table, or the JSON when that was asked for.
    pub fn table(self, table: &Table, json: impl FnOnce() -> Value) -> Result<(), Failure> {
        self.answer(json, |paint| table.render(paint))
    }

    /// Prints a record with all its members.
    pub fn record(self, record: &Value) -> Result<(), Failure> {
        self.answer(|| record.clone(), |_| record::details(record))
    }

    /// Prints many records: all members in JSON, these (title and path) as columns for people.
    pub fn list(self, columns: &[(&'static str, &str)], records: Vec<Value>) -> Result<(), Failure> {
        let table = record::table(columns, &records);
        self.table(&table, || Value::Array(records))
    }
}

/// Writes to standard output; a reader that went away (`| head`) is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout().lock(), "{}", text.trim_end_matches('\n')) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
