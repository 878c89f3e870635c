//! Where issuers and their customers are: clocks, currencies, how people are paid, and when banks are closed.
//!
//! Kinds of calendars by country: `recovery.md` §4. Weights: United States after the Bureau of Labor Statistics'
//! "Length of pay periods" (every two weeks 43 %, weekly 27 %, twice a month 20 %, monthly 10 %), with a share of benefits
//! and irregular incomes; all others are ours. They are the world's, not the model's: the two differ on purpose.

use jiff::civil::{Date, Weekday};
use serde::Serialize;

use super::calendar::Kind;

/// One country of a world.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// ISO 4217.
    pub currency: &'static str,
    /// Minutes east of UTC, with the share of its people. Standard time: the simulated year has no summer time.
    pub(crate) offsets_minutes: &'static [(f64, i32)],
    pub(crate) pays: &'static [(f64, Kind)],
    /// Month and day.
    pub(crate) holidays: &'static [(i8, i8)],
    /// Month and which Monday of it; −1 is the last.
    pub(crate) holiday_mondays: &'static [(i8, i8)],
    /// Good Friday and Easter Monday.
    pub(crate) keeps_easter: bool,
}

/// US dollars for one unit of a currency, roughly, autumn 2026: incomes of a simulated account are in dollars.
pub fn usd_per_unit(currency: &str) -> f64 {
    match currency {
        "EUR" => 1.10,
        "GBP" => 1.30,
        "AUD" => 0.66,
        "CAD" => 0.72,
        "BRL" => 0.19,
        _ => 1.0,
    }
}

pub(super) const UNITED_STATES: Country = Country {
    code: "US",
    currency: "USD",
    // Census regions by zone.
    offsets_minutes: &[(0.48, -300), (0.29, -360), (0.07, -420), (0.16, -480)],
    pays: &[
        (0.24, Kind::Weekly),
        (0.38, Kind::Fortnightly),
        (0.10, Kind::MonthDays(1, 15)),
        (0.08, Kind::MonthDays(15, 31)),
        (0.05, Kind::MonthDays(3, 3)),
        (0.05, Kind::AnyMonthDay),
        (0.02, Kind::LastWorkingDay),
        (0.08, Kind::Irregular),
    ],
    holidays: &[(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)],
    holiday_mondays: &[(1, 3), (2, 3), (5, -1), (9, 1), (10, 2)],
    keeps_easter: false,
};

pub(super) const UNITED_KINGDOM: Country = Country {
    code: "GB",
    currency: "GBP",
    offsets_minutes: &[(1.0, 0)],
    pays: &[
        (0.33, Kind::LastWorkingDay),
        (0.15, Kind::MonthDays(28, 28)),
        (0.12, Kind::MonthDays(25, 25)),
        (0.05, Kind::MonthDays(15, 15)),
        (0.10, Kind::AnyMonthDay),
        (0.13, Kind::Weekly),
        // State pension and several benefits.
        (0.06, Kind::FourWeekly),
        (0.06, Kind::Irregular),
    ],
    holidays: &[(1, 1), (12, 25), (12, 26)],
    holiday_mondays: &[(5, 1), (5, -1), (8, -1)],
    keeps_easter: true,
};

pub(super) const GERMANY: Country = euro(
    "DE",
    60,
    &[
        (0.48, Kind::LastWorkingDay),
        (0.14, Kind::MonthDays(1, 1)),
        (0.16, Kind::MonthDays(15, 15)),
        (0.12, Kind::AnyMonthDay),
        (0.10, Kind::Irregular),
    ],
);
pub(super) const FRANCE: Country = euro(
    "FR",
    60,
    &[
        (0.44, Kind::LastWorkingDay),
        (0.20, Kind::MonthDays(5, 5)),
        (0.14, Kind::MonthDays(28, 28)),
        (0.12, Kind::AnyMonthDay),
        (0.10, Kind::Irregular),
    ],
);
pub(super) const NETHERLANDS: Country = euro(
    "NL",
    60,
    &[
        (0.46, Kind::MonthDays(25, 25)),
        (0.18, Kind::LastWorkingDay),
        (0.16, Kind::FourWeekly),
        (0.10, Kind::AnyMonthDay),
        (0.10, Kind::Irregular),
    ],
);
pub(super) const ITALY: Country = euro(
    "IT",
    60,
    &[
        (0.40, Kind::MonthDays(27, 27)),
        (0.25, Kind::MonthDays(10, 10)),
        (0.10, Kind::LastWorkingDay),
        (0.13, Kind::AnyMonthDay),
        (0.12, Kind::Irregular),
    ],
);
pub(super) const FINLAND: Country = euro(
    "FI",
    120,
    &[(0.50, Kind::MonthDays(15, 15)), (0.30, Kind::LastWorkingDay), (0.12, Kind::AnyMonthDay), (0.08, Kind::Irregular)],
);

pub(super) const AUSTRALIA: Country = Country {
    code: "AU",
    currency: "AUD",
    offsets_minutes: &[(0.8, 600), (0.08, 570), (0.12, 480)],
    pays: &[
        (0.52, Kind::Fortnightly),
        (0.20, Kind::Weekly),
        (0.12, Kind::MonthDays(15, 15)),
        (0.06, Kind::LastWorkingDay),
        (0.10, Kind::Irregular),
    ],
    holidays: &[(1, 1), (1, 26), (4, 25), (12, 25), (12, 26)],
    holiday_mondays: &[(6, 2)],
    keeps_easter: true,
};

