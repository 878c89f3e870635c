//! Bytes into a tree, with bounds on nesting and on the number of values.

use std::{borrow::Cow, cell::Cell, fmt};

use domain::bounds::JSON_DEPTH_MAX;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{Node, Object};

/// Values in one body; 2,000 full records need some 400,000.
const JSON_VALUES_MAX: usize = 2_000_000;

/// Why a body is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotJson {
    /// Not JSON (RFC 8259).
    #[error("The request body is not valid JSON.")]
    Malformed,
    /// Nested too deeply.
    #[error("The request body is nested too deeply.")]
    TooDeep,
    /// Too many values.
    #[error("The request body has too many values.")]
    TooMany,
}

/// Reads a body; an empty one equals `{}`.
pub fn parse(bytes: &[u8]) -> Result<Node<'_>, NotJson> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Ok(Node::Object(Object::default()));
    }
    let bounds = Bounds { values: Cell::new(0), broken: Cell::new(NotJson::Malformed) };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let node = Seed { depth: 0, bounds: &bounds }.deserialize(&mut deserializer).map_err(|_| bounds.broken.get())?;
    deserializer.end().map_err(|_| NotJson::Malformed)?;
    Ok(node)
}

struct Bounds {
    values: Cell<usize>,
    broken: Cell<NotJson>,
}

#[derive(Clone, Copy)]
struct Seed<'b> {
    depth: usize,
    bounds: &'b Bounds,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= JSON_DEPTH_MAX {
            self.bounds.broken.set(NotJson::TooDeep);
            return Err(E::custom("too deep"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        let values = self.bounds.values.get() + 1;
        self.bounds.values.set(values);
        if values > JSON_VALUES_MAX {
            self.bounds.broken.set(NotJson::TooMany);
            return Err(D::Error::custom("too many values"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        // Beyond the signed range only the digits matter (ids sent as numbers); no amount is that large.
        Ok(i64::try_from(value).map_or_else(|_| Node::Text(value.to_string().into()), Node::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        Ok(Node::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node<'de>, A::Error> {
        let seed = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let seed = self.deeper()?;
        let mut members = Vec::with_capacity(8);
        while let Some(key) = map.next_key_seed(KeySeed)? {
            members.push((key, map.next_value_seed(seed)?));
        }
        Ok(Node::Object(Object(members)))
    }
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn bodies_are_read_or_refused() {
        for (body, expected) in [
            ("", None),
            (" \r\n", None),
            ("\u{feff}{}", None),
            ("{", Some(NotJson::Malformed)),
            ("{} x", Some(NotJson::Malformed)),
            ("{'a':1}", Some(NotJson::Malformed)),
            ("{\"a\":NaN}", Some(NotJson::Malformed)),
            ("{\"a\":1,}", Some(NotJson::Malformed)),
            ("\"\\ud800\"", Some(NotJson::Malformed)),
            (&nested(JSON_DEPTH_MAX), None),
            (&nested(JSON_DEPTH_MAX + 1), Some(NotJson::TooDeep)),
            (&nested(100_000), Some(NotJson::TooDeep)),
        ] {
            assert_eq!(parse(body.as_bytes()).err(), expected, "{body:.40}");
        }
        assert_eq!(parse(b"\"\xff\"").err(), Some(NotJson::Malformed));
        assert_eq!(parse(format!("[{}0]", "0,".repeat(JSON_VALUES_MAX)).as_bytes()).err(), Some(NotJson::TooMany));
    }

    #[test]
    fn names_match_in_any_case_and_the_last_wins() {
        let node = parse(br#"{"AppKey":"a","appkey":"b","x":1,"X":null}"#).unwrap();
        let object = node.object().unwrap();
        assert!(matches!(object.get("APPKEY"), Some(Node::Text(text)) if text == "b"));
        assert!(object.get("x").is_none() && object.get_or_null("x").is_some() && object.get("y").is_none());
    }

    #[test]
    fn plain_texts_are_borrowed() {
        let node = parse(br#"["plain","esc\u0061ped",18446744073709551615]"#).unwrap();
        let Node::List(items) = node else { panic!("a list") };
        assert!(matches!(items[0], Node::Text(Cow::Borrowed("plain"))));
        assert!(matches!(&items[1], Node::Text(Cow::Owned(text)) if text == "escaped"));
        assert!(matches!(&items[2], Node::Text(text) if text == "18446744073709551615"));
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn almost_json_never_panics(text in "[\\[\\]{}:,\"\\\\a0-9.eE+ntu -]{0,80}") {
            let _ = parse(text.as_bytes());
        }
    }
}
