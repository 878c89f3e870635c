//! After a full run no card number and no CVV is in any file, log, answer, event or metric.

use std::{
    fs,
    path::{Path, PathBuf},
};

use recoup_tests::{Client, Receiver, Rig, Simulator, body, card, cast, guid};
use reqwest::Method;
use serde_json::{Value, json};

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// What must not be found.
struct Wanted<'a> {
    numbers: &'a [&'a str],
    cvvs: &'a [String],
}

impl Wanted<'_> {
    /// What stands in some bytes: card numbers as digits (plain, or with zero bytes between) and as integers of eight
    /// bytes; CVVs as a value of their own, because four digits stand in any larger file by chance.
    fn found_in(&self, bytes: &[u8]) -> Option<String> {
        let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        self.digits_in(bytes).or_else(|| self.digits_in(&narrow)).or_else(|| self.integer_in(bytes))
    }

    fn digits_in(&self, bytes: &[u8]) -> Option<String> {
        let mut start = None;
        for end in 0..=bytes.len() {
            let is_digit = bytes.get(end).is_some_and(u8::is_ascii_digit);
            match start {
                None if is_digit => start = Some(end),
                Some(from) if !is_digit => {
                    let run = String::from_utf8_lossy(&bytes[from..end]);
                    let around = (from.checked_sub(1).map(|place| bytes[place]), bytes.get(end).copied());
                    if let Some(number) = self.numbers.iter().find(|number| run.contains(**number)) {
                        return Some((*number).to_owned());
                    }
                    if is_value(around) && self.cvvs.iter().any(|cvv| *cvv == run) {
                        return Some(format!("CVV {run}"));
                    }
                    start = None;
                }
                _ => {}
            }
        }
        None
    }

    fn integer_in(&self, bytes: &[u8]) -> Option<String> {
        let numbers: Vec<u64> = self.numbers.iter().filter_map(|number| number.parse().ok()).collect();
        // Numbers of 15 and 16 digits have a zero byte at their end and little beside it.
        let eights = bytes.windows(8).filter(|eight| (eight[0] == 0 && eight[1] < 0x18) || (eight[7] == 0 && eight[6] < 0x18));
        eights
            .filter_map(|eight| eight.try_into().ok())
            .flat_map(|eight: [u8; 8]| [u64::from_be_bytes(eight), u64::from_le_bytes(eight)])
            .find(|number| numbers.contains(number))
            .map(|number| format!("{number} as an integer"))
    }
}

/// Between these, digits are a value: of JSON, of a form, of a log line, of a debug print.
fn is_value(around: (Option<u8>, Option<u8>)) -> bool {
    matches!(
        around,
        (Some(b'"' | b'\''), Some(b'"' | b'\''))
            | (Some(b':'), Some(b',' | b'}'))
            | (Some(b'='), Some(b'&' | b' '))
            | (Some(b'('), Some(b')'))
            | (Some(b' '), Some(b' ' | b',' | b'}'))
    )
}

/// No column of any table is a card number or a CVV.
fn assert_no_column(database: &Path, wanted: &Wanted<'_>) {
    let open = rusqlite::Connection::open_with_flags(database, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY);
    let database = open.expect("the database can be read");
    let mut tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").expect("the tables");
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).expect("names").flatten().collect();
    assert!(tables.len() > 3);
    for table in tables {
        let mut statement = database.prepare(&format!("SELECT * FROM \"{table}\"")).expect("the table can be read");
        let width = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..width {
                let text = match row.get_ref(column).expect("a value") {
                    rusqlite::types::ValueRef::Text(bytes) | rusqlite::types::ValueRef::Blob(bytes) => {
                        String::from_utf8_lossy(bytes).into_owned()
                    }
                    rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                    _ => continue,
                };
                let found = wanted.cvvs.contains(&text) || wanted.numbers.contains(&text.as_str());
                assert!(!found, "{table}: {text}");
            }
        }
    }
}

