//! How values look: money in its currency, times in the viewer's zone, shares and counts.

use std::{borrow::Borrow, fmt};

use askama::filters::HtmlSafe;
use chart::Chart;
use domain::{money::Money, time::Timestamp};
use jiff::tz::TimeZone;

/// A no-break space.
const SPACE: char = '\u{a0}';

/// HTML that is shown as it is: only from values that were escaped, or that hold nothing of a user's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Safe(String);

impl Safe {
    /// Trusted text.
    pub fn trusted(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Safe {}

/// `1 234.56 USD`.
pub fn money(amount: impl Borrow<Money>) -> String {
    let amount = *amount.borrow();
    let major = amount.major();
    let (whole, part) = major.split_once('.').map_or((major.as_str(), None), |(whole, part)| (whole, Some(part)));
    let part = part.map_or_else(String::new, |part| format!(".{part}"));
    format!("{}{part}{SPACE}{}", grouped(whole), amount.currency)
}

/// `12 345`.
pub fn count(number: impl fmt::Display) -> String {
    grouped(&number.to_string())
}

/// `12.3 %`; a dash where there is nothing to take a share of.
pub fn share(part: impl Borrow<f64>, whole: impl Borrow<f64>) -> String {
    let (part, whole) = (*part.borrow(), *whole.borrow());
    if whole > 0.0 { format!("{:.1}{SPACE}%", part / whole * 100.0) } else { "–".to_owned() }
}

/// A chart, with its title, its words and its numbers; `id` is unique on the page.
pub fn chart(chart: &impl Chart, id: &str) -> Safe {
    Safe(chart.figure().html(id))
}

fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("−", rest));
    let mut out = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            out.push(SPACE);
        }
        out.push(digit);
    }
    out
}

/// A time zone by its name.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    rules: TimeZone,
    chosen: bool,
}

impl Zone {
    /// The zone of that name; UTC without one.
    pub fn named(name: Option<&str>) -> Self {
        let found = name.and_then(|name| Some((name.to_owned(), TimeZone::get(name).ok()?)));
        let chosen = found.is_some();
        let (name, rules) = found.unwrap_or_else(|| ("UTC".to_owned(), TimeZone::UTC));
        Self { name, rules, chosen }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An instant to the minute, `20 Nov 2026, 11:15`, as a `<time>`; script shows it in the browser's zone when the
    /// user has chosen none.
    pub fn time(&self, at: impl Borrow<Timestamp>) -> Safe {
        self.element(*at.borrow(), "%-d %b %Y, %H:%M", "time")
    }

    /// An instant to the second.
    pub fn second(&self, at: impl Borrow<Timestamp>) -> Safe {
        self.element(*at.borrow(), "%-d %b %Y, %H:%M:%S", "second")
    }

    /// The day of an instant.
    pub fn day(&self, at: impl Borrow<Timestamp>) -> Safe {
        self.element(*at.borrow(), "%-d %b %Y", "day")
    }

    /// The first moment of a date in this zone, `2026-11-20`.
    pub fn first_of(&self, date: &str) -> Option<Timestamp> {
        let zoned = date.trim().parse::<jiff::civil::Date>().ok()?.to_zoned(self.rules.clone()).ok()?;
        Some(Timestamp::from_micros(zoned.timestamp().as_microsecond()))
    }

    /// The last moment of a date in this zone.
    pub fn last_of(&self, date: &str) -> Option<Timestamp> {
        let next = date.trim().parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?.to_zoned(self.rules.clone()).ok()?;
        Some(Timestamp::from_micros(next.timestamp().as_microsecond() - 1))
    }

    fn element(&self, at: Timestamp, shape: &str, kind: &str) -> Safe {
        let text = at.jiff().to_zoned(self.rules.clone()).strftime(shape).to_string();
        let utc = at.jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let local = if self.chosen { String::new() } else { format!(" data-local=\"{kind}\"") };
        Safe(format!("<time datetime=\"{utc}\" title=\"{utc}\"{local}>{text}</time>"))
    }
}

#[cfg(test)]
mod tests {
    use domain::money::Currency;

    use super::*;

    #[test]
    fn amounts_are_read_at_a_glance() {
        for (minor, text) in [
            (0, "0.00 USD"),
            (5, "0.05 USD"),
            (123_456, "1 234.56 USD"),
            (100_000_000, "1 000 000.00 USD"),
            (-150_000, "−1 500.00 USD"),
        ] {
            assert_eq!(money(Money::new(minor, Currency::USD)).replace(SPACE, " "), text);
        }
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(money(Money::new(12_345, yen)).replace(SPACE, " "), "12 345 JPY");
        assert_eq!((count(999_u32).as_str(), share(1.0, 0.0).as_str()), ("999", "–"));
        assert_eq!(share(1.0, 3.0).replace(SPACE, " "), "33.3 %");
    }

    #[test]
    fn times_are_shown_where_the_viewer_is() {
        let at = Timestamp::parse("2026-11-20T23:15:30Z").unwrap();
        let berlin = Zone::named(Some("Europe/Berlin"));
        let text = berlin.time(at).to_string();
        assert!(
            text.contains(">21 Nov 2026, 00:15<") && text.contains("2026-11-20T23:15:30Z") && !text.contains("data-local"),
            "{text}"
        );
        let unknown = Zone::named(Some("Mars/Olympus"));
        assert_eq!(unknown.name(), "UTC");
        assert!(unknown.day(at).to_string().contains("data-local=\"day\">20 Nov 2026<"));
        assert_eq!(berlin.first_of("2026-11-20").unwrap().iso6(), "2026-11-19T23:00:00.000000Z");
        assert_eq!(berlin.last_of("2026-11-20").unwrap().iso6(), "2026-11-20T22:59:59.999999Z");
        assert_eq!(berlin.first_of("soon"), None);
    }
}
