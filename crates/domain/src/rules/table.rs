//! Reads one rule file: CSV with a header row, `#` comments, and errors that name file and line.

use std::{path::Path, time::Duration};

use super::{period::Period, region::Region};
use crate::card::Network;

/// Why a rule file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is there but cannot be read.
    #[error("{file}: {reason}")]
    Unreadable {
        /// Path.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// A line is not CSV, or a value in it is unsound.
    #[error("{file}: line {line}: {reason}")]
    Unsound {
        /// File name.
        file: &'static str,
        /// Line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::Unreadable { file: path.display().to_string(), reason: error.to_string() }
    }
}

/// One file's rows.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Row>,
    columns: Vec<String>,
    file: &'static str,
    header_line: u64,
}

/// One row with its place in the file.
#[derive(Debug)]
pub struct Row {
    file: &'static str,
    line: u64,
    cells: Vec<(String, String)>,
}

/// Reads a whole file.
pub fn read(file: &'static str, text: &str) -> Result<Table, Error> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let unsound = |error: &csv::Error| Error::Unsound {
        file,
        line: error.position().map_or(0, csv::Position::line),
        reason: "not CSV with as many cells as the header".to_owned(),
    };
    let headers = reader.headers().map_err(|error| unsound(&error))?.clone();
    let header_line = headers.position().map_or(1, csv::Position::line);
    let columns: Vec<String> = headers.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unsound(&error))?;
        let cells = columns.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        rows.push(Row { file, line: record.position().map_or(0, csv::Position::line), cells });
    }
    Ok(Table { rows, columns, file, header_line })
}

impl Table {
    /// All rows, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// All rows, once every named column is known to be there and every row to name its source.
    pub fn rows_with(&self, columns: &[&str]) -> Result<impl Iterator<Item = &Row>, Error> {
        if let Some(missing) = columns.iter().find(|name| !self.columns.iter().any(|column| column == *name)) {
            let reason = format!("column {missing} is missing");
            return Err(Error::Unsound { file: self.file, line: self.header_line, reason });
        }
        match self.rows.iter().find(|row| row.get("source").is_empty()) {
            Some(row) => Err(row.fault("source", "every rule names its source")),
            None => Ok(self.rows.iter()),
        }
    }
}

impl Row {
    /// A cell's text; empty when the file has no such column.
    pub fn get(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell)
    }

    /// An error at this row.
    pub fn fault(&self, column: &str, reason: &str) -> Error {
        Error::Unsound { file: self.file, line: self.line, reason: format!("{column}: {reason}") }
    }

    /// A value of a closed list, by its reader.
    pub fn word<T>(&self, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
        let text = self.get(column);
        read(text).ok_or_else(|| self.fault(column, &format!("unknown value {text}")))
    }

    /// A value of a closed list; empty or `*` is `None`.
    pub fn word_or_any<T>(&self, column: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Error> {
        if matches!(self.get(column), "" | "*") { Ok(None) } else { self.word(column, read).map(Some) }
    }

    /// `yes` or `no`.
    pub fn flag(&self, column: &str) -> Result<bool, Error> {
        match self.get(column) {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(self.fault(column, "neither yes nor no")),
        }
    }

    /// A whole number; empty is `None`.
    pub fn number(&self, column: &str) -> Result<Option<u32>, Error> {
        let text = self.get(column);
        let read = || text.parse().map_err(|_| self.fault(column, "not a whole number"));
        if text.is_empty() { Ok(None) } else { read().map(Some) }
    }

    /// An ISO 8601 duration of days, hours and minutes; empty is `None`.
    pub fn duration(&self, column: &str) -> Result<Option<Duration>, Error> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        duration(text).map(Some).ok_or_else(|| self.fault(column, "not an ISO 8601 duration"))
    }

    /// Upper-case codes, separated by spaces.
    pub fn codes(&self, column: &str) -> Vec<String> {
        self.get(column).split_whitespace().map(str::to_ascii_uppercase).collect()
    }

    /// The network, `None` for any.
    pub fn network(&self) -> Result<Option<Network>, Error> {
        self.word_or_any("network", Network::parse)
    }

    /// The region, `None` for any.
    pub fn region(&self) -> Result<Option<Region>, Error> {
        self.word_or_any("region", Region::parse)
    }

    /// The validity dates.
    pub fn period(&self) -> Result<Period, Error> {
        Period::read(self)
    }
}

/// `P30D`, `PT24H`, `PT15M`, `P1DT12H`: days, hours and minutes only, at most ten years.
fn duration(text: &str) -> Option<Duration> {
    const LONGEST_SECS: u64 = 3_653 * 86_400;
    let (days, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (text.strip_prefix('P').filter(|days| !days.is_empty())?, ""),
    };
    let (days, rest) = leading(days, 'D')?;
    let (hours, minutes) = leading(time, 'H')?;
    let (minutes, end) = leading(minutes, 'M')?;
    let secs = days.checked_mul(86_400)?.checked_add(hours.checked_mul(3_600)?)?.checked_add(minutes.checked_mul(60)?)?;
    (rest.is_empty() && end.is_empty() && secs <= LONGEST_SECS).then(|| Duration::from_secs(secs))
}

/// The number before a unit and what follows it; zero when the unit is not there.
fn leading(text: &str, unit: char) -> Option<(u64, &str)> {
    match text.split_once(unit) {
        Some((number, rest)) => number.parse().ok().map(|number| (number, rest)),
        None => Some((0, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_days_hours_and_minutes() {
        for (text, secs) in [
            ("PT15M", Some(900)),
            ("PT24H", Some(86_400)),
            ("P30D", Some(30 * 86_400)),
            ("P1DT1H1M", Some(90_060)),
            ("PT0M", Some(0)),
            ("P", None),
            ("PT", None),
            ("30D", None),
            ("P1M", None),
            ("P-1D", None),
            ("P1W", None),
            ("P99999999D", None),
        ] {
            assert_eq!(duration(text).map(|d| d.as_secs()), secs, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,200}", duration_text in "P?[0-9DTHM]{0,30}") {
            let _ = (read("any.csv", &text), duration(&duration_text));
        }
    }
}