/// A body with its own CVV, which is noted.
fn with_cvv(body: Value, cvvs: &mut Vec<String>) -> Value {
    let cvv = format!("{}", 9_471 - cvvs.len() * 7);
    cvvs.push(cvv.clone());
    body::with(body, "/paymentMethod/verificationValue", json!(cvv))
}

async fn mixed_flows(shop: &Client, numbers: &[&str], cvvs: &mut Vec<String>) {
    for number in numbers {
        shop.send(Method::POST, "/v1/evaluate", &[], Some(with_cvv(body::cit(number), cvvs).to_string())).await;
        shop.evaluate(&body::mit(number)).await;
        let wrong = body::without(with_cvv(body::cit(number), cvvs), "/transaction/id");
        assert_eq!(shop.post("/v1/evaluate", &wrong).await.status, 400);
        let mut copy = body::copy(true);
        copy["paymentMethod"] = json!({"cardNumber": number, "verificationValue": cvvs[0], "cardBinNumber": &number[..6]});
        shop.post("/v1/transmit", &copy).await.must(200);
        let listed = shop.post("/v1/transmit", &json!([copy])).await.must(200);
        assert_eq!(listed.json["transmissions"][0]["duplicate"], true);
        let cvv = format!("{}", 8_123 + cvvs.len());
        let card = json!({"number": number, "month": 12, "year": 2031, "verification_value": cvv});
        cvvs.push(cvv);
        shop.post("/v1/tokenize", &json!({"payment_method": {"credit_card": card}})).await;
        // Numbers where none belong.
        let mut odd = body::cit(number);
        odd["orderId"] = json!(guid());
        odd["payer"]["email"] = json!("NA");
        odd["expiryDateUtc"] = json!(number);
        shop.post("/v1/evaluate", &odd).await;
        let torn = format!("{{\"paymentMethod\":{{\"cardNumber\":\"{number}\",\"verificationValue\":\"{}\"", cvvs[0]);
        assert_eq!(shop.send(Method::POST, "/v1/evaluate", &[], Some(torn)).await.status, 400);
    }
}

