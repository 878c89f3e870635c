//! The pay-day heuristic: the mornings on which most people of the country are paid.

use domain::{
    decline::Class,
    rules::{Region, Rules},
    time::{HOUR, Timestamp},
};
use jiff::civil::{Date, Weekday};

use super::step::step;
use crate::{calendar::is_working_day, case::Case, plan::Plan, policy::Policy, view::View};

/// The pay-day heuristic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payday {
    name: &'static str,
    retries_max: u32,
}

/// Local hour of the morning: the night's credits are posted, little is spent.
const MORNING_MINUTES: i64 = 8 * 60;
/// Days looked at for the next pay day.
const SEARCH_DAYS_MAX: i64 = 40;

impl Payday {
    /// Eight times at most.
    pub const EIGHT: Self = Self { name: "payday", retries_max: 8 };
    /// Four times at most.
    pub const FOUR: Self = Self { name: "payday-4", retries_max: 4 };
}

impl Policy for Payday {
    fn name(&self) -> &str {
        self.name
    }

    fn plan(&self, case: &Case<'_>, rules: &Rules) -> Plan {
        step(case, rules, self.name, |view, earliest| (case.own_attempts < self.retries_max).then(|| moment(view, earliest))?)
    }
}

/// An hour later for technical failures, the next morning for limits, else the next pay day's morning.
fn moment(view: &View<'_>, earliest: Timestamp) -> Option<Timestamp> {
    let last = view.last_at();
    match view.class() {
        Class::Tech => Some(last + HOUR * (1 << view.case.own_attempts.min(6))),
        Class::Limit => Some(view.zone.instant(view.zone.day(last) + 1, MORNING_MINUTES)),
        _ => {
            let region = Region::of_country(view.issuer_country());
            let from = earliest.max(last + HOUR * 20);
            let first = view.zone.day(from);
            let mornings = (first..first + SEARCH_DAYS_MAX).map(|day| view.zone.instant(day, MORNING_MINUTES));
            mornings.filter(|at| *at >= from).find(|at| is_payday(region, view.zone.date(*at)))
        }
    }
}

/// Whether a good many people are paid on this day, as a merchant's calendar would have it.
fn is_payday(region: Region, date: Date) -> bool {
    let days: &[i8] = match region {
        Region::Us => &[1, 15],
        Region::Canada => &[15, 31],
        Region::Uk => &[25, 28, 31],
        Region::Eea => &[1, 15, 25, 31],
        Region::Australia => &[15],
        Region::Brazil => &[5, 7, 15, 20, 31],
        Region::India | Region::Other => &[1, 15, 31],
    };
    let weekday = match region {
        Region::Us | Region::Canada | Region::Uk => Some(Weekday::Friday),
        Region::Australia => Some(Weekday::Thursday),
        _ => None,
    };
    let due =
        |date: Date| weekday == Some(date.weekday()) || days.iter().any(|day| (*day).min(date.days_in_month()) == date.day());
    // What falls on closed days is paid before them.
    let closed_ahead = std::iter::successors(date.tomorrow().ok(), |day| day.tomorrow().ok());
    is_working_day(region, date) && (due(date) || closed_ahead.take(4).take_while(|day| !is_working_day(region, *day)).any(due))
}
