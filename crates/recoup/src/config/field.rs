//! What a setting may be: how each type is read from the file and the environment, and how it is shown.

use std::{net::IpAddr, net::SocketAddr, path::PathBuf};

use serde_json::{Value, json};

/// A value as it was given.
#[derive(Debug, Clone, PartialEq)]
pub enum Given<'a> {
    /// From the environment: text that may stand for anything.
    Word(&'a str),
    /// Text in the file.
    Text(&'a str),
    /// A whole number in the file.
    Integer(i64),
    /// A number with a fraction in the file.
    Fraction(f64),
    /// `true` or `false` in the file.
    Boolean(bool),
    /// A list in the file.
    List(Vec<Given<'a>>),
    /// Anything else in the file, by its TOML name.
    Other(&'static str),
}

/// A type of setting.
pub trait Field: Sized {
    /// What is expected, as it ends the sentence "must be …".
    const FORM: &'static str;
    /// Reads it; `None` when it is something else.
    fn read(given: &Given<'_>) -> Option<Self>;
    /// The value, as JSON and TOML have it; null for none.
    fn value(&self) -> Value;
    /// The size that a range limits.
    fn size(&self) -> Option<u64> {
        None
    }
}

domain::words! {
    /// How log lines look.
    pub enum LogFormat {
        /// Text on a terminal, JSON otherwise.
        Auto = "auto",
        /// Text.
        Text = "text",
        /// One JSON object a line.
        Json = "json",
    }
}

/// Log level or directives, known to be readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter(String);

impl Filter {
    /// Everything from `info` on.
    pub fn info() -> Self {
        Self("info".to_owned())
    }

    /// The directives.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A network in CIDR notation, known to be readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cidr(String);

impl Cidr {
    /// The notation.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A probability, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probability(f64);

/// It is never NaN.
impl Eq for Probability {}

impl Probability {
    /// The number.
    pub const fn value(self) -> f64 {
        self.0
    }
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl<'a> Given<'a> {
    /// Text from either source.
    fn text(&self) -> Option<&'a str> {
        match self {
            Self::Word(text) | Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// As it is shown in a message.
    pub fn shown(&self) -> String {
        match self {
            Self::Word(text) | Self::Text(text) => format!("{text:?}"),
            Self::Integer(number) => number.to_string(),
            Self::Fraction(number) => number.to_string(),
            Self::Boolean(flag) => flag.to_string(),
            Self::List(items) => format!("[{}]", items.iter().map(Given::shown).collect::<Vec<_>>().join(", ")),
            Self::Other(kind) => format!("{} {kind}", if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }),
        }
    }
}

fn integer(given: &Given<'_>) -> Option<u64> {
    match given {
        Given::Integer(number) => u64::try_from(*number).ok(),
        Given::Word(text) => text.trim().replace('_', "").parse().ok(),
        _ => None,
    }
}

impl Field for u32 {
    const FORM: &'static str = "a whole number";
    fn read(given: &Given<'_>) -> Option<Self> {
        integer(given).and_then(|number| Self::try_from(number).ok())
    }
    fn value(&self) -> Value {
        json!(self)
    }
    fn size(&self) -> Option<u64> {
        Some(u64::from(*self))
    }
}

impl Field for u64 {
    const FORM: &'static str = "a whole number";
    fn read(given: &Given<'_>) -> Option<Self> {
        integer(given)
    }
    fn value(&self) -> Value {
        json!(self)
    }
    fn size(&self) -> Option<u64> {
        Some(*self)
    }
}

impl Field for bool {
    const FORM: &'static str = "true or false";
    fn read(given: &Given<'_>) -> Option<Self> {
        match given {
            Given::Boolean(flag) => Some(*flag),
            Given::Word(text) => text.trim().to_ascii_lowercase().parse().ok(),
            _ => None,
        }
    }
    fn value(&self) -> Value {
        json!(self)
    }
}

impl Field for PathBuf {
    const FORM: &'static str = "a path";
    fn read(given: &Given<'_>) -> Option<Self> {
        given.text().filter(|text| !text.trim().is_empty()).map(Self::from)
    }
    fn value(&self) -> Value {
        json!(self.to_string_lossy())
    }
}

impl Field for String {
    const FORM: &'static str = "a text";
    fn read(given: &Given<'_>) -> Option<Self> {
        given.text().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    }
    fn value(&self) -> Value {
        json!(self)
    }
}

impl Field for Secret {
    const FORM: &'static str = "a text";
    fn read(given: &Given<'_>) -> Option<Self> {
        String::read(given).map(Self)
    }
    fn value(&self) -> Value {
        json!("(hidden)")
    }
}

impl Field for SocketAddr {
    const FORM: &'static str = "an IP address with a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"";
    fn read(given: &Given<'_>) -> Option<Self> {
        let text = given.text()?.trim();
        text.parse().ok().or_else(|| text.strip_prefix("localhost:")?.parse().ok().map(|port| Self::from(([127, 0, 0, 1], port))))
    }
    fn value(&self) -> Value {
        json!(self)
    }
}

impl Field for LogFormat {
    const FORM: &'static str = "\"auto\", \"text\" or \"json\"";
    fn read(given: &Given<'_>) -> Option<Self> {
        Self::parse(given.text()?.trim())
    }
    fn value(&self) -> Value {
        json!(self)
    }
}

impl Field for Filter {
    const FORM: &'static str = "a log level, such as \"info\", or directives, such as \"info,engine=debug\"";
    fn read(given: &Given<'_>) -> Option<Self> {
        let text = given.text()?.trim();
        let sound = !text.is_empty() && tracing_subscriber::EnvFilter::try_new(text).is_ok();
        (sound && text.split(',').all(is_directive)).then(|| Self(text.to_owned()))
    }
    fn value(&self) -> Value {
        json!(self.0)
    }
}

/// A bare word must be a level: the filter would take "inof" for a target and show nothing else.
fn is_directive(part: &str) -> bool {
    part.contains(['=', '['])
        || ["off", "error", "warn", "info", "debug", "trace"].contains(&part.trim().to_ascii_lowercase().as_str())
}

impl Field for Probability {
    const FORM: &'static str = "a number from 0 to 1, such as 0.35";
    fn read(given: &Given<'_>) -> Option<Self> {
        let number = match given {
            Given::Fraction(number) => *number,
            Given::Integer(number @ 0..=1) => *number as f64,
            Given::Word(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        (0.0..=1.0).contains(&number).then_some(Self(number))
    }
    fn value(&self) -> Value {
        json!(self.0)
    }
}

impl Field for Cidr {
    const FORM: &'static str = "a network in CIDR notation, such as \"10.1.0.0/16\"";
    fn read(given: &Given<'_>) -> Option<Self> {
        let text = given.text()?.trim();
        let (address, prefix) = text.split_once('/')?;
        let longest = if address.parse::<IpAddr>().ok()?.is_ipv4() { 32 } else { 128 };
        (prefix.parse::<u8>().ok()? <= longest).then(|| Self(text.to_owned()))
    }
    fn value(&self) -> Value {
        json!(self.0)
    }
}

impl<T: Field> Field for Option<T> {
    const FORM: &'static str = T::FORM;
    fn read(given: &Given<'_>) -> Option<Self> {
        match given {
            Given::Word(text) if text.trim().is_empty() => Some(None),
            given => T::read(given).map(Some),
        }
    }
    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Field::value)
    }
    fn size(&self) -> Option<u64> {
        self.as_ref().and_then(Field::size)
    }
}

impl Field for Vec<Cidr> {
    const FORM: &'static str = "a list of networks in CIDR notation, such as [\"10.1.0.0/16\"]";
    fn read(given: &Given<'_>) -> Option<Self> {
        match given {
            Given::List(items) => items.iter().map(Cidr::read).collect(),
            Given::Word(text) => {
                text.split(',').filter(|part| !part.trim().is_empty()).map(|part| Cidr::read(&Given::Word(part))).collect()
            }
            _ => None,
        }
    }
    fn value(&self) -> Value {
        Value::Array(self.iter().map(Field::value).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows<T: Field>(given: &Given<'_>) -> Option<String> {
        T::read(given).map(|field| field.value().to_string())
    }

    #[test]
    fn each_type_reads_what_it_means_and_nothing_else() {
        use Given::{Boolean, Integer, List, Other, Text, Word};
        for (read, expected) in [
            (shows::<u32>(&Integer(7)), Some("7")),
            (shows::<u32>(&Word(" 10_000 ")), Some("10000")),
            (shows::<u32>(&Text("7")), None),
            (shows::<u32>(&Integer(-1)), None),
            (shows::<u32>(&Integer(1 << 40)), None),
            (shows::<u64>(&Word("many")), None),
            (shows::<bool>(&Word("TRUE")), Some("true")),
            (shows::<bool>(&Boolean(false)), Some("false")),
            (shows::<bool>(&Integer(1)), None),
            (shows::<bool>(&Word("yes")), None),
            (shows::<PathBuf>(&Text("")), None),
            (shows::<PathBuf>(&Text("data")), Some("\"data\"")),
            (shows::<SocketAddr>(&Text("[::1]:80")), Some("\"[::1]:80\"")),
            (shows::<SocketAddr>(&Text("localhost:80")), Some("\"127.0.0.1:80\"")),
            (shows::<SocketAddr>(&Text("localhost")), None),
            (shows::<SocketAddr>(&Word("8080")), None),
            (shows::<LogFormat>(&Text("JSON")), Some("\"json\"")),
            (shows::<LogFormat>(&Text("xml")), None),
            (shows::<Filter>(&Text("info,engine=debug")), Some("\"info,engine=debug\"")),
            (shows::<Filter>(&Text("inof")), None),
            (shows::<Filter>(&Text("")), None),
            (shows::<Option<u32>>(&Word("")), Some("null")),
            (shows::<Option<u32>>(&Word("3")), Some("3")),
            (shows::<Option<u32>>(&Other("float")), None),
            (shows::<Vec<Cidr>>(&List(vec![Text("10.0.0.0/8"), Text("fd00::/8")])), Some("[\"10.0.0.0/8\",\"fd00::/8\"]")),
            (shows::<Vec<Cidr>>(&Word("10.0.0.0/8, 127.0.0.1/32")), Some("[\"10.0.0.0/8\",\"127.0.0.1/32\"]")),
            (shows::<Vec<Cidr>>(&Word("")), Some("[]")),
            (shows::<Vec<Cidr>>(&List(vec![Text("10.0.0.0/33")])), None),
            (shows::<Vec<Cidr>>(&Text("10.0.0.0/8")), None),
        ] {
            assert_eq!(read.as_deref(), expected);
        }
    }
}