pub(super) const BRAZIL: Country = Country {
    code: "BR",
    currency: "BRL",
    offsets_minutes: &[(0.93, -180), (0.07, -240)],
    pays: &[
        // The law's fifth working day; many get an advance on the 20th.
        (0.34, Kind::WorkingDay(5)),
        (0.22, Kind::MonthDays(5, 20)),
        (0.16, Kind::MonthDays(15, 31)),
        (0.10, Kind::LastWorkingDay),
        (0.06, Kind::MonthDays(10, 10)),
        (0.12, Kind::Irregular),
    ],
    holidays: &[(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)],
    holiday_mondays: &[],
    keeps_easter: false,
};

pub(super) const CANADA: Country = Country {
    code: "CA",
    currency: "CAD",
    offsets_minutes: &[(0.66, -300), (0.06, -360), (0.14, -420), (0.14, -480)],
    pays: &[
        (0.48, Kind::Fortnightly),
        (0.24, Kind::MonthDays(15, 31)),
        (0.10, Kind::Weekly),
        (0.06, Kind::MonthDays(1, 1)),
        (0.04, Kind::AnyMonthDay),
        (0.08, Kind::Irregular),
    ],
    holidays: &[(1, 1), (7, 1), (9, 30), (11, 11), (12, 25), (12, 26)],
    holiday_mondays: &[(9, 1), (10, 2)],
    keeps_easter: true,
};

/// A country of the euro area; TARGET's closing days.
const fn euro(code: &'static str, offset_minutes: i32, pays: &'static [(f64, Kind)]) -> Country {
    let offsets_minutes: &[(f64, i32)] = if offset_minutes == 120 { &[(1.0, 120)] } else { &[(1.0, 60)] };
    Country {
        code,
        currency: "EUR",
        offsets_minutes,
        pays,
        holidays: &[(1, 1), (5, 1), (12, 25), (12, 26)],
        holiday_mondays: &[],
        keeps_easter: true,
    }
}

impl Country {
    /// Whether banks credit on a date.
    pub(crate) fn is_working_day(&self, date: Date) -> bool {
        let fixed = self.holidays.contains(&(date.month(), date.day()));
        match date.weekday() {
            Weekday::Saturday | Weekday::Sunday => false,
            Weekday::Monday => !(fixed || self.is_holiday_monday(date) || (self.keeps_easter && is_after_easter(date, 1))),
            Weekday::Friday => !(fixed || (self.keeps_easter && is_after_easter(date, -2))),
            _ => !fixed,
        }
    }

    fn is_holiday_monday(&self, date: Date) -> bool {
        let nth = (date.day() - 1) / 7 + 1;
        let is_last = date.day() + 7 > date.days_in_month();
        self.holiday_mondays.iter().any(|(month, which)| *month == date.month() && (*which == nth || (*which == -1 && is_last)))
    }
}

/// Whether a date is so many days after Easter Sunday, for the years that are simulated (US Naval Observatory's table).
fn is_after_easter(date: Date, days: i16) -> bool {
    const SUNDAYS: [(i16, i8, i8); 8] =
        [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2028, 4, 16), (2029, 4, 1), (2030, 4, 21), (2031, 4, 13)];
    let sunday = SUNDAYS.iter().find(|(year, ..)| *year == date.year());
    sunday
        .and_then(|(year, month, day)| Date::new(*year, *month, *day).ok())
        .is_some_and(|sunday| date.day_of_year() - sunday.day_of_year() == days)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn banks_are_closed_on_weekends_and_holidays() {
        for (country, day, open) in [
            (&UNITED_STATES, date(2026, 9, 7), false),
            (&UNITED_STATES, date(2026, 5, 25), false),
            (&UNITED_STATES, date(2026, 4, 3), true),
            (&UNITED_KINGDOM, date(2026, 4, 3), false),
            (&UNITED_KINGDOM, date(2026, 4, 6), false),
            (&UNITED_KINGDOM, date(2026, 8, 31), false),
            (&UNITED_KINGDOM, date(2026, 8, 24), true),
            (&GERMANY, date(2026, 5, 1), false),
            (&BRAZIL, date(2026, 11, 20), false),
            (&AUSTRALIA, date(2026, 11, 21), false),
            (&CANADA, date(2026, 11, 20), true),
        ] {
            assert_eq!(country.is_working_day(day), open, "{} {day}", country.code);
        }
    }

    #[test]
    fn shares_add_up_to_one() {
        for country in
            [&UNITED_STATES, &UNITED_KINGDOM, &GERMANY, &FRANCE, &NETHERLANDS, &ITALY, &FINLAND, &AUSTRALIA, &BRAZIL, &CANADA]
        {
            let pays: f64 = country.pays.iter().map(|(share, _)| share).sum();
            let offsets: f64 = country.offsets_minutes.iter().map(|(share, _)| share).sum();
            assert!((pays - 1.0).abs() < 1e-9 && (offsets - 1.0).abs() < 1e-9, "{}: {pays} {offsets}", country.code);
        }
    }
}