#[tokio::test]
async fn no_card_number_and_no_cvv_is_anywhere() {
    let processor = Simulator::start().await;
    let prepared = Rig::default().prepare();
    let mid = cast().shop.mid.as_str();
    prepared.run(&["channel", "set", "--mid", mid, "cit_web=production"]);
    let account = ["processor", "create", "--name", "acquirer", "--environment", "production", "--reveal-card", "--base-url"];
    let account = prepared.run(&[&account[..], &[&processor.base]].concat());
    prepared.run(&["route", "add", "--mid", mid, "--processor", account["id"].as_str().expect("an id")]);
    let mut server = prepared.started().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);

    let numbers = [
        card::APPROVED,
        card::VISA,
        card::MASTERCARD,
        card::NOT_RESCUED,
        card::NSF[0],
        card::NSF[3],
        card::REAL_LOOKING,
        "378282246310005",
        "4000001095010013",
        "4000001095040507",
        "4000001095100012",
        "4000001095140018",
        "5555551001790005",
        "4000001000410001",
    ];
    let mut cvvs = vec![];
    mixed_flows(&shop, &numbers, &mut cvvs).await;
    let live = server.login(&cast().shop.production).await;
    for number in &numbers[..6] {
        live.evaluate(&with_cvv(body::cit(number), &mut cvvs)).await;
    }
    let order = shop.evaluate(&with_cvv(body::cit(card::APPROVED), &mut cvvs)).await.order();
    shop.post(&format!("/v1/orders/{order}/refund"), &json!({"amountToRefund": 1, "refundMessage": "sorry"})).await.must(200);
    for _ in 0..4 {
        shop.advance("P6D").await;
    }
    receiver.event(&order, "order.refunded").await;
    shop.get("/v1/orders?pageSize=200").await.must(200);
    shop.send(Method::GET, "/v1/orders?pageSize=200", &[("accept", "text/csv")], None).await.must(200);
    shop.get("/v1/events?limit=1000").await.must(200);
    for row in shop.get("/v1/orders?pageSize=200").await.json["orders"].as_array().expect("orders") {
        shop.order(row["id"].as_str().expect("an id")).await;
    }
    server.client().get("/metrics").await.must(200);

    // While it runs (write-ahead log and all), and after it has ended in order.
    let mut places = contents(&server.data(), &processor);
    assert!(server.terminate().await.success());
    places.extend(contents(&server.data(), &processor));
    places.push(("the logs".into(), server.logs().into_bytes()));
    places.extend(server.transcript().into_iter().map(|text| ("an answer".to_owned(), text.into_bytes())));
    places.extend(receiver.hits().into_iter().map(|hit| ("a webhook".to_owned(), hit.body.to_vec())));
    assert!(places.len() > 100, "there is something to look into");
    let wanted = Wanted { numbers: &numbers, cvvs: &cvvs };
    for (place, bytes) in &places {
        assert_eq!(wanted.found_in(bytes), None, "in {place}");
    }
    assert_no_column(&server.data().join("recoup.sqlite"), &wanted);
    assert_no_column(&server.data().join("simulator.sqlite"), &wanted);
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let cvvs = ["9471".to_owned()];
    let wanted = Wanted { numbers: &[card::VISA], cvvs: &cvvs };
    let wide: Vec<u8> = card::VISA.bytes().flat_map(|byte| [byte, 0]).collect();
    let integer = 4_111_111_111_111_111_u64;
    let packed = [b"page".as_slice(), &integer.to_be_bytes(), b"x"].concat();
    let turned = [b"page".as_slice(), &integer.to_le_bytes()].concat();
    for bytes in
        [b"x4111111111111111".as_slice(), b"00411111111111111100", b"{\"cvv\":9471}", b"\"9471\"", &wide, &packed, &turned]
    {
        assert!(wanted.found_in(bytes).is_some(), "{bytes:?}");
    }
    for bytes in [b"4111111111111112".as_slice(), b"411111 1111111111", b"a9471b", b"-9471-", b"19471", &[0; 64]] {
        assert_eq!(wanted.found_in(bytes), None, "{bytes:?}");
    }
}

fn contents(folder: &Path, processor: &Simulator) -> Vec<(String, Vec<u8>)> {
    let files = [files(folder), files(processor.folder())].concat();
    files.into_iter().map(|path| (path.display().to_string(), fs::read(&path).expect("a file can be read"))).collect()
}

#[tokio::test]
async fn a_cvv_is_wiped_at_the_first_answer() {
    let server = Rig::default().start().await;
    let shop = server.shop().await;
    let database =
        rusqlite::Connection::open_with_flags(server.data().join("recoup.sqlite"), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .expect("the database can be read");
    let kept = || database.query_row("SELECT count(*) FROM cvvs", [], |row| row.get::<_, i64>(0)).expect("a count");
    let token = shop.tokenize(card::VISA, Some("987")).await;
    assert_eq!(kept(), 1, "kept until the first answer");
    shop.evaluate(&body::without(body::cit(&token), "/paymentMethod/verificationValue")).await;
    assert_eq!(kept(), 0, "after an approval");
    for (number, what) in
        [(card::NOT_RESCUED, "a decline"), (card::APPROVED, "an approval"), (card::REAL_LOOKING, "a card that is not stored")]
    {
        shop.evaluate(&body::cit(number)).await;
        assert_eq!(kept(), 0, "after {what}");
    }
    shop.evaluate(&body::with(body::mit(card::APPROVED), "/paymentMethod/verificationValue", json!("456"))).await;
    assert_eq!(kept(), 0, "never kept for a rebill");
    let cards: i64 = database.query_row("SELECT count(*) FROM cards", [], |row| row.get(0)).expect("a count");
    assert_eq!(cards, 4, "the card that is no test card was not stored");
}
