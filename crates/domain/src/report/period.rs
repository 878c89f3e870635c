//! Periods: days since the epoch, folded into weeks and months of UTC.

use jiff::civil::Date;

use super::Interval;

/// The period a day belongs to, as a number that grows with time.
pub fn index(interval: Interval, day: i64) -> i64 {
    match interval {
        Interval::None => 0,
        Interval::Day => day,
        // The epoch was a Thursday.
        Interval::Week => (day + 3).div_euclid(7),
        Interval::Month => date(day).map_or(0, |date| i64::from(date.year()) * 12 + i64::from(date.month()) - 1),
    }
}

/// The period's name: `2026-11-20`, `2026-W47`, `2026-11`; none when the whole span is one.
pub fn name(interval: Interval, index: i64) -> Option<String> {
    match interval {
        Interval::None => None,
        Interval::Day => date(index).map(|date| date.to_string()),
        Interval::Week => date(index * 7 - 3).map(|monday| {
            let week = monday.iso_week_date();
            format!("{:04}-W{:02}", week.year(), week.week())
        }),
        Interval::Month => Some(format!("{:04}-{:02}", index.div_euclid(12), index.rem_euclid(12) + 1)),
    }
}

fn date(day: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(day).ok()?;
    Date::constant(1970, 1, 1).checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    #[test]
    fn days_fold_into_weeks_and_months() {
        for (day, week, month) in [
            ("2026-11-16", "2026-W47", "2026-11"),
            ("2026-11-22", "2026-W47", "2026-11"),
            ("2026-11-23", "2026-W48", "2026-11"),
            ("2027-01-03", "2026-W53", "2027-01"),
            ("2027-01-04", "2027-W01", "2027-01"),
            ("1970-01-01", "1970-W01", "1970-01"),
        ] {
            let at = Timestamp::parse(day).unwrap().micros() / 86_400_000_000;
            let named = |interval| name(interval, index(interval, at));
            assert_eq!(named(Interval::Day).as_deref(), Some(day));
            assert_eq!(named(Interval::Week).as_deref(), Some(week), "{day}");
            assert_eq!(named(Interval::Month).as_deref(), Some(month), "{day}");
            assert_eq!(named(Interval::None), None);
        }
    }
}
