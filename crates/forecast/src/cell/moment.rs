//! Moments as files have them.

use domain::time::Timestamp;
use jiff::civil;

/// Reads a moment, UTC unless it says otherwise: ISO 8601 and RFC 1123, seconds or milliseconds since 1970, a date
/// alone (taken as its noon), `11/20/2026 10:15` (month first) and `20.11.2026 10:15`.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 || text.len() < 8 {
        return None;
    }
    let found = if text.bytes().all(|b| b.is_ascii_digit()) {
        since_epoch(text)
    } else if text.len() == 10
        && let Ok(date) = text.parse::<civil::Date>()
    {
        Some(Timestamp::from_civil(date.at(12, 0, 0, 0), 0))
    } else {
        Timestamp::parse(text).or_else(|| parted(text))
    };
    found.filter(|at| (EARLIEST..=LATEST).contains(&at.secs()))
}

/// 1990 and 2100: what lies outside is a misreading.
const EARLIEST: i64 = 631_152_000;
const LATEST: i64 = 4_102_444_800;

fn since_epoch(text: &str) -> Option<Timestamp> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        9 | 10 => Some(Timestamp::from_secs(number)),
        12 | 13 => Some(Timestamp::from_millis(number)),
        8 => civil::Date::new((number / 10_000) as i16, (number / 100 % 100) as i8, (number % 100) as i8)
            .ok()
            .map(|date| Timestamp::from_civil(date.at(12, 0, 0, 0), 0)),
        _ => None,
    }
}

/// Three numbers with slashes (month first) or full stops (day first), a time of day behind them.
fn parted(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "12:00"));
    let sign = if date.contains('/') { '/' } else { '.' };
    let parts: Vec<i16> = date.split(sign).map(str::parse).collect::<Result<_, _>>().ok()?;
    let [a, b, year] = parts[..] else { return None };
    let (month, day) = if sign == '/' { (a, b) } else { (b, a) };
    let date = civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let time: civil::Time = time.trim().trim_end_matches(['Z', 'z']).parse().ok()?;
    Some(Timestamp::from_civil(date.to_datetime(time), 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_forms_are_read() {
        for (text, iso) in [
            ("2026-11-20T10:15:30Z", "2026-11-20T10:15:30"),
            ("2026-11-20T10:15:30+02:00", "2026-11-20T08:15:30"),
            ("2026-11-20 10:15:30", "2026-11-20T10:15:30"),
            ("2026-11-20", "2026-11-20T12:00:00"),
            ("1795169730", "2026-11-20T10:15:30"),
            ("1795169730000", "2026-11-20T10:15:30"),
            ("20261120", "2026-11-20T12:00:00"),
            ("11/20/2026 10:15", "2026-11-20T10:15:00"),
            ("20.11.2026 10:15:30", "2026-11-20T10:15:30"),
            ("Fri, 20 Nov 2026 10:15:30 GMT", "2026-11-20T10:15:30"),
        ] {
            assert_eq!(read(text).map(|at| at.iso6()[..19].to_owned()).as_deref(), Some(iso), "{text}");
        }
        for text in ["", "yesterday", "20/11/2026", "2026-13-01", "12345678901234", "0001-01-01T00:00:00Z"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,70}|[0-9./: TZ-]{0,30}") {
            let _ = read(&text);
        }
    }
}
