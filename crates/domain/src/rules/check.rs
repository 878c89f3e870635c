//! Everything that is wrong, or looks wrong, in a set of rule files: not only the first fault, which is what loading stops at.

use std::collections::BTreeSet;

use super::{
    advice, code, fee,
    files::Files,
    limit, processor,
    schema::Schema,
    table::{Error, Place, Row, Table},
    wait,
};
use crate::decline::Class;

crate::words! {
    /// How bad a finding is.
    pub enum Severity {
        /// The file is not loaded.
        Error = "error",
        /// It is loaded, but somebody should look.
        Warning = "warning",
    }
}

/// Something found in a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// What and where.
    pub place: Place,
}

impl Files {
    /// Everything that is wrong or looks wrong, file by file and line by line.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.strangers.iter().map(|name| stranger(name)).collect();
        let mut tables = vec![];
        for (schema, table) in self.each() {
            match table {
                Ok(table) => {
                    findings.extend(of_table(schema, &table));
                    tables.push(table);
                }
                Err(error) => findings.push(error_of(error)),
            }
        }
        if let Ok(tables) = <[Table; 7]>::try_from(tables) {
            findings.extend(between(&tables));
        }
        findings
    }
}

fn of_table(schema: &Schema, table: &Table) -> Vec<Finding> {
    let mut errors: Vec<Error> = table.faults();
    if errors.iter().any(|error| error.to_string().contains("is missing")) {
        return errors.into_iter().map(error_of).collect();
    }
    errors.extend(table.rows().filter_map(|row| parse(schema, row).err()));
    errors.sort_by_key(Error::line);
    errors.dedup();
    let mut findings: Vec<Finding> = errors.into_iter().map(error_of).collect();
    findings.extend(table.unknown_columns().into_iter().map(warning_of));
    findings.extend(gaps(table));
    findings
}

fn parse(schema: &Schema, row: &Row) -> Result<(), Error> {
    row.period()?;
    match schema.file {
        "response_codes.csv" => code::Code::read(row).map(drop),
        "visa_categories.csv" => code::category(row).map(drop),
        "advice_codes.csv" => advice::Advice::read(row).map(drop),
        "network_limits.csv" => limit::row(row).map(drop),
        "fees.csv" => fee::fee(row).map(drop),
        "default_waits.csv" => wait::wait(row).map(drop),
        _ => processor::translation(row).map(drop),
    }
}

/// Days between two rows of the same key on which nothing is said.
fn gaps(table: &Table) -> Vec<Finding> {
    let mut findings = vec![];
    for (key, rows) in table.by_key() {
        for pair in rows.windows(2) {
            let ((before, _), (after, row)) = (&pair[0], &pair[1]);
            if let (Some(end), Some(start)) = (before.to(), after.from())
                && end < start
            {
                let message = format!("nothing is said about {key} from {end} to {start}");
                findings.push(warning_of(row.fault("effective_from", &message)));
            }
        }
    }
    findings
}

/// What one file says of another.
fn between(tables: &[Table; 7]) -> Vec<Finding> {
    let [codes, categories, advice, limits, fees, waits, processors] = tables;
    let column = |table: &'_ Table, name: &str| -> BTreeSet<String> {
        table.rows().map(|row| row.get(name).to_ascii_uppercase()).collect()
    };
    let (known_codes, known_advice) = (column(codes, "code"), column(advice, "code"));
    let mut charged = column(limits, "fee");
    charged.extend(column(limits, "id"));
    let mut findings = vec![];
    let mut look = |table: &Table, name: &'static str, known: &BTreeSet<String>, what: &str| {
        for row in table.rows() {
            for word in row.get(name).split_whitespace().map(str::to_ascii_uppercase) {
                if !known.contains(&word) {
                    findings.push(warning_of(row.fault(name, &format!("{word} is not in {what}"))));
                }
            }
        }
    };
    look(categories, "code", &known_codes, "response_codes.csv");
    look(processors, "iso_code", &known_codes, "response_codes.csv");
    look(processors, "advice_code", &known_advice, "advice_codes.csv");
    let both: BTreeSet<String> = known_codes.union(&known_advice).cloned().collect();
    look(limits, "new_credential_lifts", &both, "response_codes.csv or advice_codes.csv");
    for row in fees.rows().filter(|row| row.get("trigger").is_empty()) {
        if !charged.contains(&row.get("rule").to_ascii_uppercase()) {
            findings.push(warning_of(row.fault("rule", "no limit is charged under this name, and no answer sets it off")));
        }
    }
    for class in Class::ALL.iter().filter(|class| !column(waits, "class").contains(class.as_str())) {
        let place = Place {
            file: "default_waits.csv".to_owned(),
            line: 0,
            column: "class".to_owned(),
            reason: format!("{class} has no waits: it is never retried"),
        };
        findings.push(Finding { severity: Severity::Warning, place });
    }
    findings
}

fn stranger(name: &str) -> Finding {
    let reason = "no rule file has this name; nothing reads it".to_owned();
    let place = Place { file: name.to_owned(), line: 0, column: String::new(), reason };
    Finding { severity: Severity::Warning, place }
}

