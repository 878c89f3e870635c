//! The days on which a rule holds.

use jiff::civil::Date;

use super::table::{Error, Row};
use crate::time::Timestamp;

/// Validity of a rule: from inclusive, to exclusive, each at 00:00 UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    from: Option<Date>,
    to: Option<Date>,
}

impl Period {
    /// Reads `effective_from` and `effective_to`.
    pub fn read(row: &Row) -> Result<Self, Error> {
        let day = |column: &str| row.word_or_any(column, |text| text.parse::<Date>().ok());
        let period = Self { from: day("effective_from")?, to: day("effective_to")? };
        if matches!((period.from, period.to), (Some(from), Some(to)) if from >= to) {
            return Err(row.fault("effective_to", "not after effective_from"));
        }
        Ok(period)
    }

    /// Whether the rule holds at an instant.
    pub fn covers(&self, at: Timestamp) -> bool {
        self.covers_day(at.civil_at(0).date())
    }

    /// Whether two periods share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        let before = |to: Option<Date>, from: Option<Date>| matches!((to, from), (Some(to), Some(from)) if to <= from);
        !before(self.to, other.from) && !before(other.to, self.from)
    }

    /// The first day; none: it was always there.
    pub fn from(&self) -> Option<Date> {
        self.from
    }

    /// The first day on which it holds no more; none: it holds until further notice.
    pub fn to(&self) -> Option<Date> {
        self.to
    }

    /// Whether the rule holds on a day.
    pub fn covers_day(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// The first day, `2025-05-25`; empty when the rule was always there.
    pub fn version(&self) -> String {
        self.from.map(|from| from.to_string()).unwrap_or_default()
    }
}
