//! Reading what is said of an account.

use domain::{
    bounds::WEBHOOK_URL_CHARS_MAX, card::Network, environment::Environment, fault::Faults, id::Mid, money::Currency,
    route::Status,
};
use engine::routing::{Capable, Draft};

use crate::{
    json::{Node, Read, Reader, text_of},
    read,
};

/// Names and words.
const NAME_CHARS_MAX: usize = 255;
/// Words of one list.
pub const LIST_MAX: usize = 200;

/// Reads a draft; the use case checks address, credentials and what is required.
pub fn draft(node: &Node<'_>) -> (Option<Mid>, Draft, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let mid = read::mid(&mut reader);
    let mut draft = Draft {
        name: reader.text("name", NAME_CHARS_MAX),
        kind: reader.text("kind", NAME_CHARS_MAX),
        environment: reader.parsed("environment", Environment::parse),
        base_url: reader.text("baseUrl", WEBHOOK_URL_CHARS_MAX),
        reveal_card: reader.boolean("revealCard"),
        connect_timeout_ms: count(&mut reader, "connectTimeoutMs"),
        total_timeout_ms: count(&mut reader, "totalTimeoutMs"),
        status: reader.parsed("status", Status::parse),
        ..Draft::default()
    };
    if let Some(mut inner) = reader.object("capabilities", "Capabilities") {
        draft.capable = capable(&mut inner);
    }
    if let Some(Node::Object(members)) = reader.get("credentials") {
        // Blank means "take it away", which readers of text cannot tell from absent.
        draft.webhook_secret = members.get("webhookSecret").and_then(plain).map(Into::into);
        if let Some(Node::Object(headers)) = members.get("headers") {
            let named = headers.members().map(|(name, value)| (name.to_owned(), plain(value).unwrap_or_default().into()));
            draft.headers = named.take(LIST_MAX).collect();
        }
    } else if reader.get("credentials").is_some_and(|node| !node.is_blank()) {
        reader.invalid("credentials");
    }
    (mid, draft, faults)
}

fn plain(node: &Node<'_>) -> Option<String> {
    match (node, text_of(Some(node))) {
        (_, Read::Is(text)) => Some(text.into_owned()),
        (Node::Text(text), _) => Some(text.to_string()),
        _ => None,
    }
}

fn capable(reader: &mut Reader<'_, '_>) -> Capable {
    Capable {
        auth_capture: reader.boolean("authCapture"),
        void: reader.boolean("void"),
        refund: reader.boolean("refund"),
        lookup: reader.boolean("lookup"),
        updater: reader.boolean("updater"),
        partial: reader.boolean("partial"),
        network_token: reader.boolean("networkToken"),
        three_ds: reader.boolean("threeDS"),
        currencies: words(reader, "currencies", Currency::parse),
        networks: words(reader, "networks", Network::parse),
    }
}

/// A number of no sign.
pub fn count(reader: &mut Reader<'_, '_>, name: &str) -> Option<u32> {
    let number = reader.integer(name)?;
    let read = u32::try_from(number).ok();
    if read.is_none() {
        reader.invalid(name);
    }
    read
}

/// A list of words, or one word; `None` when it is absent or has a fault.
pub fn words<T>(reader: &mut Reader<'_, '_>, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let found = reader.get(name)?;
    let nodes: Vec<&Node<'_>> = match found {
        Node::List(items) => items.iter().collect(),
        node => vec![node],
    };
    if nodes.len() > LIST_MAX {
        let path = reader.path(name);
        reader.faults().too_many(&path, LIST_MAX);
        return None;
    }
    let mut read = Vec::with_capacity(nodes.len());
    for node in nodes {
        match text_of(Some(node)).then(|text| parse(text.trim())) {
            Read::Is(value) => read.push(value),
            Read::Absent => {}
            Read::Unreadable => {
                reader.invalid(name);
                return None;
            }
        }
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn drafts_are_read() {
        let text = br#"{"Name":"A","kind":"http","environment":"production","status":"paused","connectTimeoutMs":"500",
            "credentials":{"headers":{"Authorization":"x","X-Old":""},"webhookSecret":""},
            "capabilities":{"threeDS":0,"currencies":["usd"," EUR "],"networks":"visa"}}"#;
        let (mid, draft, faults) = draft(&parse(text).unwrap());
        assert!(mid.is_none() && faults.is_empty());
        assert_eq!((draft.name.as_deref(), draft.status, draft.connect_timeout_ms), (Some("A"), Some(Status::Paused), Some(500)));
        let headers: Vec<_> = draft.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(headers, [("Authorization", "x"), ("X-Old", "")]);
        assert_eq!(draft.webhook_secret.as_ref().map(|secret| secret.as_str()), Some(""));
        assert_eq!(draft.capable.three_ds, Some(false));
        assert_eq!(draft.capable.currencies.unwrap().len(), 2);
        assert_eq!(draft.capable.networks, Some(vec![Network::Visa]));
    }

    #[test]
    fn faults_are_named() {
        for (body, path) in [
            (r#"{"environment":"moon"}"#, "Environment"),
            (r#"{"status":"OFF"}"#, "Status"),
            (r#"{"totalTimeoutMs":-1}"#, "TotalTimeoutMs"),
            (r#"{"credentials":"secret"}"#, "Credentials"),
            (r#"{"capabilities":{"currencies":["XXZ"]}}"#, "Capabilities.Currencies"),
            (r#"{"capabilities":{"lookup":"perhaps"}}"#, "Capabilities.Lookup"),
        ] {
            assert!(draft(&parse(body.as_bytes()).unwrap()).2.has(path), "{body}");
        }
    }
}
