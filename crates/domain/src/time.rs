//! UTC instants in microseconds, and the date-time forms of the wire.

use std::time::Duration;

use jiff::{civil, fmt::rfc2822, tz::Offset};

/// One hour.
pub const HOUR: Duration = Duration::from_hours(1);
/// One day of 24 hours.
pub const DAY: Duration = Duration::from_hours(24);
/// One minute.
pub const MINUTE: Duration = Duration::from_mins(1);

/// A UTC instant, microseconds since the Unix epoch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The Unix epoch.
    pub const EPOCH: Self = Self(0);
    /// Later than anything that is worked.
    pub const FAR_FUTURE: Self = Self(i64::MAX / 4);

    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis * 1_000)
    }

    /// From seconds since the epoch.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs * 1_000_000)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since the epoch, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Seconds since the epoch, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Time since an earlier instant; zero when `earlier` is not earlier.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0).max(0) as u64)
    }

    /// The civil date and time at a fixed offset from UTC, in minutes east.
    pub fn civil_at(self, offset_minutes: i32) -> civil::DateTime {
        Offset::from_seconds(offset_minutes.clamp(-26 * 60 + 1, 26 * 60 - 1) * 60).unwrap_or(Offset::UTC).to_datetime(self.jiff())
    }

    /// The instant of a civil date and time at a fixed offset from UTC, in minutes east.
    pub fn from_civil(local: civil::DateTime, offset_minutes: i32) -> Self {
        let offset = Offset::from_seconds(offset_minutes.clamp(-26 * 60 + 1, 26 * 60 - 1) * 60).unwrap_or(Offset::UTC);
        offset.to_timestamp(local).map_or(Self::FAR_FUTURE, |instant| Self(instant.as_microsecond()))
    }

    /// The nearest instant that jiff can hold.
    pub fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }

    /// ISO 8601 with six fractional digits and `Z`: the wire's date-time.
    pub fn iso6(self) -> String {
        let t = Offset::UTC.to_datetime(self.jiff());
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            t.year(),
            t.month(),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
            t.subsec_nanosecond() / 1_000
        )
    }

    /// ISO 8601 with seven fractional digits and `Z`: the form of `/tokenize`.
    pub fn iso7(self) -> String {
        let mut text = self.iso6();
        text.insert(text.len() - 1, '0');
        text
    }

    /// RFC 1123, as HTTP headers have it: `Fri, 20 Nov 2026 10:15:30 GMT`.
    pub fn rfc1123(self) -> String {
        let t = Offset::UTC.to_datetime(self.jiff());
        let day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][t.weekday().to_monday_zero_offset() as usize];
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][t.month() as usize - 1];
        format!("{day}, {:02} {month} {:04} {:02}:{:02}:{:02} GMT", t.day(), t.year(), t.hour(), t.minute(), t.second())
    }

    /// Reads the wire's date-time forms: ISO 8601 with `Z` or an offset, without offset (UTC), date only
    /// (the last second of that day), and RFC 1123.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() < 8 || text.len() > 64 {
            return None;
        }
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Some(Self(instant.as_microsecond()));
        }
        if text.len() == 10 {
            let date = text.parse::<civil::Date>().ok()?;
            return Some(Self::from_civil(date.at(23, 59, 59, 0), 0));
        }
        if let Ok(local) = text.parse::<civil::DateTime>() {
            return Some(Self::from_civil(local, 0));
        }
        let text = text.strip_suffix("GMT").map(|head| format!("{head}+0000"));
        let instant = rfc2822::DateTimeParser::new().parse_timestamp(text.as_deref()?).ok()?;
        Some(Self(instant.as_microsecond()))
    }
}

impl Timestamp {
    /// The first moment that a text means: of a bare date, midnight UTC.
    pub fn first_of(text: &str) -> Option<Self> {
        let text = text.trim();
        if is_date(text) { Self::parse(&format!("{text}T00:00:00Z")) } else { Self::parse(text) }
    }

    /// The last moment that a text means: of a bare date, its last second, all of it.
    pub fn last_of(text: &str) -> Option<Self> {
        let found = Self::parse(text)?;
        Some(if is_date(text.trim()) { Self(found.0 + 999_999) } else { found })
    }
}

const fn is_date(text: &str) -> bool {
    text.len() == 10
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_micros()).unwrap_or(Self::FAR_FUTURE.0)))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_micros()).unwrap_or(Self::FAR_FUTURE.0)))
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.iso6())
    }
}

impl std::fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.iso6())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wire_form_reads_to_the_same_instant() {
        let expected = Timestamp::parse("2026-11-20T10:15:30Z").unwrap();
        for form in [
            "2026-11-20T10:15:30.000Z",
            "2026-11-20T11:15:30+01:00",
            "2026-11-20T10:15:30",
            "2026-11-20 10:15:30",
            "Fri, 20 Nov 2026 10:15:30 GMT",
            " 2026-11-20T10:15:30.0000000Z ",
        ] {
            assert_eq!(Timestamp::parse(form), Some(expected), "{form}");
        }
        assert_eq!(Timestamp::parse("2026-11-20").unwrap().iso6(), "2026-11-20T23:59:59.000000Z");
        assert_eq!(expected.rfc1123(), "Fri, 20 Nov 2026 10:15:30 GMT");
        assert_eq!(expected.iso7(), "2026-11-20T10:15:30.0000000Z");
    }

    #[test]
    fn nonsense_is_none() {
        for form in ["", "soon", "2026-13-40", "99999999999999999999", "2026-11-20T25:00:00Z", "null"] {
            assert_eq!(Timestamp::parse(form), None, "{form}");
        }
    }

    proptest::proptest! {
        #[test]
        fn parse_never_panics(text in "\\PC{0,70}") {
            let _ = Timestamp::parse(&text);
        }

        #[test]
        fn printed_instants_read_back(micros in 0i64..4_102_444_800_000_000) {
            let t = Timestamp::from_micros(micros);
            proptest::prop_assert_eq!(Timestamp::parse(&t.iso6()), Some(t));
        }
    }
}
