//! Reads one rule file: CSV with a header row, `#` comments, and errors that name file and line.

use std::{path::Path, time::Duration};

use super::{period::Period, region::Region, schema::Schema};
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
    #[error("{0}")]
    Unsound(Place),
}

/// Something that is wrong in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// File name.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column name; empty when it is the line or the file as a whole.
    pub column: String,
    /// What is wrong.
    pub reason: String,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:", self.file, self.line)?;
        if !self.column.is_empty() {
            write!(f, "{}:", self.column)?;
        }
        write!(f, " {}", self.reason)
    }
}

impl Error {
    pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::Unreadable { file: path.display().to_string(), reason: error.to_string() }
    }
}

/// One file's rows.
#[derive(Debug)]
pub struct Table {
    /// What the file should look like.
    pub schema: &'static Schema,
    rows: Vec<Row>,
    columns: Vec<String>,
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
pub fn read(schema: &'static Schema, text: &str) -> Result<Table, Error> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let unsound = |error: &csv::Error| {
        Error::Unsound(Place {
            file: schema.file.to_owned(),
            line: error.position().map_or(0, csv::Position::line),
            column: String::new(),
            reason: "not CSV with as many cells as the header".to_owned(),
        })
    };
    let headers = reader.headers().map_err(|error| unsound(&error))?.clone();
    let header_line = headers.position().map_or(1, csv::Position::line);
    let columns: Vec<String> = headers.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unsound(&error))?;
        let cells = columns.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        rows.push(Row { file: schema.file, line: record.position().map_or(0, csv::Position::line), cells });
    }
    Ok(Table { schema, rows, columns, header_line })
}

impl Table {
    /// All rows, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// All rows, once it is known that every column is there, every row names its source, and no two rows say something
    /// about the same on the same day.
    pub fn sound_rows(&self) -> Result<impl Iterator<Item = &Row>, Error> {
        match self.faults().into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(self.rows.iter()),
        }
    }

    /// Everything that is wrong with the file as a table: what [`Table::sound_rows`] refuses.
    pub fn faults(&self) -> Vec<Error> {
        let missing = self.schema.required.iter().filter(|name| !self.has(name));
        let missing: Vec<Error> = missing.map(|name| self.fault("", &format!("column {name} is missing"))).collect();
        if !missing.is_empty() {
            return missing;
        }
        let sourceless = self.rows.iter().filter(|row| row.get("source").is_empty());
        let mut faults: Vec<Error> = sourceless.map(|row| row.fault("source", "every rule names its source")).collect();
        for rows in self.by_key().into_values() {
            faults.extend(overlaps(self.schema, &rows));
        }
        faults.sort_by_key(Error::line);
        faults
    }

    /// Columns of the file that nothing reads.
    pub fn unknown_columns(&self) -> Vec<Error> {
        let unknown = self.columns.iter().filter(|column| !self.schema.knows(column));
        unknown.map(|column| self.fault("", &format!("column {column} is not known; nothing reads it"))).collect()
    }

    /// The rows by what they are about, each in the order of their days. Rows without sound dates are left out: they are
    /// faults of their own.
    pub fn by_key(&self) -> std::collections::BTreeMap<String, Vec<(Period, &Row)>> {
        let mut all: std::collections::BTreeMap<String, Vec<(Period, &Row)>> = std::collections::BTreeMap::new();
        for row in &self.rows {
            if let Ok(period) = row.period() {
                all.entry(self.schema.key_of(row)).or_default().push((period, row));
            }
        }
        for rows in all.values_mut() {
            rows.sort_by_key(|(period, _)| period.from());
        }
        all
    }

    fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }

    /// An error of the file as a whole.
    fn fault(&self, column: &str, reason: &str) -> Error {
        let place = Place {
            file: self.schema.file.to_owned(),
            line: self.header_line,
            column: column.to_owned(),
            reason: reason.to_owned(),
        };
        Error::Unsound(place)
    }
}

impl Error {
    /// The line it is about, as far as it is about one.
    pub fn line(&self) -> u64 {
        match self {
            Self::Unreadable { .. } => 0,
            Self::Unsound(place) => place.line,
        }
    }
}

/// Rows of one key that hold on the same day.
fn overlaps(schema: &Schema, rows: &[(Period, &Row)]) -> Vec<Error> {
    let mut faults = vec![];
    for (at, (period, row)) in rows.iter().enumerate() {
        if let Some((_, first)) = rows[..at].iter().find(|(other, _)| other.overlaps(period)) {
            let column = schema.key.first().copied().unwrap_or_default();
            faults.push(row.fault(column, &format!("a second row for the same days as line {}", first.line)));
        }
    }
    faults
}

impl Row {
    /// A cell's text; empty when the file has no such column.
    pub fn get(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell)
    }

    /// An error at this row.
    pub fn fault(&self, column: &str, reason: &str) -> Error {
        let (file, column, reason) = (self.file.to_owned(), column.to_owned(), reason.to_owned());
        Error::Unsound(Place { file, line: self.line, column, reason })
    }

    /// All cells with their columns' names.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells.iter().map(|(name, cell)| (name.as_str(), cell.as_str()))
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
            let _ = (read(&super::super::schema::ALL[0], &text).map(|table| table.faults()), duration(&duration_text));
        }
    }
}
