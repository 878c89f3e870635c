//! The cardholder's local time.

use domain::time::{DAY, Timestamp};
use jiff::{civil::Date, tz::TimeZone};

/// New York by its rule since 2007 (US Energy Policy Act of 2005), so that no time zone database is needed.
const NEW_YORK: &str = "EST5EDT,M3.2.0,M11.1.0";

/// Minutes east of UTC: as told, else New York's at that instant.
pub(crate) fn offset_minutes(told: Option<i32>, at: Timestamp) -> i32 {
    told.unwrap_or_else(|| new_york().to_offset(at.jiff()).seconds() / 60)
}

/// The local date.
pub(crate) fn date(told: Option<i32>, at: Timestamp) -> Date {
    at.civil_at(offset_minutes(told, at)).date()
}

/// The first 00:00 in New York of a 1st or 15th after an instant.
pub(crate) fn next_half_month(after: Timestamp) -> Timestamp {
    let zone = new_york();
    let mut date = after.civil_at(zone.to_offset(after.jiff()).seconds() / 60).date();
    loop {
        let Ok(next) = date.tomorrow() else { return after + DAY * 31 };
        date = next;
        if matches!(date.day(), 1 | 15) {
            return midnight(date, &zone).unwrap_or(after + DAY * 31);
        }
    }
}

fn midnight(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    let instant = date.to_zoned(zone.clone()).ok()?.timestamp();
    Some(Timestamp::from_micros(instant.as_microsecond()))
}

fn new_york() -> TimeZone {
    TimeZone::posix(NEW_YORK).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_months_begin_at_midnight_in_new_york() {
        for (after, expected) in [
            ("2026-11-20T10:00:00Z", "2026-12-01T05:00:00.000000Z"),
            ("2026-12-01T05:00:00Z", "2026-12-15T05:00:00.000000Z"),
            ("2026-12-01T04:59:59Z", "2026-12-01T05:00:00.000000Z"),
            ("2026-07-02T00:00:00Z", "2026-07-15T04:00:00.000000Z"),
            ("2026-10-31T12:00:00Z", "2026-11-01T04:00:00.000000Z"),
        ] {
            assert_eq!(next_half_month(Timestamp::parse(after).unwrap()).iso6(), expected, "{after}");
        }
    }

    #[test]
    fn offsets_follow_daylight_saving_unless_told() {
        let winter = Timestamp::parse("2026-12-01T04:30:00Z").unwrap();
        assert_eq!((offset_minutes(None, winter), offset_minutes(Some(60), winter)), (-300, 60));
        assert_eq!(date(None, winter).day(), 30);
        assert_eq!(offset_minutes(None, Timestamp::parse("2026-07-01T00:00:00Z").unwrap()), -240);
    }
}
