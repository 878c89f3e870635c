//! When money arrives: pay calendars on the cardholder's local dates.

use jiff::civil::{Date, Weekday};
use serde::Serialize;

use super::country::Country;
use crate::simulator::draw::{Draw, For};

/// The kinds of calendars that a country has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Kind {
    Weekly,
    Fortnightly,
    FourWeekly,
    /// On these days of the month, or its last; the same day twice is one.
    MonthDays(i8, i8),
    /// On some day of the month.
    AnyMonthDay,
    LastWorkingDay,
    /// On that working day of the month.
    WorkingDay(i8),
    /// Without a calendar.
    Irregular,
}

/// A cardholder's pay calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calendar {
    rhythm: Rhythm,
    /// What falls on a closed day is paid on the working day after it, not before.
    pays_after: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rhythm {
    /// Every so many weeks; the phase tells which.
    Weeks(Weekday, i64, i64),
    MonthDays(i8, i8),
    LastWorkingDay,
    WorkingDay(i8),
    /// Any day may bring money; drawn with this key.
    Irregular(u64),
}

/// Mean days between irregular incomes.
const IRREGULAR_DAYS: f64 = 8.0;
/// The longest run of closed days that a payment is moved over.
const CLOSED_RUN_DAYS_MAX: i64 = 5;

impl Calendar {
    pub(super) fn drawn(draw: &mut Draw, country: &Country, pays_after: f64) -> Self {
        let weekday = [(0.55, Weekday::Friday), (0.25, Weekday::Thursday), (0.15, Weekday::Wednesday), (0.05, Weekday::Tuesday)];
        let rhythm = match draw.pick(country.pays, Kind::Fortnightly) {
            Kind::Weekly => Rhythm::Weeks(draw.pick(&weekday, Weekday::Friday), 1, 0),
            Kind::Fortnightly => Rhythm::Weeks(draw.pick(&weekday, Weekday::Friday), 2, draw.between(0.0, 2.0) as i64),
            Kind::FourWeekly => Rhythm::Weeks(draw.pick(&weekday, Weekday::Friday), 4, draw.between(0.0, 4.0) as i64),
            Kind::MonthDays(first, second) => Rhythm::MonthDays(first, second),
            Kind::AnyMonthDay => {
                let day = draw.between(1.0, 32.0) as i8;
                Rhythm::MonthDays(day, day)
            }
            Kind::LastWorkingDay => Rhythm::LastWorkingDay,
            Kind::WorkingDay(n) => Rhythm::WorkingDay(n),
            Kind::Irregular => Rhythm::Irregular(draw.word()),
        };
        Self { rhythm, pays_after: draw.chance(pays_after) && rhythm != Rhythm::LastWorkingDay }
    }

    /// Mean days between two incomes.
    pub(super) fn period_days(self) -> f64 {
        match self.rhythm {
            Rhythm::Weeks(_, weeks, _) => 7.0 * weeks as f64,
            Rhythm::MonthDays(first, second) if first != second => 15.2,
            Rhythm::Irregular(_) => IRREGULAR_DAYS,
            _ => 30.4,
        }
    }

    /// Whether money arrives on that local date.
    pub(crate) fn pays_on(self, country: &Country, date: Date) -> bool {
        match self.rhythm {
            Rhythm::Irregular(key) => {
                Draw::new(key, For::PayDay, 0, day_number(date).unsigned_abs()).chance(1.0 / IRREGULAR_DAYS)
            }
            Rhythm::WorkingDay(n) => country.is_working_day(date) && working_days_to(country, date) == n,
            _ if !country.is_working_day(date) => false,
            _ => self.is_due(date) || self.is_moved_to(country, date),
        }
    }

    /// Whether a payment that is due on a closed day is made on this working day.
    fn is_moved_to(self, country: &Country, date: Date) -> bool {
        let way = if self.pays_after { -1 } else { 1 };
        (1..=CLOSED_RUN_DAYS_MAX)
            .map_while(|days| later(date, way * days).filter(|next| !country.is_working_day(*next)))
            .any(|closed| self.is_due(closed))
    }

