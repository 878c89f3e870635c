//! `timezoneUtcOffset`: number or text, hours or minutes, as different clients send it.

use crate::json::{Node, Read, text_of};

/// Offsets in use run from −12:00 to +14:00 (IANA time zone database).
const MINUTES_MAX: i32 = 14 * 60;

/// Minutes east of UTC; `None` when absent or not readable. Numbers up to 14 are hours, larger ones minutes.
pub fn offset_minutes(node: Option<&Node<'_>>) -> Option<i32> {
    let Read::Is(text) = text_of(node) else { return None };
    let text = text.trim();
    let text = ["UTC", "GMT"].iter().find_map(|zone| strip(text, zone)).unwrap_or(text).trim();
    if text.is_empty() || text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let minutes = match text.split_once(':') {
        Some((hours, rest)) => clock(hours, rest)?,
        None => number(text)?,
    };
    (minutes.abs() <= MINUTES_MAX).then_some(minutes)
}

fn strip<'t>(text: &'t str, zone: &str) -> Option<&'t str> {
    text.get(..zone.len()).filter(|head| head.eq_ignore_ascii_case(zone)).and_then(|_| text.get(zone.len()..))
}

/// `+02:00`, `-5:30`, `02:00:00`.
fn clock(hours: &str, rest: &str) -> Option<i32> {
    let minutes: i32 = rest.split(':').next()?.parse().ok().filter(|minutes| (0..60).contains(minutes))?;
    let magnitude: i32 = hours.trim_start_matches(['+', '-']).parse().ok().filter(|hours| (0..=14).contains(hours))?;
    let total = magnitude * 60 + minutes;
    Some(if hours.starts_with('-') { -total } else { total })
}

fn number(text: &str) -> Option<i32> {
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite() && value.abs() <= f64::from(MINUTES_MAX))?;
    let minutes = if value.abs() <= 14.0 { value * 60.0 } else { value };
    Some(minutes.round() as i32)
}

#[cfg(test)]
mod tests {
    use super::offset_minutes;
    use crate::json::parse;

    #[test]
    fn offsets_come_in_many_forms() {
        for (json, expected) in [
            ("-5", Some(-300)),
            ("\"-5\"", Some(-300)),
            ("5.5", Some(330)),
            ("-300", Some(-300)),
            ("\"+02:00\"", Some(120)),
            ("\"-05:30\"", Some(-330)),
            ("\"02:00:00\"", Some(120)),
            ("\"UTC+3\"", Some(180)),
            ("\"utc\"", Some(0)),
            ("\"Z\"", Some(0)),
            ("0", Some(0)),
            ("\"America/New_York\"", None),
            ("\"+99:00\"", None),
            ("99999", None),
            ("\"NaN\"", None),
            ("\"\"", None),
            ("null", None),
            ("[]", None),
        ] {
            let node = parse(json.as_bytes()).unwrap();
            assert_eq!(offset_minutes(Some(&node)), expected, "{json}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_an_offset_or_not(text in "\\PC{0,20}") {
            let json = serde_json::to_string(&text).unwrap();
            let _ = offset_minutes(Some(&parse(json.as_bytes()).unwrap()));
        }
    }
}
