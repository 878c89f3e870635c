//! What the first page is asked for: a period, and perhaps one site.

use domain::{
    id::SiteId,
    report::Interval,
    time::{DAY, Timestamp},
};
use serde::Deserialize;

/// The query, as a browser sends it.
#[derive(Debug, Default, Deserialize)]
pub struct Query {
    days: Option<String>,
    site: Option<String>,
}

/// How many days the figures are about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Period {
    /// Seven.
    Week,
    /// Thirty.
    #[default]
    Month,
    /// Ninety.
    Quarter,
}

impl Period {
    /// Every one, shortest first.
    pub const ALL: [Self; 3] = [Self::Week, Self::Month, Self::Quarter];

    /// Its length, days.
    pub const fn days(self) -> u32 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
        }
    }

    /// What its chart over time is drawn by: few enough bars to be read.
    pub const fn interval(self) -> Interval {
        match self {
            Self::Week | Self::Month => Interval::Day,
            Self::Quarter => Interval::Week,
        }
    }

    /// Whole days of UTC that end with today.
    pub fn span(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let day = DAY.as_micros() as i64;
        let today = now.micros().div_euclid(day) * day;
        (Timestamp::from_micros(today - day * i64::from(self.days() - 1)), now)
    }
}

/// What was asked for; what cannot be read counts as not asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// How long.
    pub period: Period,
    /// One site only.
    pub site: Option<SiteId>,
}

impl Query {
    /// Reads it.
    pub fn read(&self) -> Wanted {
        let days = self.days.as_deref().and_then(|days| days.trim().parse().ok());
        let period = Period::ALL.into_iter().find(|period| Some(period.days()) == days).unwrap_or_default();
        Wanted { period, site: self.site.as_deref().and_then(SiteId::parse) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_names_a_period_and_a_site() {
        let site = "0192f5a0-0000-7000-8000-000000000001";
        for (days, named, expected) in [
            (None, None, Wanted::default()),
            (Some("7"), None, Wanted { period: Period::Week, site: None }),
            (Some("90"), Some(site), Wanted { period: Period::Quarter, site: SiteId::parse(site) }),
            (Some("8"), Some(""), Wanted::default()),
            (Some("-1"), Some("<script>"), Wanted::default()),
        ] {
            let query = Query { days: days.map(str::to_owned), site: named.map(str::to_owned) };
            assert_eq!(query.read(), expected, "{days:?} {named:?}");
        }
    }

    #[test]
    fn a_period_ends_now_and_begins_at_midnight() {
        let now = Timestamp::parse("2026-11-20T15:30:00Z").unwrap();
        for (period, first) in [(Period::Week, "2026-11-14"), (Period::Month, "2026-10-22"), (Period::Quarter, "2026-08-23")] {
            assert_eq!(period.span(now), (Timestamp::parse(first).unwrap(), now));
        }
    }
}
