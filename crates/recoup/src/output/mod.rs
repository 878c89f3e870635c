//! What commands print: aligned tables for people, JSON for programs.

mod paint;
mod table;

use std::io::Write as _;

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

    /// Colours, when they are wanted.
    pub fn paint(self) -> Paint {
        self.paint
    }

    /// Prints text.
    pub fn text(self, text: &str) -> Result<(), Failure> {
        print(text.trim_end_matches('\n'))
    }

    /// Prints JSON.
    pub fn value(self, value: &serde_json::Value) -> Result<(), Failure> {
        print(&format!("{value:#}"))
    }

    /// Prints the table, or the JSON when that was asked for.
    pub fn table(self, table: &Table, json: impl FnOnce() -> serde_json::Value) -> Result<(), Failure> {
        if self.json { self.value(&json()) } else { self.text(&table.render(self.paint)) }
    }
}

/// Writes to standard output; a reader that went away (`| head`) is no failure.
fn print(text: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
