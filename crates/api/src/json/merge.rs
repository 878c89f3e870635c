//! Merging a change into a whole (RFC 7396): given members replace, `null` clears, objects merge member by member.

use super::{Node, Object};

/// The base with the patch applied; member names match in any case.
pub fn merge<'a>(base: Node<'a>, patch: Node<'a>) -> Node<'a> {
    match (base, patch) {
        (Node::Object(base), Node::Object(patch)) => Node::Object(merge_objects(base, patch)),
        (_, patch) => patch,
    }
}

fn merge_objects<'a>(mut base: Object<'a>, patch: Object<'a>) -> Object<'a> {
    for (key, value) in patch.0 {
        let place = base.0.iter().position(|(own, _)| own.eq_ignore_ascii_case(&key));
        let before = place.map_or(Node::Null, |place| base.0.swap_remove(place).1);
        if !matches!(value, Node::Null) {
            base.0.push((key, merge(before, value)));
        }
    }
    base
}

#[cfg(test)]
mod tests {
    use super::merge;
    use crate::json::{canonical, parse};

    #[test]
    fn members_replace_clear_and_merge() {
        for (base, patch, expected) in [
            (r#"{"a":1,"b":{"c":1,"d":2}}"#, r#"{"A":2,"b":{"D":null,"e":3}}"#, r#"{"a":2,"b":{"c":1,"e":3}}"#),
            (r#"{"a":[1,2]}"#, r#"{"a":[3]}"#, r#"{"a":[3]}"#),
            (r#"{"a":{"b":1}}"#, r#"{"a":"x"}"#, r#"{"a":"x"}"#),
            (r#"{"a":1}"#, "{}", r#"{"a":1}"#),
            (r#"{"a":1}"#, r#"{"a":null,"n":null}"#, "{}"),
            (r#"{"a":1}"#, "[]", "[]"),
        ] {
            let merged = merge(parse(base.as_bytes()).unwrap(), parse(patch.as_bytes()).unwrap());
            assert_eq!(canonical(&merged), canonical(&parse(expected.as_bytes()).unwrap()), "{base} + {patch}");
        }
    }
}
