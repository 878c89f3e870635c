//! Rule files row by row, for readers.

use jiff::civil::Date;

use super::{files::Files, table::Error};

crate::words! {
    /// How a row stands on a day.
    pub enum Standing {
        /// It holds.
        InForce = "in force",
        /// It will hold.
        Upcoming = "upcoming",
        /// It held.
        Past = "past",
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its cells by column, without its dates and its source.
    pub cells: Vec<(String, String)>,
    /// First day, `2026-01-01`; none: it always held.
    pub from: Option<String>,
    /// First day on which it holds no more; none: for good.
    pub to: Option<String>,
    /// Where the rule is written.
    pub source: String,
    /// How it stands on the day asked for.
    pub standing: Standing,
}

impl Listed {
    /// Whether it comes into force later, or ends.
    pub fn is_upcoming(&self) -> bool {
        self.standing == Standing::Upcoming || self.standing == Standing::InForce && self.to.is_some()
    }

    /// Whether a cell holds a text, whatever its case.
    pub fn holds(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.cells.iter().any(|(_, cell)| cell.to_lowercase().contains(&text)) || self.source.to_lowercase().contains(&text)
    }
}

/// Columns that every row shows apart.
const APART: [&str; 3] = ["effective_from", "effective_to", "source"];

impl Files {
    /// Every row of a file as it stands on a day; `None` when no rule file has this name.
    ///
    /// # Errors
    /// A file that is no CSV, or a row whose dates are none.
    pub fn rows(&self, file: &str, on: Date) -> Result<Option<Vec<Listed>>, Error> {
        let Some((_, table)) = self.each().find(|(schema, _)| schema.file == file) else { return Ok(None) };
        let table = table?;
        let listed = |row: &super::table::Row| {
            let period = row.period()?;
            let standing = match period.from() {
                Some(from) if on < from => Standing::Upcoming,
                _ if period.covers_day(on) => Standing::InForce,
                _ => Standing::Past,
            };
            let cells = row.cells().filter(|(column, _)| !APART.contains(column));
            Ok(Listed {
                cells: cells.map(|(column, cell)| (column.to_owned(), cell.to_owned())).collect(),
                from: period.from().map(|day| day.to_string()),
                to: period.to().map(|day| day.to_string()),
                source: row.get("source").to_owned(),
                standing,
            })
        };
        table.rows().map(listed).collect::<Result<_, _>>().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_by_their_dates() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let standing = |on| {
            let rows = Files::builtin().rows("visa_categories.csv", day(on)).unwrap().unwrap();
            let of = rows.into_iter().filter(|row| row.cells[0].1 == "03");
            of.map(|row| row.standing.as_str()).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(standing("2021-04-16"), "in force, upcoming");
        assert_eq!(standing("2021-04-17"), "past, in force");
        assert!(Files::builtin().rows("nothing.csv", day("2026-01-01")).unwrap().is_none());
    }

    #[test]
    fn rows_are_found_by_any_cell() {
        let rows = Files::builtin().rows("response_codes.csv", "2026-11-21".parse().unwrap()).unwrap().unwrap();
        let found = |text: &str| rows.iter().filter(|row| row.holds(text)).count();
        assert!(found("nsf") > 0 && found("NSF") == found("nsf") && found("") == rows.len());
        assert_eq!(found("no such code"), 0);
    }
}
