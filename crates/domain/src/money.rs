//! Money: whole minor units of one ISO 4217 currency, never a float.

use std::str::FromStr as _;

/// An ISO 4217 alphabetic currency code, upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// US dollars.
    pub const USD: Self = Self(*b"USD");

    /// Reads a code in any case; `None` when ISO 4217 does not know it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 3 {
            return None;
        }
        let upper = text.to_ascii_uppercase();
        iso_currency::Currency::from_str(&upper).ok()?;
        Some(Self(upper.as_bytes().try_into().ok()?))
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Number of decimals of the major unit: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn decimals(&self) -> u32 {
        self.iso().and_then(iso_currency::Currency::exponent).map_or(2, u32::from)
    }

    /// The currency's sign, `$` for USD; the code itself where there is none.
    pub fn symbol(&self) -> String {
        self.iso().map_or_else(|| self.as_str().to_owned(), |currency| currency.symbol().to_string())
    }

    fn iso(self) -> Option<iso_currency::Currency> {
        iso_currency::Currency::from_str(self.as_str()).ok()
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl schemars::JsonSchema for Currency {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217."})
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("unknown currency"))
    }
}

/// An amount in minor units (cents for USD) of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Money {
    /// Minor units; negative only in adjustments.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// Why a text is no amount of major units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MajorError {
    /// Not a decimal number, too large, or more decimals than the currency has.
    #[error("unreadable amount")]
    Unreadable,
}

impl Money {
    /// An amount from minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The amount in major units as text, `19.99`; every decimal of the currency is shown.
    pub fn major(self) -> String {
        let decimals = self.currency.decimals() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }

    /// Reads major units (`19.99`, `1`, `1.0`) exactly; trailing zeros beyond the currency's decimals pass.
    pub fn from_major(text: &str, currency: Currency) -> Result<Self, MajorError> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let decimals = currency.decimals() as usize;
        let kept = part.trim_end_matches('0');
        let only_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty())
            || !only_digits(whole)
            || !only_digits(part)
            || kept.len() > decimals
            || whole.len() > 15
        {
            return Err(MajorError::Unreadable);
        }
        let minor = format!("{}{kept:0<decimals$}", if whole.is_empty() { "0" } else { whole });
        let minor: i64 = minor.parse().map_err(|_| MajorError::Unreadable)?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_units_read_exactly() {
        let yen = Currency::parse("jpy").unwrap();
        let dinar = Currency::parse("KWD").unwrap();
        for (text, currency, minor) in [
            ("19.99", Currency::USD, Some(1999)),
            ("1.0", Currency::USD, Some(100)),
            ("1.000", Currency::USD, Some(100)),
            (".5", Currency::USD, Some(50)),
            ("0.005", Currency::USD, None),
            ("1e2", Currency::USD, None),
            ("", Currency::USD, None),
            (".", Currency::USD, None),
            ("-3", Currency::USD, Some(-300)),
            ("500", yen, Some(500)),
            ("500.5", yen, None),
            ("1.234", dinar, Some(1234)),
        ] {
            assert_eq!(Money::from_major(text, currency).ok().map(|m| m.minor), minor, "{text}");
        }
        assert_eq!(Money::new(5, Currency::USD).major(), "0.05");
        assert_eq!(Money::new(5, yen).major(), "5");
        assert_eq!(Money::new(-1234, dinar).major(), "-1.234");
    }

    #[test]
    fn only_iso_currencies_pass() {
        assert_eq!(Currency::parse("usd"), Some(Currency::USD));
        assert!(Currency::parse("US").is_none() && Currency::parse("ABC").is_none() && Currency::parse("€€€").is_none());
        assert_eq!(Currency::USD.symbol(), "$");
    }

    proptest::proptest! {
        #[test]
        fn majors_round_trip(minor in -1_000_000_000_000i64..1_000_000_000_000) {
            let money = Money::new(minor, Currency::USD);
            proptest::prop_assert_eq!(Money::from_major(&money.major(), Currency::USD), Ok(money));
        }
    }
}
