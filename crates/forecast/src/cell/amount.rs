//! Amounts as files have them: `19.99`, `1,234.50`, `1.234,50`, `$19.99`, `1999`.

use domain::money::Currency;

/// Whether amounts are written in minor units (cents) or major ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Written {
    /// 1999 is 19.99 USD.
    Minor,
    /// 19.99 is 19.99 USD.
    Major,
}

/// A number as written, in thousandths, and whether it had decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    pub thousandths: i64,
    pub decimals: bool,
}

/// Digits of the whole part that are read: a trillion with three decimals fits.
const WHOLE_DIGITS_MAX: usize = 13;
const DECIMALS_MAX: usize = 3;

/// Reads an amount; `None` when it is none. A sign, a currency's sign or code and separators of thousands pass.
pub fn read(text: &str) -> Option<Amount> {
    let text = text.trim();
    let bare = text.trim_start_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '+' | '.' | ','));
    let (negative, bare) = match bare.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, bare.strip_prefix('+').unwrap_or(bare)),
    };
    let bare = bare.trim_start_matches(|c: char| c.is_alphabetic() || "$€£¥".contains(c) || c == ' ');
    let bare = bare.trim_end_matches(|c: char| c.is_alphabetic() || "$€£¥".contains(c) || c.is_whitespace());
    if text.len() > 40 || !bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' ' | b'\'')) {
        return None;
    }
    let (whole, part) = split(bare)?;
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let part = part.trim_end_matches('0');
    if (whole.is_empty() && part.is_empty()) || whole.len() > WHOLE_DIGITS_MAX || part.len() > DECIMALS_MAX {
        return None;
    }
    let thousandths: i64 = format!("{whole}{part:0<DECIMALS_MAX$}").parse().ok()?;
    Some(Amount {
        thousandths: if negative { -thousandths } else { thousandths },
        decimals: bare.len() > whole.len() && has_point(bare),
    })
}

/// The whole part and the decimals. The last of two kinds of separators is the decimal one; a single comma before
/// exactly three digits separates thousands.
fn split(text: &str) -> Option<(&str, &str)> {
    let Some(at) = text.rfind(['.', ',']) else { return text.bytes().any(|b| b.is_ascii_digit()).then_some((text, "")) };
    let (whole, part) = (&text[..at], &text[at + 1..]);
    if !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let sign = text.as_bytes()[at];
    let other = if sign == b'.' { b',' } else { b'.' };
    let repeated = whole.bytes().any(|b| b == sign);
    let groups = part.len() == 3 && !whole.is_empty() && (repeated || (sign == b',' && !whole.bytes().any(|b| b == other)));
    match (groups, repeated) {
        (true, _) => Some((text, "")),
        (false, true) => None,
        (false, false) => Some((whole, part)),
    }
}

fn has_point(text: &str) -> bool {
    split(text).is_some_and(|(whole, _)| whole.len() < text.len())
}

/// Minor units; `None` when the number has more decimals than the currency, or cents have any.
pub fn minor(thousandths: i64, written: Written, currency: Currency) -> Option<i64> {
    let per_unit = match written {
        Written::Minor => 1,
        Written::Major => 10i64.checked_pow(currency.decimals())?,
    };
    let scaled = thousandths.checked_mul(per_unit)?;
    (scaled % 1_000 == 0).then_some(scaled / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, thousandths, decimals) in [
            ("19.99", 19_990, true),
            ("19,99", 19_990, true),
            ("1,234.50", 1_234_500, true),
            ("1.234,50", 1_234_500, true),
            ("1,234,567", 1_234_567_000, false),
            ("1,234", 1_234_000, false),
            ("1999", 1_999_000, false),
            ("$ 19.90", 19_900, true),
            ("19.90 USD", 19_900, true),
            ("-3.00", -3_000, true),
            ("1.234", 1_234, true),
            (".5", 500, true),
            ("20.000", 20_000, true),
        ] {
            assert_eq!(read(text), Some(Amount { thousandths, decimals }), "{text}");
        }
        for text in ["", "abc", "1.2.3", "1e5", "0x10", "1.23456", "99999999999999", "1,2,3", "."] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn decimals_belong_to_the_currency() {
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(minor(19_990, Written::Major, Currency::USD), Some(1_999));
        assert_eq!(minor(1_999_000, Written::Minor, Currency::USD), Some(1_999));
        assert_eq!(minor(19_995, Written::Major, Currency::USD), None);
        assert_eq!(minor(19_990, Written::Minor, Currency::USD), None);
        assert_eq!((minor(500_000, Written::Major, yen), minor(500_500, Written::Major, yen)), (Some(500), None));
        assert_eq!(minor(i64::MAX, Written::Major, Currency::USD), None);
    }
}
