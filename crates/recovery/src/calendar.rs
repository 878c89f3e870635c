//! Pay calendars: when money arrives on an account, by country.
//!
//! These are priors, to be overruled by what a card's own history says and by what a deployment learns: United
//! States 1st and 15th, alternate Fridays, the 3rd (social security); United Kingdom the last working day; euro
//! countries the end of the month; Australia every other week (`recovery.md` §4, with its sources). Beside what is
//! usual in a region stand all other regular calendars with a small weight: somebody is paid on Tuesdays. A payment
//! due on a weekend or bank holiday is credited on the working day before.

mod credits;
mod holidays;

use domain::{rules::Region, time::Timestamp};
use jiff::civil::{Date, Weekday};

pub use credits::{Calendars, calendars};
pub use holidays::is_working_day;

/// How somebody is paid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pays {
    /// On a fixed day of the month; 31 is the last day of any month.
    MonthDay(i8),
    /// On two fixed days of the month.
    HalfMonthly(i8, i8),
    /// On the last working day of the month.
    LastWorkingDay,
    /// On the n-th working day of the month.
    NthWorkingDay(u8),
    /// Every week on a day.
    Weekly(Weekday),
    /// Every other week on a day: in weeks of even or of odd number since the epoch.
    Fortnightly(Weekday, bool),
}

/// A calendar and how many people have it, before anything is known of the card.
pub type Prior = (Pays, f64);

const US: &[Prior] = &[
    (Pays::HalfMonthly(1, 15), 0.12),
    (Pays::HalfMonthly(15, 31), 0.14),
    (Pays::Fortnightly(Weekday::Friday, true), 0.20),
    (Pays::Fortnightly(Weekday::Friday, false), 0.20),
    (Pays::Weekly(Weekday::Friday), 0.14),
    (Pays::MonthDay(3), 0.07),
    (Pays::MonthDay(1), 0.07),
    (Pays::LastWorkingDay, 0.06),
];
const UK: &[Prior] = &[
    (Pays::LastWorkingDay, 0.48),
    (Pays::MonthDay(28), 0.16),
    (Pays::MonthDay(25), 0.12),
    (Pays::MonthDay(15), 0.06),
    (Pays::Weekly(Weekday::Friday), 0.18),
];
const EEA: &[Prior] = &[
    (Pays::LastWorkingDay, 0.46),
    (Pays::MonthDay(1), 0.17),
    (Pays::MonthDay(25), 0.17),
    (Pays::MonthDay(15), 0.10),
    (Pays::MonthDay(10), 0.10),
];
const AUSTRALIA: &[Prior] = &[
    (Pays::Fortnightly(Weekday::Thursday, true), 0.24),
    (Pays::Fortnightly(Weekday::Thursday, false), 0.24),
    (Pays::Fortnightly(Weekday::Wednesday, true), 0.10),
    (Pays::Fortnightly(Weekday::Wednesday, false), 0.10),
    (Pays::Weekly(Weekday::Thursday), 0.16),
    (Pays::MonthDay(15), 0.16),
];
const BRAZIL: &[Prior] = &[
    (Pays::NthWorkingDay(5), 0.48),
    (Pays::HalfMonthly(15, 31), 0.20),
    (Pays::MonthDay(20), 0.12),
    (Pays::LastWorkingDay, 0.20),
];
const CANADA: &[Prior] = &[
    (Pays::HalfMonthly(15, 31), 0.30),
    (Pays::Fortnightly(Weekday::Thursday, true), 0.17),
    (Pays::Fortnightly(Weekday::Thursday, false), 0.17),
    (Pays::Fortnightly(Weekday::Friday, true), 0.12),
    (Pays::Fortnightly(Weekday::Friday, false), 0.12),
    (Pays::Weekly(Weekday::Friday), 0.12),
];
const ELSEWHERE: &[Prior] = &[
    (Pays::LastWorkingDay, 0.34),
    (Pays::MonthDay(1), 0.24),
    (Pays::MonthDay(15), 0.16),
    (Pays::MonthDay(25), 0.14),
    (Pays::Weekly(Weekday::Friday), 0.12),
];

/// Share of people who are paid in none of the ways that are usual in their region.
const UNUSUAL: f64 = 0.25;

/// What is usual in a region.
fn usual(region: Region) -> &'static [Prior] {
    match region {
        Region::Us => US,
        Region::Uk => UK,
        Region::Eea => EEA,
        Region::Australia => AUSTRALIA,
        Region::Brazil => BRAZIL,
        Region::Canada => CANADA,
        Region::India | Region::Other => ELSEWHERE,
    }
}

/// Every regular calendar, the same list in the same order for all regions: learnt weights are kept by position.
pub fn all() -> Vec<Pays> {
    const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    let weekly = WEEK.iter().map(|day| Pays::Weekly(*day));
    let fortnightly = WEEK.iter().flat_map(|day| [Pays::Fortnightly(*day, true), Pays::Fortnightly(*day, false)]);
    let monthly = (1..=28).chain([31]).map(Pays::MonthDay);
    let halves = [(1, 15), (15, 31), (5, 20), (10, 25), (14, 28)].map(|(one, other)| Pays::HalfMonthly(one, other));
    let working = [Pays::LastWorkingDay, Pays::NthWorkingDay(1), Pays::NthWorkingDay(5)];
    weekly.chain(fortnightly).chain(monthly).chain(halves).chain(working).collect()
}

