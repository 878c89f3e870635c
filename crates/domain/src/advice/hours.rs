//! Hours of the day: `08:00-22:00`, or through the night `22:00-06:00`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// A half-open span of the day, in whole minutes; one whose end is not behind its start wraps midnight. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours {
    from: u16,
    to: u16,
}

impl Hours {
    /// Reads `HH:MM-HH:MM`; `24:00` may stand at the end. `None` for anything else, and for a span without an inside.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.trim().split_once('-')?;
        let (from, to) = (minutes(from.trim())?, minutes(to.trim())?);
        (from < DAY_MINUTES && from != to).then_some(Self { from, to })
    }

    /// From (inclusive, below 1440) and to (exclusive, at most 1440), minutes of the day.
    pub const fn minutes(self) -> (u16, u16) {
        (self.from, self.to)
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok());
    let (hours, minutes) = (two_digits(hours)??, two_digits(minutes)??);
    let at = hours * 60 + minutes;
    (minutes < 60 && at <= DAY_MINUTES).then_some(at)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.from / 60, self.from % 60, self.to / 60, self.to % 60)
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        hours.to_string()
    }
}

impl TryFrom<String> for Hours {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no hours of the day")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read() {
        for (text, expected) in [
            ("08:00-22:00", Some((480, 1320))),
            (" 22:00 - 06:30 ", Some((1320, 390))),
            ("00:00-24:00", Some((0, 1440))),
            ("18:30-24:00", Some((1110, 1440))),
            ("08:00-08:00", None),
            ("24:00-06:00", None),
            ("08:00-24:01", None),
            ("8:00-22:00", None),
            ("08:60-22:00", None),
            ("08:00", None),
            ("08:00-22:00-23:00", None),
            ("+8:00-22:00", None),
            ("08.00-22.00", None),
            ("", None),
        ] {
            assert_eq!(Hours::parse(text).map(Hours::minutes), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}|[0-9:\\- ]{0,14}") {
            if let Some(hours) = Hours::parse(&text) {
                let (from, to) = hours.minutes();
                proptest::prop_assert!(from < 1440 && to <= 1440 && from != to);
                proptest::prop_assert_eq!(Hours::parse(&hours.to_string()), Some(hours));
            }
        }
    }
}
