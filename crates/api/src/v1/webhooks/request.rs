//! Reading what an owner says of an endpoint.

use domain::{
    bounds::{TEXT_CHARS_MAX, WEBHOOK_URL_CHARS_MAX},
    fault::Faults,
    id::Mid,
    webhook::Ordering,
};
use engine::webhook::Draft;

use crate::{
    json::{Node, Read, Reader, text_of},
    read,
};

/// Reads a draft; the use case checks URL and patterns.
pub fn draft(node: &Node<'_>) -> (Option<Mid>, Draft, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let mid = read::mid(&mut reader);
    let draft = Draft {
        url: reader.text("url", WEBHOOK_URL_CHARS_MAX),
        events: patterns(&mut reader, "events"),
        description: reader.text("description", TEXT_CHARS_MAX),
        enabled: reader.boolean("enabled"),
        ordering: reader.parsed("ordering", Ordering::parse),
    };
    (mid, draft, faults)
}

/// A list of texts, or one text.
pub fn patterns(reader: &mut Reader<'_, '_>, name: &str) -> Option<Vec<String>> {
    let found = reader.get(name)?;
    let nodes: Vec<&Node<'_>> = match found {
        Node::List(items) => items.iter().collect(),
        node => vec![node],
    };
    let mut texts = Vec::with_capacity(nodes.len());
    for node in nodes {
        match text_of(Some(node)) {
            Read::Is(text) => texts.push(text.trim().to_owned()),
            Read::Absent => {}
            Read::Unreadable => {
                reader.invalid(name);
                return None;
            }
        }
    }
    Some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn drafts_are_read() {
        let node =
            parse(br#"{"url":"https://a.example","events":["order.*"," payment.* ",null],"enabled":"false","ordering":"None"}"#)
                .unwrap();
        let (mid, draft, faults) = draft(&node);
        assert!(mid.is_none() && faults.is_empty());
        assert_eq!(draft.events.unwrap(), ["order.*", "payment.*"]);
        assert_eq!((draft.enabled, draft.ordering), (Some(false), Some(Ordering::None)));
    }

    #[test]
    fn faults_are_named() {
        for (body, path) in [
            (r#"{"events":[{}]}"#, "Events"),
            (r#"{"enabled":"maybe"}"#, "Enabled"),
            (r#"{"ordering":"loose"}"#, "Ordering"),
            (r#"{"mid":"1"}"#, "Mid"),
        ] {
            assert!(draft(&parse(body.as_bytes()).unwrap()).2.has(path), "{body}");
        }
        assert_eq!(draft(&parse(br#"{"events":"*"}"#).unwrap()).1.events.unwrap(), ["*"]);
    }
}
