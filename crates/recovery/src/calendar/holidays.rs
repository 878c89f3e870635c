//! Days on which banks do not credit: Federal Reserve (United States), gov.uk/bank-holidays (England and Wales),
//! the TARGET closing days (euro area), and the national days of Brazil, Australia and Canada.

use domain::rules::Region;
use jiff::civil::{Date, Weekday};

/// Whether banks of a region credit on a date.
pub fn is_working_day(region: Region, date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(region, date)
}

fn is_holiday(region: Region, date: Date) -> bool {
    on_fixed_day(region, date) || on_moving_day(region, date) || by_easter(region, date)
}

/// Fixed dates; one that falls on a Sunday is kept on the Monday where that is the custom.
fn on_fixed_day(region: Region, date: Date) -> bool {
    let days: &[(i8, i8)] = match region {
        Region::Us => &[(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)],
        Region::Uk => &[(1, 1), (12, 25), (12, 26)],
        Region::Eea => &[(1, 1), (5, 1), (12, 25), (12, 26)],
        Region::Brazil => &[(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (12, 25)],
        Region::Australia => &[(1, 1), (1, 26), (4, 25), (12, 25), (12, 26)],
        Region::Canada => &[(1, 1), (7, 1), (12, 25), (12, 26)],
        Region::India => &[(1, 26), (8, 15), (10, 2)],
        Region::Other => &[(1, 1), (12, 25)],
    };
    let listed = |date: Date| days.contains(&(date.month(), date.day()));
    let kept_on_monday = !matches!(region, Region::Eea | Region::Brazil | Region::India | Region::Other);
    listed(date) || (kept_on_monday && date.weekday() == Weekday::Monday && date.yesterday().is_ok_and(listed))
}

/// The n-th weekday of a month; −1 is the last.
fn on_moving_day(region: Region, date: Date) -> bool {
    let days: &[(i8, i8, Weekday)] = match region {
        Region::Us => &[
            (1, 3, Weekday::Monday),
            (2, 3, Weekday::Monday),
            (5, -1, Weekday::Monday),
            (9, 1, Weekday::Monday),
            (10, 2, Weekday::Monday),
            (11, 4, Weekday::Thursday),
        ],
        Region::Uk => &[(5, 1, Weekday::Monday), (5, -1, Weekday::Monday), (8, -1, Weekday::Monday)],
        Region::Canada => &[(9, 1, Weekday::Monday), (10, 2, Weekday::Monday)],
        _ => &[],
    };
    days.iter()
        .filter(|(month, _, weekday)| *month == date.month() && *weekday == date.weekday())
        .any(|(_, nth, weekday)| date.nth_weekday_of_month(*nth, *weekday).is_ok_and(|day| day == date))
}

/// Good Friday and Easter Monday.
fn by_easter(region: Region, date: Date) -> bool {
    let good_friday = !matches!(region, Region::Us | Region::India | Region::Other);
    let easter_monday = matches!(region, Region::Uk | Region::Eea | Region::Australia);
    let Some(easter) = easter(date.year()) else { return false };
    let from_easter = i32::from(date.day_of_year()) - i32::from(easter.day_of_year());
    (good_friday && from_easter == -2) || (easter_monday && from_easter == 1)
}

/// Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, Astronomical Algorithms, ch. 8).
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (golden, century, in_century) = (year % 19, year / 100, year % 100);
    let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let day_of_march = epact + weekday - 7 * late + 114;
    Date::new(i16::try_from(year).ok()?, (day_of_march / 31) as i8, (day_of_march % 31 + 1) as i8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_sundays() {
        for (year, expected) in
            [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28"), (2038, "2038-04-25")]
        {
            assert_eq!(easter(year).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn banks_are_closed_on_their_holidays() {
        for (region, date, open) in [
            (Region::Us, "2026-11-26", false),
            (Region::Us, "2026-11-27", true),
            (Region::Us, "2027-07-05", false),
            (Region::Us, "2026-04-03", true),
            (Region::Uk, "2026-04-03", false),
            (Region::Uk, "2026-04-06", false),
            (Region::Uk, "2026-08-31", false),
            (Region::Eea, "2026-05-01", false),
            (Region::Eea, "2026-08-31", true),
            (Region::Brazil, "2026-09-07", false),
            (Region::Other, "2026-11-21", false),
            (Region::Other, "2026-11-23", true),
        ] {
            assert_eq!(is_working_day(region, date.parse().unwrap()), open, "{region} {date}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_year_panics(year in -9999i16..=9999) {
            let _ = easter(year);
        }
    }
}
