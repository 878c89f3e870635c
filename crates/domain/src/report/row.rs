//! Rows of a report: values in the order of its columns.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text or null.
    Text,
    /// A whole number.
    Count,
    /// Minor units of the row's currency.
    Amount,
    /// From 0 to 1; null where there is nothing to divide by.
    Rate,
    /// A number with decimals, or null.
    Number,
    /// A whole number, or null.
    MaybeCount,
}

/// A member of every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Not known, or nothing to divide by.
    Null,
    /// A whole number.
    Int(i64),
    /// A number with decimals.
    Real(f64),
    /// Text.
    Text(String),
}

/// One row.
pub type Row = Vec<Value>;

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Int)
    }
}

impl Value {
    /// One number divided by another; null when that is zero.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more than the 52 bits of a double")]
    pub fn ratio(part: i64, whole: i64) -> Self {
        if whole == 0 { Self::Null } else { Self::Real(part as f64 / whole as f64) }
    }
}
