//! A tree back into compact JSON text, for free objects that are kept as sent.

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

use super::Node;

/// Compact JSON text; `None` when it would be longer than `bytes_max`.
pub fn compact(node: &Node<'_>, bytes_max: usize) -> Option<String> {
    let text = serde_json::to_string(&Wire(node)).ok()?;
    (text.len() <= bytes_max).then_some(text)
}

/// Private, so that a tree (which may hold a card number) serialises only where that is meant.
struct Wire<'n, 'a>(&'n Node<'a>);

impl Serialize for Wire<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(value) => serializer.serialize_bool(*value),
            Node::Integer(value) => serializer.serialize_i64(*value),
            Node::Float(value) => serializer.serialize_f64(*value),
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(&Wire(item)))?;
                list.end()
            }
            Node::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.0.len()))?;
                object.0.iter().try_for_each(|(key, node)| map.serialize_entry(key, &Wire(node)))?;
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::compact;
    use crate::json::parse;

    #[test]
    fn text_comes_back_compact_and_bounded() {
        let node = parse(br#"{ "a" : [1, 2.5, "x\"y"], "b": {"c": null}, "d": true }"#).unwrap();
        let text = r#"{"a":[1,2.5,"x\"y"],"b":{"c":null},"d":true}"#;
        assert_eq!(compact(&node, text.len()).as_deref(), Some(text));
        assert_eq!(compact(&node, text.len() - 1), None);
    }
}
