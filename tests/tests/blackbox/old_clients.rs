//! Requests as existing clients send them, byte for byte, each with what must come back beside it
//! (`tests/fixtures/old-clients`). Texts in double braces are filled in.

use std::{collections::BTreeMap, fs, path::Path};

use recoup_tests::{Client, Raw, Server, body, card, cast, exchange, guid, now};
use serde::Deserialize;
use serde_json::{Value, json};

/// What must come back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// What the client is used to.
    why: String,
    status: u16,
    /// JSON pointers and their values; `*` is anything but null.
    #[serde(default)]
    body: BTreeMap<String, Value>,
    /// JSON pointers that lead nowhere.
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The whole body.
    text: Option<String>,
}

/// What a request is about: an order of its own, so that no fixture meets what another one left.
async fn names(server: &Server, shop: &Client, text: &str) -> Vec<(&'static str, String)> {
    let cast = cast();
    let mut names = vec![
        ("host", server.address().to_owned()),
        ("token", shop.token().expect("a token").to_owned()),
        ("appKey", cast.shop.sandbox.app_key.clone()),
        ("appSecret", cast.shop.sandbox.app_secret.clone()),
        ("mid", cast.shop.mid.clone()),
        ("tokenization", cast.shop.tokenization.clone()),
        ("now", now().to_string()),
    ];
    if text.contains("{{order}}") || text.contains("{{ORDER}}") {
        let order = shop.evaluate(&body::cit(card::APPROVED)).await.order();
        names.extend([("ORDER", order.to_uppercase()), ("order", order)]);
    }
    if text.contains("{{mit") {
        let external = format!("INV/{}", guid().to_uppercase());
        let sent = body::with(body::mit(card::NSF[3]), "/orderId", json!(external));
        let order = shop.evaluate(&sent).await.order();
        names.extend([("mitOrder", order), ("mitExternal", external.replace('/', "%2F"))]);
    }
    names
}

fn filled(mut text: String, names: &[(&str, String)]) -> String {
    for (name, value) in names {
        text = text.replace(&format!("{{{{{name}}}}}"), value);
    }
    while text.contains("{{guid}}") {
        text = text.replacen("{{guid}}", &guid(), 1);
    }
    text
}

/// The bytes of a request: lines of the head end as HTTP has it, and the body's length is counted.
fn bytes(text: &str) -> Vec<u8> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let head = head.replace("{{length}}", &body.len().to_string()).replace('\n', "\r\n");
    let body = match body.strip_prefix("{{chunked}}") {
        None => body.to_owned(),
        Some(body) => {
            let (one, two) = body.split_at(body.len() / 3);
            format!("{:x}\r\n{one}\r\n{:X};x=1\r\n{two}\r\n0\r\n\r\n", one.len(), two.len())
        }
    };
    assert!(!head.contains("{{") && !body.contains("{{"), "something is not filled in: {head}\n{body}");
    format!("{head}\r\n\r\n{body}").into_bytes()
}

fn check(answer: &Raw, expected: &Expected) -> Result<(), String> {
    let json = answer.json();
    let wrong = |what: String| Err(format!("{what}\nanswer: {} {:?}\n{}", answer.status, answer.headers, answer.body));
    if answer.status != expected.status {
        return wrong(format!("status is not {}", expected.status));
    }
    for (pointer, value) in &expected.body {
        let found = json.pointer(pointer);
        let fits = if value == "*" { found.is_some_and(|found| !found.is_null()) } else { found == Some(value) };
        if !fits {
            return wrong(format!("{pointer} is {found:?}, not {value}"));
        }
    }
    if let Some(pointer) = expected.absent.iter().find(|pointer| json.pointer(pointer).is_some()) {
        return wrong(format!("{pointer} is there"));
    }
    if let Some((name, value)) = expected.headers.iter().find(|(name, value)| answer.header(name) != value.as_str()) {
        return wrong(format!("{name} is not {value}"));
    }
    if expected.text.as_ref().is_some_and(|text| *text != answer.body) {
        return wrong("the body is another".into());
    }
    if answer.header("x-trace-id").len() != 55 || answer.header("cache-control") != "no-store" {
        return wrong("a header that every answer has is missing".into());
    }
    Ok(())
}

#[tokio::test]
async fn requests_of_existing_clients_are_answered_as_they_are_used_to() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/old-clients");
    let mut requests: Vec<_> = fs::read_dir(&folder)
        .expect("the fixtures")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "http"))
        .collect();
    requests.sort();
    assert!(requests.len() >= 90, "{} fixtures", requests.len());
    let server = recoup_tests::Rig::default().config("limits", "read_per_sec = 0\nmanagement_per_sec = 0").start().await;
    let shop = server.shop().await;
    let mut failures = vec![];
    for path in &requests {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (text, wanted) = (read(path), read(&path.with_extension("json")));
        let names = names(&server, &shop, &format!("{text}{wanted}")).await;
        let expected = filled(wanted, &names);
        let expected: Expected = serde_json::from_str(&expected).unwrap_or_else(|error| panic!("{name}: {error}"));
        let answer = exchange(server.address(), &bytes(&filled(text, &names))).await;
        if let Err(wrong) = check(&answer, &expected) {
            failures.push(format!("{name} ({}): {wrong}", expected.why));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), requests.len(), failures.join("\n\n"));
}
