//! Loose types (`wire-api` §1.3): texts accept numbers and booleans, numbers accept numeric texts, booleans accept
//! `0`, `1` and words in any case. Existing clients depend on it.

use std::borrow::Cow;

use super::Node;

/// What reading one member gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read<T> {
    /// Absent, null, empty or blank.
    Absent,
    /// Present and not readable as this type.
    Unreadable,
    /// Read.
    Is(T),
}

impl<T> Read<T> {
    /// Reads on: `None` makes it unreadable.
    pub fn then<U>(self, read: impl FnOnce(T) -> Option<U>) -> Read<U> {
        match self {
            Self::Absent => Read::Absent,
            Self::Unreadable => Read::Unreadable,
            Self::Is(value) => read(value).map_or(Read::Unreadable, Read::Is),
        }
    }
}

/// A member as text. NUL is refused: not every store can hold it.
pub fn text_of<'n>(node: Option<&'n Node<'_>>) -> Read<Cow<'n, str>> {
    let text = match node {
        None | Some(Node::Null) => return Read::Absent,
        Some(Node::Text(text)) => Cow::Borrowed(&**text),
        Some(Node::Integer(value)) => Cow::Owned(value.to_string()),
        Some(Node::Float(value)) => Cow::Owned(value.to_string()),
        Some(Node::Bool(value)) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Some(Node::List(_) | Node::Object(_)) => return Read::Unreadable,
    };
    match () {
        () if text.trim().is_empty() => Read::Absent,
        () if text.contains('\0') => Read::Unreadable,
        () => Read::Is(text),
    }
}

/// A member as a whole number: `100`, `"100"`, `100.0`; not `100.5`.
pub fn integer_of(node: Option<&Node<'_>>) -> Read<i64> {
    match node {
        None | Some(Node::Null) => Read::Absent,
        Some(Node::Integer(value)) => Read::Is(*value),
        Some(Node::Float(value)) => whole(*value).map_or(Read::Unreadable, Read::Is),
        Some(Node::Text(text)) if text.trim().is_empty() => Read::Absent,
        Some(Node::Text(text)) => whole_text(text.trim()).map_or(Read::Unreadable, Read::Is),
        Some(Node::Bool(_) | Node::List(_) | Node::Object(_)) => Read::Unreadable,
    }
}

/// A member as a truth value.
pub fn boolean_of(node: Option<&Node<'_>>) -> Read<bool> {
    let word = match node {
        None | Some(Node::Null) => return Read::Absent,
        Some(Node::Bool(value)) => return Read::Is(*value),
        Some(Node::Integer(0)) => return Read::Is(false),
        Some(Node::Integer(1)) => return Read::Is(true),
        Some(Node::Text(text)) => text.trim(),
        Some(Node::Integer(_) | Node::Float(_) | Node::List(_) | Node::Object(_)) => return Read::Unreadable,
    };
    match word {
        "" => Read::Absent,
        "0" => Read::Is(false),
        "1" => Read::Is(true),
        word if word.eq_ignore_ascii_case("true") => Read::Is(true),
        word if word.eq_ignore_ascii_case("false") => Read::Is(false),
        _ => Read::Unreadable,
    }
}

fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

fn whole_text(text: &str) -> Option<i64> {
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if zeros.bytes().all(|b| b == b'0') => digits,
        Some(_) => return None,
        None => text,
    };
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{
        Read::{Absent, Is, Unreadable},
        *,
    };
    use crate::json::parse;

    #[test]
    fn integers_are_loose() {
        for (json, expected) in [
            ("100", Is(100)),
            ("100.0", Is(100)),
            ("1e2", Is(100)),
            ("100.5", Unreadable),
            ("\"100\"", Is(100)),
            ("\" -5 \"", Is(-5)),
            ("\"+5\"", Is(5)),
            ("\"100.0\"", Is(100)),
            ("\"100.50\"", Unreadable),
            ("\"1e2\"", Unreadable),
            ("\"99999999999999999999\"", Unreadable),
            ("1e300", Unreadable),
            ("\"\"", Absent),
            ("null", Absent),
            ("true", Unreadable),
            ("[1]", Unreadable),
        ] {
            assert_eq!(integer_of(Some(&parse(json.as_bytes()).unwrap())), expected, "{json}");
        }
    }

    #[test]
    fn booleans_are_loose() {
        for (json, expected) in [
            ("true", Is(true)),
            ("0", Is(false)),
            ("\"1\"", Is(true)),
            ("\"TRUE\"", Is(true)),
            ("\"False\"", Is(false)),
            ("\" \"", Absent),
            ("2", Unreadable),
            ("\"yes\"", Unreadable),
            ("{}", Unreadable),
        ] {
            assert_eq!(boolean_of(Some(&parse(json.as_bytes()).unwrap())), expected, "{json}");
        }
    }

    #[test]
    fn texts_are_loose() {
        for (json, expected) in [
            ("\"200\"", Is("200")),
            ("200", Is("200")),
            ("19.99", Is("19.99")),
            ("1.0", Is("1")),
            ("true", Is("true")),
            ("\"  \"", Absent),
            ("\"a\\u0000b\"", Unreadable),
            ("[]", Unreadable),
        ] {
            let node = parse(json.as_bytes()).unwrap();
            assert_eq!(
                text_of(Some(&node)).then(|text| Some(text.into_owned())),
                expected.then(|t| Some(t.to_owned())),
                "{json}"
            );
        }
    }
}