/// The weights of [`all`] calendars in a region; they add up to one.
pub fn priors(region: Region) -> Vec<f64> {
    let all = all();
    let rest = UNUSUAL / all.len() as f64;
    let weight = |pays: &Pays| usual(region).iter().filter(|(usual, _)| usual == pays).map(|(_, weight)| weight).sum::<f64>();
    all.iter().map(|pays| rest + (1.0 - UNUSUAL) * weight(pays)).collect()
}

/// A run of local days in one region.
pub struct Days {
    region: Region,
    first: i64,
    dates: Vec<Date>,
    working: Vec<bool>,
}

impl Days {
    /// `count` days from the one that has the number `first` (days since the epoch).
    pub fn new(region: Region, first: i64, count: usize) -> Self {
        let dates: Vec<Date> = date_of(first).into_iter().flat_map(|date| successors(date).take(count)).collect();
        let working = dates.iter().map(|date| is_working_day(region, *date)).collect();
        Self { region, first, dates, working }
    }

    /// The numbers of the days on which money of a calendar is credited, ascending.
    pub fn credits(&self, pays: Pays) -> Vec<i64> {
        let due = self.dates.iter().enumerate().filter(|(_, date)| due_on(pays, self.region, **date));
        let credited = due.filter_map(|(day, _)| self.working[..=day].iter().rposition(|working| *working));
        let mut days: Vec<i64> = credited.map(|day| self.first + day as i64).collect();
        days.dedup();
        days
    }
}

fn due_on(pays: Pays, region: Region, date: Date) -> bool {
    match pays {
        Pays::MonthDay(day) => on(day, date),
        Pays::HalfMonthly(one, other) => on(one, date) || on(other, date),
        Pays::LastWorkingDay => date.day() == date.days_in_month(),
        Pays::NthWorkingDay(n) => is_working_day(region, date) && working_days_to(region, date) == n,
        Pays::Weekly(weekday) => date.weekday() == weekday,
        Pays::Fortnightly(weekday, even) => date.weekday() == weekday && even_week(date) == even,
    }
}

/// 29 to 31 are the last day of a shorter month.
fn on(day: i8, date: Date) -> bool {
    day.min(date.days_in_month()) == date.day()
}

fn working_days_to(region: Region, date: Date) -> u8 {
    let days = successors(date.first_of_month()).take_while(|day| *day <= date);
    days.filter(|day| is_working_day(region, *day)).count() as u8
}

/// Weeks begin on Monday; 1969-12-29 was one.
fn even_week(date: Date) -> bool {
    const MONDAY_BEFORE_EPOCH_DAYS: i64 = 3;
    let seconds = Timestamp::from_civil(date.at(0, 0, 0, 0), 0).secs();
    ((seconds.div_euclid(86_400) + MONDAY_BEFORE_EPOCH_DAYS).div_euclid(7)).rem_euclid(2) == 0
}

fn date_of(day: i64) -> Option<Date> {
    Some(Timestamp::from_secs(day.checked_mul(86_400)?).civil_at(0).date())
}

fn successors(date: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(date), |day| day.tomorrow().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credited(pays: Pays, region: Region, from: &str, days: usize) -> Vec<String> {
        let first = Timestamp::parse(&format!("{from}T00:00:00Z")).unwrap().secs() / 86_400;
        let credits = Days::new(region, first, days).credits(pays);
        credits.into_iter().map(|day| date_of(day).unwrap().to_string()).collect()
    }

    #[test]
    fn weights_are_a_distribution() {
        for region in Region::ALL {
            let sum: f64 = priors(*region).iter().sum();
            assert!((sum - 1.0).abs() < 1e-9, "{region}: {sum}");
            assert!(usual(*region).iter().all(|(pays, _)| all().contains(pays)), "{region}");
        }
    }

    #[test]
    fn pay_days_move_off_weekends_and_holidays() {
        for (pays, region, from, days, expected) in [
            // 15 Nov 2026 is a Sunday: Friday the 13th; 1 Nov, a Sunday too: 30 Oct.
            (Pays::HalfMonthly(1, 15), Region::Us, "2026-10-25", 30, vec!["2026-10-30", "2026-11-13"]),
            // The last working day of May 2026 is a Friday; the bank holiday on the 25th moves the 25th.
            (Pays::LastWorkingDay, Region::Uk, "2026-05-01", 31, vec!["2026-05-29"]),
            (Pays::MonthDay(25), Region::Uk, "2026-05-01", 31, vec!["2026-05-22"]),
            (Pays::MonthDay(31), Region::Other, "2026-02-01", 28, vec!["2026-02-27"]),
            // The fifth working day of November 2026 (the 2nd is a holiday in Brazil).
            (Pays::NthWorkingDay(5), Region::Brazil, "2026-11-01", 30, vec!["2026-11-09"]),
            // Alternate Fridays; Christmas 2026 is one: credited the day before.
            (
                Pays::Fortnightly(Weekday::Friday, false),
                Region::Us,
                "2026-11-20",
                45,
                vec!["2026-11-27", "2026-12-11", "2026-12-24"],
            ),
            (
                Pays::Fortnightly(Weekday::Friday, true),
                Region::Us,
                "2026-11-20",
                45,
                vec!["2026-11-20", "2026-12-04", "2026-12-18", "2026-12-31"],
            ),
        ] {
            assert_eq!(credited(pays, region, from, days), expected, "{pays:?} {region}");
        }
    }
}
