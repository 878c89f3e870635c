//! What idempotency compares: member order, key case and null members do not matter.

use super::{Node, Object};

/// Bytes that are equal exactly when two payloads mean the same. They may hold a card number: hash them at once
/// and drop them. The top-level `idempotencyKey` is left out, for it may come as a header instead.
pub fn canonical(node: &Node<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    match node {
        Node::Object(object) => write_object(object, Some("idempotencykey"), &mut out),
        other => write(other, &mut out),
    }
    out
}

fn write(node: &Node<'_>, out: &mut Vec<u8>) {
    match node {
        Node::Null => out.push(b'n'),
        Node::Bool(value) => out.push(if *value { b't' } else { b'f' }),
        Node::Integer(value) => tagged(b'i', &value.to_le_bytes(), out),
        Node::Float(value) => tagged(b'd', &value.to_bits().to_le_bytes(), out),
        Node::Text(text) => write_text(text, out),
        Node::List(items) => {
            tagged(b'l', &(items.len() as u64).to_le_bytes(), out);
            for item in items {
                write(item, out);
            }
        }
        Node::Object(object) => write_object(object, None, out),
    }
}

fn write_object(object: &Object<'_>, except: Option<&str>, out: &mut Vec<u8>) {
    let mut members: Vec<(&str, &Node<'_>)> = object.members().collect();
    members.sort_by(|a, b| folded(a.0).cmp(folded(b.0)));
    out.push(b'o');
    for (place, (key, node)) in members.iter().enumerate() {
        // Sorting keeps repeats in their order: the last one wins.
        let repeated = members.get(place + 1).is_some_and(|next| next.0.eq_ignore_ascii_case(key));
        let excepted = except.is_some_and(|name| name.eq_ignore_ascii_case(key));
        if !repeated && !excepted && !matches!(node, Node::Null) {
            write_text(key, out);
            let start = out.len() - key.len();
            out[start..].make_ascii_lowercase();
            write(node, out);
        }
    }
    out.push(b'.');
}

fn folded(key: &str) -> impl Iterator<Item = u8> {
    key.bytes().map(|byte| byte.to_ascii_lowercase())
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    tagged(b's', &(text.len() as u64).to_le_bytes(), out);
    out.extend_from_slice(text.as_bytes());
}

fn tagged(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::parse;

    fn bytes(text: &str) -> Vec<u8> {
        canonical(&parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn meaning_counts_and_form_does_not() {
        let base = bytes(r#"{"orderId":"1","transaction":{"id":"t","amount":5}}"#);
        for same in [
            r#"{ "transaction" : {"amount":5,"id":"t"}, "orderId":"1" }"#,
            r#"{"ORDERID":"1","Transaction":{"Id":"t","Amount":5}}"#,
            r#"{"orderId":"1","mid":null,"transaction":{"id":"t","amount":5,"x":null}}"#,
            r#"{"orderId":"0","orderid":"1","transaction":{"id":"t","amount":5}}"#,
            r#"{"orderId":"1","transaction":{"id":"\u0074","amount":5},"IdempotencyKey":"k"}"#,
        ] {
            assert_eq!(bytes(same), base, "{same}");
        }
        for other in [
            r#"{"orderId":"2","transaction":{"id":"t","amount":5}}"#,
            r#"{"orderId":"1","transaction":{"id":"t","amount":6}}"#,
            r#"{"orderId":"1","transaction":{"id":"t","amount":5,"x":[]}}"#,
            r#"{"orderId":"1","transaction":{"id":"t","amount":5,"idempotencyKey":"k"}}"#,
            r#"{"orderId":"1","id":"t","transaction":{"amount":5}}"#,
            r#"{"orderId":"1","transaction":null}"#,
        ] {
            assert_ne!(bytes(other), base, "{other}");
        }
    }

    fn value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            "[a-z\"\\\\é]{0,6}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                proptest::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// The same value in another form: members reversed, names in upper case, a null member added.
    fn disguise(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::Object(map) => {
                let mut members: Vec<String> =
                    map.iter().map(|(key, value)| format!("\"{}\":{}", key.to_uppercase(), disguise(value))).collect();
                members.reverse();
                members.push("\"0\": null".into());
                format!("{{ {} }}", members.join(" , "))
            }
            serde_json::Value::Array(items) => {
                format!("[ {} ]", items.iter().map(disguise).collect::<Vec<_>>().join(", "))
            }
            leaf => leaf.to_string(),
        }
    }

    proptest! {
        #[test]
        fn disguises_are_seen_through(value in value()) {
            prop_assert_eq!(bytes(&value.to_string()), bytes(&disguise(&value)));
        }

        #[test]
        fn different_values_differ(a in value(), b in value()) {
            fn strip(value: &serde_json::Value) -> serde_json::Value {
                match value {
                    serde_json::Value::Object(map) => serde_json::Value::Object(
                        map.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), strip(v))).collect()),
                    serde_json::Value::Array(items) => items.iter().map(strip).collect(),
                    leaf => leaf.clone(),
                }
            }
            prop_assert_eq!(bytes(&a.to_string()) == bytes(&b.to_string()), strip(&a) == strip(&b));
        }
    }
}
