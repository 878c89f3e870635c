//! Reading `POST /v1/sense`: what must be there is checked, everything else is taken as far as it can be used.

use domain::{
    bounds::ID_CHARS_MAX,
    card::Pan,
    fault::Faults,
    id::{Mid, SenseKey, SiteId},
    sense::{AGENT_CHARS_MAX, Batch, Device, EVENTS_MAX, Event, EventKind, FieldKind, LANGUAGES_MAX, WORD_CHARS_MAX},
};

use crate::json::{Node, Object, Read, Reader, boolean_of, integer_of, text_of};

/// Reads a batch.
pub fn read(node: &Node<'_>) -> Result<Batch, Faults> {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let mid = reader.required_parsed("mid", Mid::parse);
    let site = reader.required_parsed("siteId", SiteId::parse);
    let key = reader.required_parsed("senseKey", SenseKey::parse);
    let order_id = reader.usable("orderId", ID_CHARS_MAX).filter(|text| Pan::parse(text).is_none());
    let seq = match reader.integer("seq") {
        Some(seq) => u32::try_from(seq).unwrap_or_else(|_| {
            reader.invalid("seq");
            0
        }),
        None => 0,
    };
    let device = node.object().and_then(|root| root.get("device")).and_then(Node::object).map(device).unwrap_or_default();
    let events = match node.object().and_then(|root| root.get("events")) {
        Some(Node::List(items)) if items.len() > EVENTS_MAX => {
            reader.faults().too_many("Events", EVENTS_MAX);
            vec![]
        }
        Some(Node::List(items)) => items.iter().filter_map(Node::object).map(event).collect(),
        Some(other) if !other.is_blank() => {
            reader.invalid("events");
            vec![]
        }
        _ => vec![],
    };
    match (mid, site, key) {
        (Some(mid), Some(site), Some(key)) if faults.is_empty() => Ok(Batch { mid, site, key, order_id, seq, device, events }),
        _ => Err(faults),
    }
}

fn device(of: &Object<'_>) -> Device {
    let languages = match of.get("languages") {
        Some(Node::List(items)) => {
            items.iter().filter_map(|item| word_of(Some(item), WORD_CHARS_MAX)).take(LANGUAGES_MAX).collect()
        }
        _ => vec![],
    };
    Device {
        hash: hash(of),
        user_agent: word_of(of.get("userAgent"), AGENT_CHARS_MAX),
        languages,
        time_zone: word_of(of.get("timeZone"), WORD_CHARS_MAX),
        offset_minutes: number(of, "offsetMinutes")
            .and_then(|minutes| i32::try_from(minutes).ok())
            .filter(|minutes| is_offset(*minutes)),
        screen: word_of(of.get("screen"), WORD_CHARS_MAX),
        touch: number(of, "touch").and_then(|points| u32::try_from(points).ok()),
        storage: match boolean_of(of.get("storage")) {
            Read::Is(storage) => Some(storage),
            _ => None,
        },
    }
}

/// Zones reach fourteen hours from UTC.
fn is_offset(minutes: i32) -> bool {
    (-14 * 60..=14 * 60).contains(&minutes)
}

fn event(of: &Object<'_>) -> Event {
    let word = |name: &str| word_of(of.get(name), WORD_CHARS_MAX);
    let small = |name: &str| number(of, name).and_then(|number| u32::try_from(number).ok());
    Event {
        at_ms: number(of, "t").and_then(|at| u64::try_from(at).ok()).unwrap_or(0),
        kind: word("type").and_then(|word| EventKind::parse(&word)),
        target: word("target").and_then(|word| FieldKind::parse(&word)),
        waits: small("n").map(|count| (count, decimal(of, "mean"), decimal(of, "dev"))),
        length: small("length"),
        hash: hash(of),
        autofilled: matches!(boolean_of(of.get("autofilled")), Read::Is(true)),
    }
}

/// A short text that is no card number.
fn word_of(node: Option<&Node<'_>>, max: usize) -> Option<String> {
    match text_of(node) {
        Read::Is(text) if text.chars().count() <= max && !Pan::looks_like(&text) => Some(text.into_owned()),
        _ => None,
    }
}

fn number(of: &Object<'_>, name: &str) -> Option<i64> {
    match integer_of(of.get(name)) {
        Read::Is(number) => Some(number),
        _ => None,
    }
}

fn decimal(of: &Object<'_>, name: &str) -> f64 {
    match of.get(name) {
        Some(Node::Integer(whole)) => *whole as f64,
        Some(Node::Float(decimal)) if decimal.is_finite() => *decimal,
        _ => 0.0,
    }
}

/// Thirty-two hexadecimal digits.
fn hash(of: &Object<'_>) -> Option<[u8; 16]> {
    let Some(Node::Text(text)) = of.get("hash") else { return None };
    let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.then(|| u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    const GUID: &str = "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c";

    fn read_text(text: &str) -> Result<Batch, Vec<String>> {
        read(&parse(text.as_bytes()).unwrap()).map_err(|faults| faults.iter().map(|(path, _)| path.to_owned()).collect())
    }

    #[test]
    fn what_must_be_there_is_named() {
        assert_eq!(read_text("{}").unwrap_err(), ["Mid", "SenseKey", "SiteId"]);
        let wrong = r#"{"mid":"x","siteId":1,"senseKey":"","seq":-1,"events":5}"#;
        assert_eq!(read_text(wrong).unwrap_err(), ["Events", "Mid", "SenseKey", "Seq", "SiteId"]);
        let many = format!(r#"{{"mid":"{GUID}","siteId":"{GUID}","senseKey":"{GUID}","events":[{}0]}}"#, "0,".repeat(EVENTS_MAX));
        assert_eq!(read_text(&many).unwrap_err(), ["Events"]);
    }

    #[test]
    fn the_rest_is_taken_as_far_as_it_can_be_used() {
        let text = format!(
            r#"{{"mid":"{GUID}","siteId":"{GUID}","senseKey":"{GUID}","orderId":"4111111111111111","seq":"3",
            "device":{{"hash":"00112233445566778899aabbccddeeff","offsetMinutes":99999,"timeZone":"4111 1111 1111 1111","touch":-1}},
            "events":[null,7,{{"t":12,"type":"KEYS","target":"email","n":4,"mean":120.5,"dev":30}},{{"type":"cvv","target":"card"}},
            {{"type":"field","target":"name","length":9,"hash":"xyz","autofilled":1}}]}}"#
        );
        let batch = read_text(&text).unwrap();
        assert_eq!((batch.order_id, batch.seq), (None, 3));
        assert_eq!((batch.device.offset_minutes, batch.device.time_zone, batch.device.touch), (None, None, None));
        assert_eq!(batch.device.hash.map(|hash| hash[15]), Some(0xff));
        assert_eq!(batch.events.len(), 3);
        assert_eq!((batch.events[0].kind, batch.events[0].waits), (Some(EventKind::Keys), Some((4, 120.5, 30.0))));
        assert_eq!((batch.events[1].kind, batch.events[1].target), (None, None));
        assert_eq!((batch.events[2].hash, batch.events[2].autofilled), (None, true));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,200}") {
            if let Ok(node) = parse(text.as_bytes()) {
                let _ = read(&node);
            }
        }
    }
}
