//! Times and amounts as the wire has them (`wire-api` §1.3).

use std::borrow::Cow;

use domain::{money::Money, time::Timestamp};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// ISO 8601 UTC with six fractional digits.
#[derive(Debug, Clone, Copy)]
pub struct Iso(pub Timestamp);

/// ISO 8601 UTC with seven fractional digits (`/tokenize`).
#[derive(Debug, Clone, Copy)]
pub struct Iso7(pub Timestamp);

/// Major units as a JSON number, `19.99` (refunds).
#[derive(Debug, Clone, Copy)]
pub struct Decimal(pub Money);

impl JsonSchema for Iso {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Iso".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"
        })
    }
}

impl Serialize for Iso {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl JsonSchema for Iso7 {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Iso7".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{7}Z$"
        })
    }
}

impl Serialize for Iso7 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.iso7())
    }
}

impl JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number", "description": "Major units."})
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Shortest form of a double: exact for every amount below 2^53 minor units.
        serializer.serialize_f64(self.0.major().parse().unwrap_or(0.0))
    }
}

#[cfg(test)]
mod tests {
    use domain::money::Currency;

    use super::*;

    #[test]
    fn times_and_amounts() {
        let t = Timestamp::parse("2026-11-20T10:15:30.5Z").unwrap();
        assert_eq!(
            serde_json::to_string(&(Iso(t), Iso7(t))).unwrap(),
            r#"["2026-11-20T10:15:30.500000Z","2026-11-20T10:15:30.5000000Z"]"#
        );
        for (minor, text) in [(1999, "19.99"), (100, "1.0"), (99_999_999_999, "999999999.99"), (0, "0.0")] {
            assert_eq!(serde_json::to_string(&Decimal(Money::new(minor, Currency::USD))).unwrap(), text);
        }
    }
}
