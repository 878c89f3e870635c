//! Reading a routing table: a list, or an object with the list as `routes`.

use domain::{
    card::Network,
    channel::Channel,
    environment::Environment,
    fault::Faults,
    id::{Mid, ProcessorId, SiteId},
    money::Currency,
};
use engine::routing::{LINES_MAX, Line};

use crate::{
    extract::Query,
    json::{Node, Reader},
    read::listing::parsed,
    v1::processors::request::{count, words},
};

/// Which table the query names.
pub fn place(query: &Query) -> Result<(Option<Mid>, Option<Environment>), Faults> {
    let mut faults = Faults::new();
    let mid = parsed(query, "mid", "Mid", Mid::parse, &mut faults);
    let environment = parsed(query, "environment", "Environment", Environment::parse, &mut faults);
    if faults.is_empty() { Ok((mid, environment)) } else { Err(faults) }
}

/// Reads the lines; the use case checks what they name.
pub fn lines(node: &Node<'_>) -> (Vec<Line>, Faults) {
    let mut faults = Faults::new();
    let items = match node {
        Node::List(items) => Some(items),
        Node::Object(members) => match members.get("routes") {
            Some(Node::List(items)) => Some(items),
            None => {
                faults.required("Routes");
                None
            }
            Some(_) => None,
        },
        _ => None,
    };
    let Some(items) = items else {
        faults.invalid("Routes");
        return (vec![], faults);
    };
    if items.len() > LINES_MAX {
        faults.too_many("Routes", LINES_MAX);
        return (vec![], faults);
    }
    let lines = items.iter().enumerate().map(|(place, item)| {
        let mut own = Faults::new();
        let line = line(item, &mut own);
        own.iter().for_each(|(path, message)| faults.add(format!("Routes[{place}].{path}"), message));
        if !matches!(item, Node::Object(_)) {
            faults.invalid(&format!("Routes[{place}]"));
        }
        line
    });
    (lines.collect(), faults)
}

fn line(node: &Node<'_>, faults: &mut Faults) -> Line {
    let mut reader = Reader::new(node, faults);
    let mut line = Line {
        priority: count(&mut reader, "priority"),
        processor: reader.parsed("processorId", ProcessorId::parse),
        weight: count(&mut reader, "weight"),
        ..Line::default()
    };
    if let Some(mut when) = reader.object("when", "When") {
        line.sites = words(&mut when, "siteIds", SiteId::parse).unwrap_or_default();
        line.channels = words(&mut when, "channels", Channel::parse).unwrap_or_default();
        line.networks = words(&mut when, "networks", Network::parse).unwrap_or_default();
        line.currencies = words(&mut when, "currencies", Currency::parse).unwrap_or_default();
        line.countries = words(&mut when, "countries", country).unwrap_or_default();
        line.min_amount = when.integer("minAmount");
        line.max_amount = when.integer("maxAmount");
        line.attempt_from = count(&mut when, "attemptFrom");
        line.attempt_to = count(&mut when, "attemptTo");
    }
    line
}

/// ISO 3166 alpha-2.
fn country(text: &str) -> Option<String> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn tables_are_read_in_both_forms() {
        let line = r#"{"processorId":"0190b0a2-7c3e-7d4f-8a1b-2c3d4e5f6071","weight":"3","when":{"currencies":["usd"],"countries":"us","attemptTo":1}}"#;
        for text in [format!("[{line}]"), format!(r#"{{"Routes":[{line}]}}"#)] {
            let (lines, faults) = lines(&parse(text.as_bytes()).unwrap());
            assert!(faults.is_empty(), "{faults:?}");
            assert_eq!((lines[0].weight, lines[0].currencies.as_slice()), (Some(3), &[Currency::USD][..]));
            assert_eq!((lines[0].countries.as_slice(), lines[0].attempt_to), (&["US".to_owned()][..], Some(1)));
        }
        let (lines, faults) = lines(&parse(b"[]").unwrap());
        assert!(lines.is_empty() && faults.is_empty());
    }

    #[test]
    fn faults_name_the_line() {
        for (body, path) in [
            ("{}", "Routes"),
            (r#"{"routes":7}"#, "Routes"),
            ("[7]", "Routes[0]"),
            (r#"[{},{"processorId":"x"}]"#, "Routes[1].ProcessorId"),
            (r#"[{"when":{"networks":["cash"]}}]"#, "Routes[0].When.Networks"),
            (r#"[{"when":{"countries":["USA"]}}]"#, "Routes[0].When.Countries"),
            (r#"[{"when":{"minAmount":"much"}}]"#, "Routes[0].When.MinAmount"),
            (r#"[{"weight":-1}]"#, "Routes[0].Weight"),
        ] {
            assert!(lines(&parse(body.as_bytes()).unwrap()).1.has(path), "{body}");
        }
    }
}
