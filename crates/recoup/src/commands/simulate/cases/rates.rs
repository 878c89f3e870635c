//! What a unit of a currency is worth in US dollars, to compare amounts of several currencies.

use std::{collections::BTreeMap, path::Path};

use domain::money::{Currency, Money};

use crate::failure::Failure;

/// Round values of mid 2026, for comparisons only: nothing is charged or paid by them. A file replaces any of them.
const APPROXIMATE: [(&str, f64); 36] = [
    ("USD", 1.0),
    ("EUR", 1.15),
    ("GBP", 1.33),
    ("CHF", 1.25),
    ("CAD", 0.72),
    ("AUD", 0.66),
    ("NZD", 0.59),
    ("JPY", 0.0066),
    ("CNY", 0.14),
    ("HKD", 0.128),
    ("SGD", 0.77),
    ("KRW", 0.000_70),
    ("INR", 0.0114),
    ("IDR", 0.000_061),
    ("MYR", 0.24),
    ("THB", 0.031),
    ("PHP", 0.0172),
    ("VND", 0.000_038),
    ("TWD", 0.032),
    ("BRL", 0.185),
    ("MXN", 0.054),
    ("ARS", 0.000_70),
    ("CLP", 0.001_05),
    ("COP", 0.000_25),
    ("PEN", 0.29),
    ("SEK", 0.105),
    ("NOK", 0.099),
    ("DKK", 0.154),
    ("PLN", 0.27),
    ("CZK", 0.047),
    ("HUF", 0.0029),
    ("RON", 0.227),
    ("TRY", 0.024),
    ("ZAR", 0.057),
    ("ILS", 0.30),
    ("AED", 0.272),
];

/// Values of currencies in US dollars.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates(BTreeMap<Currency, f64>);

impl Rates {
    /// The built-in values, those of a file in front of them: `{"EUR": 1.08}`, or CSV of currency and value.
    pub fn load(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self::approximate()) };
        let faulty = |what: String| Failure::usage(format!("{}: {what}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| faulty(error.to_string()))?;
        Self::approximate().with(&text).map_err(faulty)
    }

    fn approximate() -> Self {
        Self(APPROXIMATE.into_iter().filter_map(|(code, value)| Some((Currency::parse(code)?, value))).collect())
    }

    fn with(mut self, text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let pairs: Vec<(String, String)> = if text.starts_with('{') {
            let object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(text).map_err(|error| error.to_string())?;
            object.into_iter().map(|(code, value)| (code, value.to_string())).collect()
        } else {
            let rows = text.lines().map(|row| row.split_once([',', ';']).unwrap_or((row, "")));
            let rows = rows.map(|(code, value)| (code.trim().to_owned(), value.trim().to_owned()));
            rows.filter(|(code, _)| !code.is_empty()).collect()
        };
        for (place, (code, value)) in pairs.iter().enumerate() {
            let value = value.trim_matches('"').parse::<f64>().ok().filter(|value| value.is_finite() && *value > 0.0);
            match (Currency::parse(code), value) {
                (Some(currency), Some(value)) => drop(self.0.insert(currency, value)),
                // A head line.
                (None, None) if place == 0 => {}
                _ => return Err(format!("row {}: {code} is no currency with its value in USD", place + 1)),
            }
        }
        Ok(self)
    }

    /// Whether a currency has a value.
    pub fn knows(&self, currency: Currency) -> bool {
        self.0.contains_key(&currency)
    }

    /// An amount in US dollars; zero where the currency is not known.
    pub fn usd(&self, amount: Money) -> f64 {
        let units = amount.minor as f64 / 10f64.powi(amount.currency.decimals() as i32);
        self.0.get(&amount.currency).map_or(0.0, |value| units * value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_currency_is_one() {
        assert_eq!(Rates::approximate().0.len(), APPROXIMATE.len());
    }

    #[test]
    fn files_replace_what_is_built_in() {
        let yen = Money::new(1_000, Currency::parse("JPY").unwrap());
        for text in ["currency,usd\nJPY,0.01\n", "{\"JPY\": 0.01}", "jpy;0.01"] {
            let rates = Rates::approximate().with(text).unwrap();
            assert!((rates.usd(yen) - 10.0).abs() < 1e-9, "{text}");
            assert!((rates.usd(Money::new(250, Currency::USD)) - 2.5).abs() < 1e-9);
        }
        for text in ["USD,1\nJPY,x", "USD,1\nZZQ,2", "{\"EUR\": -1}", "{", "EUR,NaN"] {
            assert!(Rates::approximate().with(text).is_err(), "{text}");
        }
    }
}
