//! What changes between two days, or between two sets of rule files.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    files::Files,
    schema::Schema,
    table::{Error, Row, Table},
};

crate::words! {
    /// What happened to a rule.
    pub enum What {
        /// It is new.
        Added = "added",
        /// It is gone.
        Removed = "removed",
        /// A value is another.
        Changed = "changed",
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The file.
    pub file: &'static str,
    /// What the rule is about: `51`, `mc.excess mastercard EEA`.
    pub rule: String,
    /// What happened.
    pub what: What,
    /// The column; empty when the whole rule came or went.
    pub column: String,
    /// Its value before.
    pub before: String,
    /// Its value after.
    pub after: String,
    /// The day on which the rule as it stands after (or before, when it is gone) came into force; empty: always.
    pub since: String,
    /// Where that is written.
    pub source: String,
}

/// Columns that say when and whence, not what.
const ABOUT: [&str; 4] = ["effective_from", "effective_to", "source", "meaning"];

impl Files {
    /// What changes from one day to another, file by file.
    ///
    /// # Errors
    /// A file that is unsound.
    pub fn between(&self, before: Date, after: Date) -> Result<Vec<Change>, Error> {
        self.rules()?;
        let tables = self.tables()?;
        let mut changes = vec![];
        for table in &tables {
            compare(table.schema, &in_force(table, before), &in_force(table, after), &mut changes);
        }
        Ok(changes)
    }

    /// What another set says otherwise than this one, on all days. The day on which a rule comes into force is part of
    /// what tells it from others.
    ///
    /// # Errors
    /// A file that is unsound.
    pub fn against(&self, after: &Self) -> Result<Vec<Change>, Error> {
        self.rules()?;
        after.rules()?;
        let mut changes = vec![];
        for (before, after) in self.tables()?.iter().zip(&after.tables()?) {
            compare(before.schema, &dated(before), &dated(after), &mut changes);
        }
        Ok(changes)
    }
}

/// The row of every key on a day.
fn in_force(table: &Table, on: Date) -> BTreeMap<String, &Row> {
    let keys = table.by_key().into_iter();
    keys.filter_map(|(key, rows)| Some((key, rows.into_iter().find(|(period, _)| period.covers_day(on))?.1))).collect()
}

/// Every row, by key and first day.
fn dated(table: &Table) -> BTreeMap<String, &Row> {
    let mut rows = BTreeMap::new();
    for (key, of_key) in table.by_key() {
        for (period, row) in of_key {
            let from = period.from().map(|day| format!(" from {day}")).unwrap_or_default();
            rows.insert(format!("{key}{from}"), row);
        }
    }
    rows
}

fn compare(schema: &Schema, before: &BTreeMap<String, &Row>, after: &BTreeMap<String, &Row>, changes: &mut Vec<Change>) {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        match (before.get(key), after.get(key)) {
            (Some(old), Some(new)) => changes.extend(changed(schema, key, old, new)),
            (Some(old), None) => changes.push(Change { before: values(schema, old), ..whole(schema, key, old, What::Removed) }),
            (None, Some(new)) => changes.push(Change { after: values(schema, new), ..whole(schema, key, new, What::Added) }),
            (None, None) => {}
        }
    }
}

fn changed(schema: &Schema, key: &str, old: &Row, new: &Row) -> Vec<Change> {
    let columns = schema.required.iter().chain(schema.optional);
    // Two sets of files are compared to their ends; two days are not: a rule that holds on both has one end.
    let ends = (old.get("effective_from") == new.get("effective_from")).then_some("effective_to");
    let said = columns.filter(|column| !ABOUT.contains(column) || Some(**column) == ends);
    let other = said.filter(|column| old.get(column) != new.get(column));
    other
        .map(|column| Change {
            column: (*column).to_owned(),
            before: old.get(column).to_owned(),
            after: new.get(column).to_owned(),
            ..whole(schema, key, new, What::Changed)
        })
        .collect()
}

fn whole(schema: &Schema, key: &str, row: &Row, what: What) -> Change {
    Change {
        file: schema.file,
        rule: key.to_owned(),
        what,
        column: String::new(),
        before: String::new(),
        after: String::new(),
        since: row.get("effective_from").to_owned(),
        source: row.get("source").to_owned(),
    }
}

/// What a row says, beside what it is about: `class=NSF floor=PT24H`.
fn values(schema: &Schema, row: &Row) -> String {
    let said = row.cells().filter(|(column, cell)| {
        !cell.is_empty() && schema.knows(column) && !ABOUT.contains(column) && !schema.key.contains(column)
    });
    said.map(|(column, cell)| format!("{column}={cell}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(changes: &[Change]) -> Vec<String> {
        let line = |change: &Change| {
            format!("{} {} {} {}: {} -> {}", change.file, change.rule, change.what, change.column, change.before, change.after)
        };
        changes.iter().map(line).collect()
    }

    #[test]
    fn between_two_days_only_what_they_see_differs() {
        let between = |a: &str, b: &str| lines(&Files::builtin().between(a.parse().unwrap(), b.parse().unwrap()).unwrap());
        assert_eq!(
            between("2025-05-24", "2025-05-25"),
            [
                "network_limits.csv visa.m30 visa changed initiators: together -> apart",
                "network_limits.csv visa.m30 visa changed limit: 15 -> 20",
                "network_limits.csv visa.m30 visa changed headroom: 10 -> 15",
            ]
        );
        let visa = between("2026-10-24", "2026-10-25");
        assert_eq!(visa, ["visa_categories.csv 83 changed category: 4 -> 2"]);
        let fees = between("2024-12-31", "2025-01-01");
        assert_eq!(fees, ["fees.csv mc.excess mastercard US changed amount: 0.30 -> 0.50"]);
        assert_eq!(between("2026-11-01", "2026-11-20"), [""; 0]);
        let backwards = between("2025-01-01", "2024-12-31");
        assert_eq!(backwards, ["fees.csv mc.excess mastercard US changed amount: 0.50 -> 0.30"]);
    }

    #[test]
    fn two_sets_differ_in_rows_values_and_dates() {
        let builtin = Files::builtin();
        let text = builtin.text("default_waits.csv").unwrap();
        let edited =
            text.replace("FRAUD,PT72H,PT96H", "FRAUD,PT80H,PT96H").replace("CONFIG,,,,,0,,,", "CONFIG,,,,,0,,2030-01-01,");
        let edited: Vec<&str> = edited.lines().filter(|line| !line.starts_with("SCA,")).collect();
        let edited = edited.join("\n") + "\nSCA,PT0M,PT15M,PT0M,,1,2027-01-01,,OURS: test\n";
        let other = builtin.clone().with("default_waits.csv", edited);
        assert_eq!(
            lines(&builtin.against(&other).unwrap()),
            [
                "default_waits.csv CONFIG changed effective_to:  -> 2030-01-01",
                "default_waits.csv FRAUD changed first_min: PT72H -> PT80H",
                "default_waits.csv SCA removed : first_min=PT0M first_max=PT15M next_min=PT0M retries_max=1 -> ",
                "default_waits.csv SCA from 2027-01-01 added :  -> first_min=PT0M first_max=PT15M next_min=PT0M retries_max=1",
            ]
        );
        assert_eq!(builtin.against(&builtin).unwrap(), vec![]);
    }
}
