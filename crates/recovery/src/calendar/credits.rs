//! The days on which money comes, worked out once for each region and span: on one day, every card of a region asks
//! for the same.

use std::sync::{Arc, Mutex, PoisonError};

use domain::rules::Region;

use super::{Days, Pays, priors};

/// Spans kept: a few regions, the days a test clock passes through; the oldest goes first.
const SPANS_MAX: usize = 64;

/// One calendar of a region over a span of days.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// How somebody is paid.
    pub pays: Pays,
    /// How many people are, before anything is known of the card.
    pub weight: f64,
    /// Numbers of the local days on which money comes, ascending.
    pub credits: Arc<[i64]>,
}

/// The calendars of a region over `count` days from the one numbered `first` (days since the epoch).
pub fn calendars(region: Region, first: i64, count: usize) -> Arc<[Calendar]> {
    static KNOWN: Mutex<Vec<(Span, Arc<[Calendar]>)>> = Mutex::new(Vec::new());
    let span = Span { region, first, count };
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, calendars)) = known.iter().rev().find(|(of, _)| *of == span) {
        return Arc::clone(calendars);
    }
    let calendars = work_out(span);
    if known.len() == SPANS_MAX {
        known.remove(0);
    }
    known.push((span, Arc::clone(&calendars)));
    calendars
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    region: Region,
    first: i64,
    count: usize,
}

fn work_out(span: Span) -> Arc<[Calendar]> {
    let days = Days::new(span.region, span.first, span.count);
    let calendar = |(pays, weight): &(Pays, f64)| Calendar { pays: *pays, weight: *weight, credits: days.credits(*pays).into() };
    priors(span.region).iter().map(calendar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_is_worked_out_again() {
        for first in (20_000..20_000 + 3 * SPANS_MAX as i64).chain(20_000..20_010) {
            for region in [Region::Us, Region::Brazil] {
                let (kept, again) = (calendars(region, first, 114), work_out(Span { region, first, count: 114 }));
                let plain = |of: &[Calendar]| of.iter().map(|c| (c.pays, c.credits.to_vec())).collect::<Vec<_>>();
                assert_eq!(plain(&kept), plain(&again), "{region} {first}");
            }
        }
    }
}