fn error_of(error: Error) -> Finding {
    Finding { severity: Severity::Error, place: place(error) }
}

fn warning_of(error: Error) -> Finding {
    Finding { severity: Severity::Warning, place: place(error) }
}

fn place(error: Error) -> Place {
    match error {
        Error::Unsound(place) => place,
        Error::Unreadable { file, reason } => Place { file, line: 0, column: String::new(), reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, edit: impl Fn(&str) -> String) -> Vec<String> {
        let files = Files::builtin();
        let text = edit(files.text(file).unwrap());
        let findings = files.with(file, text).check();
        findings.iter().map(|finding| format!("{}: {}", finding.severity, finding.place)).collect()
    }

    #[test]
    fn the_rules_compiled_in_have_neither_errors_nor_warnings() {
        assert_eq!(Files::builtin().check(), vec![]);
    }

    #[test]
    fn every_fault_is_found_at_once_with_its_place() {
        let with = |lines: &'static str| move |text: &str| format!("{text}{lines}");
        let lines = |file: &str| Files::builtin().text(file).unwrap().lines().count();
        let codes = lines("response_codes.csv");
        let found_codes = found(
            "response_codes.csv",
            with(
                "51,*,*,NSF,,,no,2026-01-01,,x,again\nQQQ,*,*,NSF,,,no,,,x,\nQ2,visa,MARS,NSF,,,no,,,x,\nQ3,visa,*,POOR,,,no,,,,\nQ4,vise,*,NSF,,,perhaps,,,x,\nQ5,visa,*,NSF,,,no,2026-13-01,,x,\nQ6,visa,*,NSF,,,no,2026-01-02,2026-01-01,x,\n",
            ),
        );
        let nsf =
            Files::builtin().text("response_codes.csv").unwrap().lines().position(|line| line.starts_with("51,")).unwrap() + 1;
        let expected = [
            format!("error: response_codes.csv:{}:code: a second row for the same days as line {nsf}", codes + 1),
            format!("error: response_codes.csv:{}:code: not two letters or digits", codes + 2),
            format!("error: response_codes.csv:{}:region: unknown value MARS", codes + 3),
            format!("error: response_codes.csv:{}:source: every rule names its source", codes + 4),
            format!("error: response_codes.csv:{}:class: unknown value POOR", codes + 4),
            format!("error: response_codes.csv:{}:lookup_first: neither yes nor no", codes + 5),
            format!("error: response_codes.csv:{}:effective_from: unknown value 2026-13-01", codes + 6),
            format!("error: response_codes.csv:{}:effective_to: not after effective_from", codes + 7),
        ];
        assert_eq!(found_codes, expected);
        assert_eq!(found("fees.csv", |_| "a,b\n".to_owned()).len(), 9, "every missing column");
        assert_eq!(found("fees.csv", |text| format!("{text}1,2\n")).len(), 1, "a line too short");
    }

    #[test]
    fn gaps_and_what_points_nowhere_are_warned_of() {
        let gap = found("visa_categories.csv", |text| text.replace("5C,2,2025-04-11", "5C,2,2025-05-01"));
        assert_eq!(gap.len(), 1, "{gap:?}");
        assert!(
            gap[0].starts_with("warning: ") && gap[0].ends_with("nothing is said about 5C from 2025-04-11 to 2025-05-01"),
            "{gap:?}"
        );
        let names = [
            ("visa_categories.csv", "Q9,2,,,x\n", "code: Q9 is not in response_codes.csv"),
            ("processor_codes.csv", "nmi,999,Q9,,77,,,x,\n", "iso_code: Q9 is not in response_codes.csv"),
            (
                "fees.csv",
                "no.such,visa,US,domestic,USD,1,,,x,,\n",
                "rule: no limit is charged under this name, and no answer sets it off",
            ),
        ];
        for (file, line, message) in names {
            let found = found(file, |text| format!("{text}{line}"));
            assert!(
                found.iter().any(|finding| finding.starts_with("warning: ") && finding.contains(message)),
                "{file}: {found:?}"
            );
        }
        let waits = found("default_waits.csv", |text| {
            text.lines().filter(|line| !line.starts_with("SCA,")).collect::<Vec<_>>().join("\n")
        });
        assert_eq!(waits, ["warning: default_waits.csv:0:class: SCA has no waits: it is never retried"]);
        let columns = found("default_waits.csv", |text| {
            let with = |line: &str| format!("{line}{}\n", if line.starts_with("class,") { ",colour" } else { ",red" });
            text.lines().filter(|line| !line.starts_with('#')).map(with).collect()
        });
        assert_eq!(columns, ["warning: default_waits.csv:1: column colour is not known; nothing reads it"]);
    }

    #[test]
    fn a_folder_with_a_file_that_is_none_is_told() {
        let dir = std::env::temp_dir().join(format!("recoup-check-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("fee.csv"), "rule\n").unwrap();
        let findings = Files::read(&dir).unwrap().check();
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place.to_string(), "fee.csv:0: no rule file has this name; nothing reads it");
    }
}
