//! Our own waits per decline class, where no rule says otherwise.

use std::time::Duration;

use super::{
    period::Period,
    table::{Error, Row, Table},
};
use crate::decline::Class;

/// The waits of a class: `None` bounds are left to the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The class.
    pub class: Class,
    /// Shortest wait before the first retry.
    pub first_min: Option<Duration>,
    /// Longest wait before the first retry.
    pub first_max: Option<Duration>,
    /// Shortest wait before later retries.
    pub next_min: Option<Duration>,
    /// Longest wait before later retries.
    pub next_max: Option<Duration>,
    /// How many retries the class deserves.
    pub retries_max: u32,
    pub(super) period: Period,
}

/// Reads `default_waits.csv`: every class once at any time.
pub fn read(table: &Table) -> Result<Vec<Wait>, Error> {
    table.sound_rows()?.map(wait).collect()
}

/// Reads a row of `default_waits.csv`.
pub fn wait(row: &Row) -> Result<Wait, Error> {
    let (first_min, first_max) = (row.duration("first_min")?, row.duration("first_max")?);
    let (next_min, next_max) = (row.duration("next_min")?, row.duration("next_max")?);
    for (min, max, column, reason) in
        [(first_min, first_max, "first_max", "before first_min"), (next_min, next_max, "next_max", "before next_min")]
    {
        if max.is_some_and(|max| max < min.unwrap_or_default()) {
            return Err(row.fault(column, reason));
        }
    }
    let retries_max = row.number("retries_max")?.ok_or_else(|| row.fault("retries_max", "not a whole number"))?;
    Ok(Wait {
        class: row.word("class", Class::parse)?,
        first_min,
        first_max,
        next_min,
        next_max,
        retries_max,
        period: row.period()?,
    })
}
