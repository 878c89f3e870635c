//! When money arrives: pay calendars on the cardholder's local dates.

use jiff::civil::{Date, Weekday};

use super::parameters::pay;
use crate::simulator::draw::Draw;

/// A cardholder's pay calendar. Days that fall on a weekend are paid on the Friday before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calendar {
    Weekly(Weekday),
    /// Every other week; 0 or 1 tells which.
    Fortnightly(Weekday, i64),
    /// The 1st and 15th.
    HalfMonthly,
    /// That day of the month, or its last.
    Monthly(i8),
    LastWorkingDay,
}

#[derive(Clone, Copy)]
enum Kind {
    Weekly,
    Fortnightly,
    HalfMonthly,
    Monthly,
    LastWorkingDay,
}

impl Calendar {
    pub(super) fn drawn(draw: &mut Draw) -> Self {
        let kinds = [
            (pay::WEEKLY, Kind::Weekly),
            (pay::FORTNIGHTLY, Kind::Fortnightly),
            (pay::HALF_MONTHLY, Kind::HalfMonthly),
            (pay::MONTHLY, Kind::Monthly),
            (pay::LAST_WORKING_DAY, Kind::LastWorkingDay),
        ];
        let weekday = [(0.6, Weekday::Friday), (0.25, Weekday::Thursday), (0.15, Weekday::Wednesday)];
        match draw.pick(&kinds, Kind::Fortnightly) {
            Kind::Weekly => Self::Weekly(draw.pick(&weekday, Weekday::Friday)),
            Kind::Fortnightly => Self::Fortnightly(draw.pick(&weekday, Weekday::Friday), i64::from(draw.chance(0.5))),
            Kind::HalfMonthly => Self::HalfMonthly,
            Kind::Monthly if draw.chance(pay::ON_THE_THIRD) => Self::Monthly(3),
            Kind::Monthly => Self::Monthly(draw.between(1.0, 32.0) as i8),
            Kind::LastWorkingDay => Self::LastWorkingDay,
        }
    }

    /// Whether money arrives on that local date.
    pub(crate) fn pays_on(self, date: Date) -> bool {
        match date.weekday() {
            Weekday::Saturday | Weekday::Sunday => false,
            Weekday::Friday => {
                self.is_due(date) || [1, 2].into_iter().any(|days| later(date, days).is_some_and(|next| self.is_due(next)))
            }
            _ => self.is_due(date),
        }
    }

    /// Whether the calendar names that date, weekend or not.
    fn is_due(self, date: Date) -> bool {
        match self {
            Self::Weekly(weekday) => date.weekday() == weekday,
            Self::Fortnightly(weekday, phase) => {
                date.weekday() == weekday && day_number(date).div_euclid(7).rem_euclid(2) == phase
            }
            Self::HalfMonthly => matches!(date.day(), 1 | 15),
            Self::Monthly(day) => date.day() == day.min(date.days_in_month()),
            Self::LastWorkingDay => date.day() == date.days_in_month(),
        }
    }
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

    use super::*;

    fn days_of(calendar: Calendar, year: i16, month: i8) -> Vec<i8> {
        (1..=date(year, month, 1).days_in_month()).filter(|day| calendar.pays_on(date(year, month, *day))).collect()
    }

    #[test]
    fn calendars_pay_on_their_working_days() {
        // November 2026 begins on a Sunday, August 2026 on a Saturday and ends on a Monday.
        for (calendar, november, august) in [
            (Calendar::Weekly(Weekday::Friday), vec![6, 13, 20, 27], vec![7, 14, 21, 28]),
            (Calendar::HalfMonthly, vec![13], vec![14]),
            (Calendar::Monthly(3), vec![3], vec![3]),
            (Calendar::Monthly(31), vec![30], vec![31]),
            (Calendar::LastWorkingDay, vec![30], vec![31]),
        ] {
            assert_eq!(days_of(calendar, 2026, 11), november, "{calendar:?}");
            assert_eq!(days_of(calendar, 2026, 8), august, "{calendar:?}");
        }
        assert_eq!(days_of(Calendar::HalfMonthly, 2026, 10), [1, 15, 30], "the 1st of November is paid in October");
    }

    #[test]
    fn the_two_phases_of_a_fortnight_share_no_day() {
        let phase = |phase| days_of(Calendar::Fortnightly(Weekday::Friday, phase), 2026, 11);
        let mut both = [phase(0), phase(1)].concat();
        both.sort_unstable();
        assert_eq!(both, [6, 13, 20, 27]);
        assert_eq!(phase(0).len(), 2);
    }

    #[test]
    fn day_numbers_count_from_1970() {
        assert_eq!((day_number(date(1970, 1, 1)), day_number(date(2026, 1, 1))), (0, 20_454));
    }
}
