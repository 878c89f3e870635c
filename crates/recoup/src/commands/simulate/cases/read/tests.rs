use proptest::prelude::*;
use serde_json::json;

use super::*;

fn sample() -> Value {
    json!({
        "case_id": "c1", "token": "tok_1", "bin": "411111", "brand": "visa", "funding": "debit", "issuer_country": "US",
        "merchant_country": "GB", "amount": 19.99, "currency": "USD", "utc_offset_hours": -5, "failed_at": "2026-07-01T10:00:00Z",
        "window_ends_at": "2026-07-22T10:00:00Z", "response_code": "51", "merchant_advice_code": null,
        "network_transaction_id": "n1", "history": [
            {"time": "2026-06-01T10:00:00Z", "approved": true, "response_code": "00"},
            {"time": "2026-07-02T10:00:00Z", "approved": true, "response_code": "00"},
        ],
    })
}

fn with(name: &str, value: Value) -> Result<Case, String> {
    let mut sample = sample();
    sample[name] = value;
    line(sample.to_string().as_bytes(), 1)
}

#[test]
fn a_line_says_what_it_says() {
    let case = line(sample().to_string().as_bytes(), 7).unwrap();
    assert_eq!((case.line, case.amount.minor, case.offset_minutes), (7, 1_999, Some(-300)));
    assert_eq!((case.network, case.merchant_country.as_str()), (Network::Visa, "GB"));
    assert_eq!(case.history.len(), 1, "what came after the failure is not known when it fails");
}

#[test]
fn nulls_and_absent_members_have_defaults() {
    let mut sample = sample();
    for name in [
        "bin",
        "brand",
        "funding",
        "issuer_country",
        "merchant_country",
        "utc_offset_hours",
        "window_ends_at",
        "response_code",
        "merchant_advice_code",
        "network_transaction_id",
        "history",
    ] {
        sample[name] = Value::Null;
    }
    sample["something_else"] = json!({"a": [1]});
    let case = line(sample.to_string().as_bytes(), 1).unwrap();
    assert_eq!((case.network, case.funding, case.merchant_country.as_str()), (Network::Other, Funding::Unknown, "US"));
    assert_eq!(case.ends_at.since(case.failed_at), DAY * 21);
    assert!(case.history.is_empty() && case.bin.is_empty());
}

#[test]
fn amounts_are_exact() {
    for (amount, currency, minor) in [
        (json!(0.29), "USD", Some(29)),
        (json!("0.29"), "USD", Some(29)),
        (json!(1_999_999.99), "USD", Some(199_999_999)),
        (json!(1480), "JPY", Some(1480)),
        (json!(1480.0), "JPY", Some(1480)),
        (json!("12.345"), "KWD", Some(12_345)),
        (json!("12.345"), "USD", None),
        (json!(0.5), "JPY", None),
        (json!(-1), "USD", None),
        (json!(0), "USD", None),
        (json!(1e300), "USD", None),
        (json!("abc"), "USD", None),
        (json!([1]), "USD", None),
    ] {
        let mut sample = sample();
        sample["amount"] = amount.clone();
        sample["currency"] = json!(currency);
        let read = line(sample.to_string().as_bytes(), 1).map(|case| case.amount.minor).ok();
        assert_eq!(read, minor, "{amount} {currency}");
    }
}

#[test]
fn faults_name_the_member() {
    for (name, value) in [
        ("case_id", json!("")),
        ("token", Value::Null),
        ("bin", json!("41")),
        ("currency", json!("ZZQ")),
        ("failed_at", json!("yesterday")),
        ("window_ends_at", json!("2026-07-01T10:00:00Z")),
        ("window_ends_at", json!("2026-12-01T10:00:00Z")),
        ("utc_offset_hours", json!(99)),
        ("issuer_country", json!("Atlantis")),
        ("response_code", json!("fifty-one")),
        ("history", json!({})),
        ("history", json!([{"time": "2026-06-01T10:00:00Z"}])),
        ("case_id", json!("x".repeat(300))),
    ] {
        let fault = with(name, value.clone()).unwrap_err();
        assert!(fault.starts_with(name), "{name} {value}: {fault}");
    }
}

#[test]
fn codes_and_brands_are_read_loosely() {
    assert_eq!(with("response_code", json!(5)).unwrap().answer.response_code, "05");
    assert_eq!(with("merchant_advice_code", json!(2)).unwrap().answer.advice_code.as_deref(), Some("02"));
    assert_eq!(with("brand", json!("American Express")).unwrap().network, Network::Amex);
    assert_eq!(with("brand", json!("unheard of")).unwrap().network, Network::Visa, "by the BIN");
    assert_eq!(with("bin", json!(4_111_111)).unwrap().bin, "4111111");
}

#[test]
fn bad_lines_are_numbered_and_the_others_are_used() {
    let good = sample().to_string();
    let other = good.replace("\"c1\"", "\"c2\"");
    let text = format!("{good}\n\nnonsense\n[1]\n{good}\n{other}");
    let read = lines(text.as_bytes()).unwrap();
    assert_eq!(read.cases.iter().map(|case| case.line).collect::<Vec<_>>(), [1, 6]);
    assert_eq!(read.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3, 4, 5]);
    assert!(read.faults[2].fault.contains("earlier line"));
}

#[test]
fn endless_lines_are_bad_and_end() {
    let text = format!("{}\n{}\n", "x".repeat(3 * LINE_BYTES_MAX as usize), sample());
    let read = lines(text.as_bytes()).unwrap();
    assert_eq!((read.faults.len(), read.cases.len(), read.cases[0].line), (1, 1, 2));
}

proptest! {
    #[test]
    fn nothing_panics(text in "\\PC{0,200}", name in "[a-z_]{1,16}", value in "\\PC{0,30}") {
        let _ = line(text.as_bytes(), 1);
        let _ = with(&name, json!(value));
    }

    #[test]
    fn every_amount_of_two_decimals_is_read_to_the_cent(minor in 1i64..=AMOUNT_MINOR_MAX) {
        let text = Money::new(minor, Currency::USD).major();
        let number: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(with("amount", number).unwrap().amount.minor, minor);
        prop_assert_eq!(with("amount", json!(text)).unwrap().amount.minor, minor);
    }

    #[test]
    fn instants_are_read_to_the_second(secs in 0i64..4_000_000_000) {
        let at = Timestamp::from_secs(secs);
        let case = with("failed_at", json!(at.iso6()));
        if let Ok(case) = case {
            prop_assert_eq!(case.failed_at, at);
        }
    }
}
