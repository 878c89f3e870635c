//! The rule files as texts: compiled in, or replaced by a folder's.

use std::path::Path;

use jiff::civil::Date;

use super::{
    Rules, advice, code, fee, limit, processor,
    schema::{self, Schema},
    table::{self, Error, Table},
    wait,
};

/// The texts compiled in, in the order of [`schema::ALL`].
const BUILTIN: [&str; 7] = [
    include_str!("../../../../rules/response_codes.csv"),
    include_str!("../../../../rules/visa_categories.csv"),
    include_str!("../../../../rules/advice_codes.csv"),
    include_str!("../../../../rules/network_limits.csv"),
    include_str!("../../../../rules/fees.csv"),
    include_str!("../../../../rules/default_waits.csv"),
    include_str!("../../../../rules/processor_codes.csv"),
];

/// One version of all rule files, as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    texts: [String; 7],
    /// Files of a folder that are no rule files.
    pub(super) strangers: Vec<String>,
}

/// One file at a glance.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileSummary {
    /// Its name.
    pub file: &'static str,
    /// A folder's own text stands in place of the one compiled in.
    pub replaced: bool,
    /// Rows in all.
    pub rows: usize,
    /// Rows that hold on the day asked for.
    pub in_force: usize,
    /// The newest change that has come by then, `2025-05-25`; none: nothing ever changed.
    pub changed: Option<String>,
    /// The next change announced after it.
    pub next: Option<String>,
}

impl Files {
    /// The files compiled in.
    pub fn builtin() -> Self {
        Self { texts: BUILTIN.map(str::to_owned), strangers: vec![] }
    }

    /// A folder's files; one that is not there is taken from the binary.
    ///
    /// # Errors
    /// The folder, or a file in it, that cannot be read.
    pub fn read(dir: &Path) -> Result<Self, Error> {
        let mut files = Self::builtin();
        for (text, schema) in files.texts.iter_mut().zip(&schema::ALL) {
            let path = dir.join(schema.file);
            match std::fs::read_to_string(&path) {
                Ok(found) => *text = found,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(Error::unreadable(&path, &error)),
            }
        }
        let listed = std::fs::read_dir(dir).map_err(|error| Error::unreadable(dir, &error))?;
        let names = listed.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let is_csv = |name: &String| Path::new(name).extension().is_some_and(|kind| kind.eq_ignore_ascii_case("csv"));
        files.strangers = names.filter(is_csv).filter(|name| schema::ALL.iter().all(|known| known.file != name)).collect();
        files.strangers.sort();
        Ok(files)
    }

    /// The same with one file's text replaced; a name that is no rule file changes nothing.
    #[must_use]
    pub fn with(mut self, file: &str, text: String) -> Self {
        if let Some(place) = schema::ALL.iter().position(|schema| schema.file == file) {
            self.texts[place] = text;
        }
        self
    }

    /// The text of a file.
    pub fn text(&self, file: &str) -> Option<&str> {
        schema::ALL.iter().position(|schema| schema.file == file).map(|place| self.texts[place].as_str())
    }

    /// Reads them.
    ///
    /// # Errors
    /// The first unsound row: the error names file, line and column.
    pub fn rules(&self) -> Result<Rules, Error> {
        let tables = self.tables()?;
        Ok(Rules {
            version: self.version(&tables),
            codes: code::Codes::read(&tables[0])?,
            categories: code::Categories::read(&tables[1])?,
            advice: advice::Advices::read(&tables[2])?,
            limits: limit::read(&tables[3])?,
            fees: fee::read(&tables[4])?,
            waits: wait::read(&tables[5])?,
            processors: processor::Processors::read(&tables[6])?,
        })
    }

    /// Every file at a glance, as it stands on a day.
    ///
    /// # Errors
    /// A file that is no CSV.
    pub fn summary(&self, on: Date) -> Result<Vec<FileSummary>, Error> {
        let tables = self.tables()?;
        Ok(tables
            .iter()
            .zip(&self.texts)
            .zip(BUILTIN)
            .map(|((table, text), builtin)| summary(table, text != builtin, on))
            .collect())
    }

    pub(super) fn each(&self) -> impl Iterator<Item = (&'static Schema, Result<Table, Error>)> {
        schema::ALL.iter().zip(&self.texts).map(|(schema, text)| (schema, table::read(schema, text)))
    }

    pub(super) fn tables(&self) -> Result<Vec<Table>, Error> {
        self.each().map(|(_, table)| table).collect()
    }

    /// The newest first day of all rows; texts other than those compiled in add their digest.
    fn version(&self, tables: &[Table]) -> String {
        let newest = tables.iter().flat_map(Table::rows).map(|row| row.get("effective_from")).max().unwrap_or_default();
        let own = self.texts.iter().zip(BUILTIN).all(|(text, builtin)| text == builtin);
        if own { newest.to_owned() } else { format!("{newest}+{:08x}", self.digest() as u32) }
    }

    /// FNV-1a over all texts: tells two sets of files apart, no more is asked of it.
    fn digest(&self) -> u64 {
        let bytes = self.texts.iter().flat_map(|text| text.bytes().chain([0]));
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

fn summary(table: &Table, replaced: bool, on: Date) -> FileSummary {
    let periods: Vec<_> = table.rows().filter_map(|row| row.period().ok()).collect();
    let turns = || periods.iter().flat_map(|period| [period.from(), period.to()]).flatten();
    FileSummary {
        file: table.schema.file,
        replaced,
        rows: table.rows().count(),
        in_force: periods.iter().filter(|period| period.covers_day(on)).count(),
        changed: turns().filter(|day| *day <= on).max().map(|day| day.to_string()),
        next: turns().filter(|day| *day > on).min().map(|day| day.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_knows_what_has_come_and_what_will() {
        let at = |day: &str| Files::builtin().summary(day.parse().unwrap()).unwrap();
        let categories = |day: &str| at(day).into_iter().find(|file| file.file == "visa_categories.csv").unwrap();
        let before = categories("2026-10-24");
        assert_eq!((before.changed.as_deref(), before.next.as_deref()), (Some("2025-04-11"), Some("2026-10-25")));
        let after = categories("2026-10-25");
        assert_eq!((after.changed.as_deref(), after.next, after.replaced), (Some("2026-10-25"), None, false));
        assert_eq!(before.in_force, after.in_force, "every row that ended has a successor");
    }
}
