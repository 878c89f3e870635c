//! The days on which money comes, worked out once for each region and span: on one day, every card of a region asks
//! for the same.

use std::sync::{Arc, Mutex, PoisonError};

use domain::rules::Region;

use super::{Days, all};

/// Spans kept: a few regions, the months a test clock passes through; the oldest goes first.
const SPANS_MAX: usize = 64;
/// Spans begin at multiples of this, so that one serves many days.
const STEP_DAYS: i64 = 32;
/// How far a span reaches behind and ahead of its days: the history that tells when money comes, the longest rescue.
const BEHIND_DAYS: i64 = 230;
const AHEAD_DAYS: i64 = 76;

/// Every calendar of a region over a span of days.
#[derive(Debug, PartialEq, Eq)]
pub struct Calendars {
    first: i64,
    /// For each calendar and day: how many days ago money came last; `NEVER` when not in the span.
    ages: Vec<Box<[u16]>>,
}

const NEVER: u16 = u16::MAX;

impl Calendars {
    /// The number of the local day (days since the epoch) on which a calendar brought money last, at or before a day.
    pub fn last_credit(&self, calendar: usize, day: i64) -> Option<i64> {
        let ages = self.ages.get(calendar)?;
        let day = day.min(self.first + ages.len() as i64 - 1);
        let age = *ages.get(usize::try_from(day - self.first).ok()?)?;
        (age != NEVER).then(|| day - i64::from(age))
    }
}

/// The calendars of a region around a local day (days since the epoch).
pub fn calendars(region: Region, day: i64) -> Arc<Calendars> {
    static KNOWN: Mutex<Vec<(Region, i64, Arc<Calendars>)>> = Mutex::new(Vec::new());
    let first = day.div_euclid(STEP_DAYS) * STEP_DAYS - BEHIND_DAYS;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, _, found)) = known.iter().rev().find(|(of, from, _)| *of == region && *from == first) {
        return Arc::clone(found);
    }
    let fresh = Arc::new(work_out(region, first));
    if known.len() == SPANS_MAX {
        known.remove(0);
    }
    known.push((region, first, Arc::clone(&fresh)));
    fresh
}

fn work_out(region: Region, first: i64) -> Calendars {
    // The longest time between two pay days, so that the span's first day knows the one before it.
    const BEFORE: i64 = 45;
    let count = BEHIND_DAYS + STEP_DAYS + AHEAD_DAYS;
    let days = Days::new(region, first - BEFORE, (BEFORE + count) as usize);
    let ages = |credits: &[i64]| {
        let age = |day: i64| {
            let later = credits.partition_point(|credit| *credit <= day);
            later.checked_sub(1).and_then(|last| credits.get(last)).map_or(NEVER, |last| (day - last) as u16)
        };
        (first..first + count).map(age).collect()
    };
    Calendars { first, ages: all().into_iter().map(|pays| ages(&days.credits(pays))).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_is_worked_out_again() {
        for day in (20_000..20_000 + (SPANS_MAX as i64 + 8) * STEP_DAYS).step_by(31).chain([20_000, 20_001]) {
            let kept = calendars(Region::Us, day);
            assert_eq!(*kept, work_out(Region::Us, kept.first), "{day}");
            assert!(kept.first + BEHIND_DAYS <= day);
        }
    }

    #[test]
    fn the_last_credit_is_a_pay_day_at_or_before_the_day() {
        let (day, region) = (20_400, Region::Us);
        let (calendars, days) = (calendars(region, day), Days::new(region, day - 300, 400));
        for (place, pays) in all().into_iter().enumerate() {
            let credits = days.credits(pays);
            for day in day - 150..day + 60 {
                let expected = credits.iter().rev().find(|credit| **credit <= day).copied();
                assert_eq!(calendars.last_credit(place, day), expected, "{pays:?} {day}");
            }
        }
    }
}
