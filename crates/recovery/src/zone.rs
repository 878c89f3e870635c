//! The cardholder's local time: as sent, else by the issuer's country.

use domain::time::Timestamp;
use jiff::civil::Date;

use crate::{case::Case, view};

/// Minutes in a day.
pub const DAY_MINUTES: i64 = 1_440;

/// A fixed offset from UTC. Daylight saving is not known without a time zone; an hour does not matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    /// Minutes east of UTC, the likeliest.
    pub offset_minutes: i32,
    /// The westernmost that is possible: midnight comes last there.
    west_minutes: i32,
}

impl Zone {
    /// The zone of a cardholder.
    pub fn of(offset_minutes: Option<i32>, issuer_country: &str) -> Self {
        const FARTHEST_MINUTES: i32 = 14 * 60;
        match offset_minutes {
            Some(known) => {
                let known = known.clamp(-FARTHEST_MINUTES, FARTHEST_MINUTES);
                Self { offset_minutes: known, west_minutes: known }
            }
            None => Self::of_country(issuer_country),
        }
    }

    /// Standard time where most people of a country live, and its westernmost inhabited zone (IANA tzdata).
    fn of_country(country: &str) -> Self {
        let (hours, west) = match country.trim().to_ascii_uppercase().as_str() {
            "US" => (-5, -10),
            "CA" => (-5, -8),
            "MX" => (-6, -8),
            "BR" => (-3, -5),
            "GB" | "UK" | "IE" | "PT" | "IS" => (0, 0),
            "ES" => (1, 0),
            "AT" | "BE" | "CZ" | "DE" | "DK" | "FR" | "HR" | "HU" | "IT" | "LI" | "LU" | "MT" | "NL" | "NO" | "PL" | "SE"
            | "SI" | "SK" | "CH" => (1, 1),
            "BG" | "CY" | "EE" | "FI" | "GR" | "LT" | "LV" | "RO" | "ZA" | "IL" | "EG" => (2, 2),
            "TR" | "SA" => (3, 3),
            "AE" => (4, 4),
            "IN" => return Self { offset_minutes: 330, west_minutes: 330 },
            "CN" | "SG" | "HK" | "MY" | "PH" => (8, 8),
            "JP" | "KR" => (9, 9),
            "AU" => (10, 8),
            "NZ" => (12, 12),
            // Not known: UTC, but "the next day" must hold even in the Americas.
            _ => (0, -10),
        };
        Self { offset_minutes: hours * 60, west_minutes: west * 60 }
    }

    /// How far a clock is off those of a country, summer time forgiven, minutes; none: the country is not known.
    pub fn minutes_away(offset_minutes: i32, country: &str) -> Option<i32> {
        const SUMMER_MINUTES: i32 = 60;
        let zone = Self::of_country(country);
        let is_known = zone != Self::of_country("");
        let (west, east) = (zone.west_minutes - SUMMER_MINUTES, zone.offset_minutes + SUMMER_MINUTES);
        is_known.then(|| (west - offset_minutes).max(offset_minutes - east).max(0))
    }

    /// The local date.
    pub fn date(self, at: Timestamp) -> Date {
        at.civil_at(self.offset_minutes).date()
    }

    /// The number of the local day since the epoch.
    pub fn day(self, at: Timestamp) -> i64 {
        (at.secs() + i64::from(self.offset_minutes) * 60).div_euclid(86_400)
    }

    /// The instant of a local day and minute of that day.
    pub fn instant(self, day: i64, minute: i64) -> Timestamp {
        let minutes = day.saturating_mul(DAY_MINUTES).saturating_add(minute) - i64::from(self.offset_minutes);
        Timestamp::from_secs(minutes.clamp(-MINUTES_MOST, MINUTES_MOST) * 60)
    }

    /// The first instant that is on a later local day than `at`, wherever in the country the cardholder lives.
    pub fn next_day(self, at: Timestamp) -> Timestamp {
        let west = Self { offset_minutes: self.west_minutes, ..self };
        [self, west].into_iter().map(|zone| zone.instant(zone.day(at) + 1, 0)).max().unwrap_or(Timestamp::FAR_FUTURE)
    }
}

impl Case<'_> {
    /// The cardholder's offset from UTC as decisions see it, minutes east.
    pub fn local_offset_minutes(&self) -> i32 {
        Zone::of(self.offset_minutes, view::issuer_country(self)).offset_minutes
    }
}

/// Some sixteen thousand years: keeps the arithmetic of absurd days inside the range of instants.
const MINUTES_MOST: i64 = 8_000_000_000;

#[cfg(test)]
mod tests {
    use domain::time::DAY;

    use super::*;

    #[test]
    fn days_turn_at_local_midnight() {
        let at = Timestamp::parse("2026-11-20T03:30:00Z").unwrap();
        for (offset, country, date, next) in [
            (Some(-300), "US", "2026-11-19", "2026-11-20T05:00:00Z"),
            (Some(0), "", "2026-11-20", "2026-11-21T00:00:00Z"),
            (Some(330), "", "2026-11-20", "2026-11-20T18:30:00Z"),
            (None, "DE", "2026-11-20", "2026-11-20T23:00:00Z"),
            (None, "US", "2026-11-19", "2026-11-20T10:00:00Z"),
            (Some(-99_999), "", "2026-11-19", "2026-11-20T14:00:00Z"),
        ] {
            let zone = Zone::of(offset, country);
            assert_eq!(zone.date(at).to_string(), date, "{offset:?} {country}");
            assert_eq!(zone.next_day(at), Timestamp::parse(next).unwrap(), "{offset:?} {country}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_next_day_is_later_and_never_the_same(secs in 0i64..4_000_000_000, offset in proptest::option::of(-840i32..840)) {
            let zone = Zone::of(offset, "US");
            let at = Timestamp::from_secs(secs);
            let next = zone.next_day(at);
            proptest::prop_assert!(next > at && next <= at + DAY + DAY);
            proptest::prop_assert!(zone.day(next) > zone.day(at));
        }
    }
}