    /// Whether the calendar names that date, closed or not.
    fn is_due(self, date: Date) -> bool {
        match self.rhythm {
            Rhythm::Weeks(weekday, weeks, phase) => {
                date.weekday() == weekday && (weeks == 1 || day_number(date).div_euclid(7).rem_euclid(weeks) == phase)
            }
            Rhythm::MonthDays(first, second) => {
                let last = date.days_in_month();
                date.day() == first.min(last) || date.day() == second.min(last)
            }
            Rhythm::LastWorkingDay => date.day() == date.days_in_month(),
            Rhythm::WorkingDay(_) | Rhythm::Irregular(_) => false,
        }
    }
}

fn working_days_to(country: &Country, date: Date) -> i8 {
    let days = (1..=date.day()).filter_map(|day| Date::new(date.year(), date.month(), day).ok());
    days.filter(|day| country.is_working_day(*day)).count() as i8
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i64 {
    date.to_datetime(jiff::civil::Time::midnight()).duration_since(jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0)).as_hours() / 24
}

/// A date some days later; `None` at the end of time.
pub(crate) fn later(date: Date, days: i64) -> Option<Date> {
    date.checked_add(jiff::SignedDuration::from_hours(days * 24)).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{
        super::country::{BRAZIL, UNITED_KINGDOM, UNITED_STATES},
        *,
    };

    const fn before(rhythm: Rhythm) -> Calendar {
        Calendar { rhythm, pays_after: false }
    }

    fn days_of(calendar: Calendar, country: &Country, year: i16, month: i8) -> Vec<i8> {
        (1..=date(year, month, 1).days_in_month()).filter(|day| calendar.pays_on(country, date(year, month, *day))).collect()
    }

    #[test]
    fn calendars_pay_on_their_working_days() {
        // November 2026 begins on a Sunday, August 2026 on a Saturday and ends on a Monday, a holiday in Britain.
        for (calendar, country, november, august) in [
            (before(Rhythm::Weeks(Weekday::Friday, 1, 0)), &UNITED_STATES, vec![6, 13, 20, 27], vec![7, 14, 21, 28]),
            (before(Rhythm::MonthDays(1, 15)), &UNITED_STATES, vec![13], vec![14]),
            (Calendar { rhythm: Rhythm::MonthDays(1, 15), pays_after: true }, &UNITED_STATES, vec![2, 16], vec![3, 17]),
            (before(Rhythm::MonthDays(3, 3)), &UNITED_STATES, vec![3], vec![3]),
            (before(Rhythm::MonthDays(31, 31)), &UNITED_STATES, vec![30], vec![31]),
            (before(Rhythm::LastWorkingDay), &UNITED_KINGDOM, vec![30], vec![28]),
            (before(Rhythm::WorkingDay(5)), &BRAZIL, vec![9], vec![7]),
        ] {
            assert_eq!(days_of(calendar, country, 2026, 11), november, "{calendar:?}");
            assert_eq!(days_of(calendar, country, 2026, 8), august, "{calendar:?}");
        }
        let first = days_of(before(Rhythm::MonthDays(1, 15)), &UNITED_STATES, 2026, 10);
        assert_eq!(first, [1, 15, 30], "the 1st of November is paid in October");
    }

    #[test]
    fn the_two_phases_of_a_fortnight_share_no_day() {
        let phase = |phase| days_of(before(Rhythm::Weeks(Weekday::Wednesday, 2, phase)), &UNITED_STATES, 2026, 9);
        let mut both = [phase(0), phase(1)].concat();
        both.sort_unstable();
        assert_eq!(both, [2, 9, 16, 23, 30]);
    }

    #[test]
    fn irregular_income_comes_about_once_in_its_mean() {
        let calendar = before(Rhythm::Irregular(7));
        let paid = (0..4_000).filter(|day| calendar.pays_on(&UNITED_STATES, later(date(2020, 1, 1), *day).unwrap())).count();
        assert!((400..600).contains(&paid), "{paid} of 4000 days");
    }

    #[test]
    fn day_numbers_count_from_1970() {
        assert_eq!((day_number(date(1970, 1, 1)), day_number(date(2026, 1, 1))), (0, 20_454));
    }
}
