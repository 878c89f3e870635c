use domain::{
    fault::Faults,
    intake::{Credential, Evaluate, When},
    order::TransactionType,
};
use serde_json::{Value, json};

use super::read;
use crate::json::parse;

fn sound() -> Value {
    json!({
        "orderId": "INV-1001", "idempotencyKey": "k-1",
        "transaction": {
            "id": "t-1", "amount": 1999, "currency": "usd", "responseCode": "51", "responseCodeSource": "nmi",
            "avsResultCode": "Y", "cvvResultCode": "M", "cavvResultCode": "NA"
        },
        "paymentMethod": {"Token": true, "cardNumber": "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c"}
    })
}

/// Sets (or with `remove`, drops) a member by its dotted path.
fn with(path: &str, value: Value) -> Value {
    let mut body = sound();
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut at = &mut body;
    for part in parents.split('.').filter(|part| !part.is_empty()) {
        at = &mut at[part];
    }
    if value == json!("remove") {
        at.as_object_mut().unwrap().remove(name);
    } else {
        at[name] = value;
    }
    body
}

fn reading(body: &Value) -> (Evaluate, Faults) {
    let text = body.to_string();
    read(&parse(text.as_bytes()).unwrap(), None, [0; 32])
}

fn faults(body: &Value) -> Vec<String> {
    reading(body).1.iter().map(|(path, message)| format!("{path}: {message}")).collect()
}

#[test]
fn each_enforced_rule_has_its_path_and_message() {
    let required = |name: &str| format!("The {name} field is required.");
    let invalid = |name: &str| format!("The field {name} is invalid.");
    let positive = "The field Amount must be a positive integer.".to_owned();
    let too_long = |name: &str, n: usize| format!("The field {name} must be a string with a maximum length of {n}.");
    for (path, value, at, message) in [
        ("orderId", json!("remove"), "OrderId", "Merchant's orderId is required".to_owned()),
        ("orderId", json!(" "), "OrderId", "Merchant's orderId is required".to_owned()),
        ("orderId", json!("x".repeat(256)), "OrderId", too_long("OrderId", 255)),
        ("orderId", json!({"a": 1}), "OrderId", invalid("OrderId")),
        ("idempotencyKey", json!(null), "IdempotencyKey", required("IdempotencyKey")),
        ("idempotencyKey", json!("x".repeat(256)), "IdempotencyKey", too_long("IdempotencyKey", 255)),
        ("transaction", json!("remove"), "Transaction", required("Transaction")),
        ("transaction", json!(null), "Transaction", required("Transaction")),
        ("transaction", json!("x"), "Transaction", invalid("Transaction")),
        ("transaction.id", json!(""), "Transaction.Id", required("Id")),
        ("transaction.responseCode", json!("remove"), "Transaction.ResponseCode", required("ResponseCode")),
        ("transaction.responseCodeSource", json!(null), "Transaction.ResponseCodeSource", required("ResponseCodeSource")),
        ("transaction.avsResultCode", json!("  "), "Transaction.AvsResultCode", required("AvsResultCode")),
        ("transaction.cvvResultCode", json!(""), "Transaction.CvvResultCode", required("CvvResultCode")),
        ("transaction.cavvResultCode", json!("remove"), "Transaction.CavvResultCode", required("CavvResultCode")),
        ("transaction.amount", json!("remove"), "Transaction.Amount", required("Amount")),
        ("transaction.amount", json!(""), "Transaction.Amount", required("Amount")),
        ("transaction.amount", json!(0), "Transaction.Amount", positive.clone()),
        ("transaction.amount", json!(-5), "Transaction.Amount", positive.clone()),
        ("transaction.amount", json!(100.5), "Transaction.Amount", positive.clone()),
        ("transaction.amount", json!("many"), "Transaction.Amount", positive.clone()),
        ("transaction.amount", json!(100_000_000_000_i64), "Transaction.Amount", positive),
        ("transaction.currency", json!(null), "Transaction.Currency", required("Currency")),
        ("transaction.currency", json!("dollar"), "Transaction.Currency", invalid("Currency")),
        ("paymentMethod.cardNumber", json!("4111111111111112"), "PaymentMethod.CardNumber", invalid("CardNumber")),
        ("paymentMethod.expirationMonth", json!(0), "PaymentMethod.ExpirationMonth", invalid("ExpirationMonth")),
        ("paymentMethod.expirationYear", json!(202), "PaymentMethod.ExpirationYear", invalid("ExpirationYear")),
        ("transactionType", json!("SALE"), "TransactionType", invalid("TransactionType")),
        ("isDeclined", json!("perhaps"), "IsDeclined", invalid("IsDeclined")),
        ("isMIT", json!(7), "IsMIT", invalid("IsMIT")),
        ("isRecurring", json!([true]), "IsRecurring", invalid("IsRecurring")),
        ("mid", json!("not-a-guid"), "Mid", invalid("Mid")),
        ("siteId", json!("42"), "SiteId", invalid("SiteId")),
        ("payer", json!({"email": "x".repeat(2001)}), "Payer.Email", too_long("Email", 2000)),
        ("orderItems", json!([{"amount": 1}, {"amount": "x"}]), "OrderItems[1].Amount", invalid("Amount")),
        ("orderItems", json!(vec![json!({}); 501]), "OrderItems", "The field OrderItems has more than 500 items.".into()),
        (
            "additionalFields",
            json!(vec![json!({}); 101]),
            "AdditionalFields",
            "The field AdditionalFields has more than 100 items.".into(),
        ),
        ("attempts", json!([{"amount": 1}]), "Attempts[0].TimestampUtc", required("TimestampUtc")),
        ("deviceDetails", json!({"x": "y".repeat(9000)}), "DeviceDetails", too_long("DeviceDetails", 8192)),
    ] {
        assert_eq!(faults(&with(path, value.clone())), [format!("{at}: {message}")], "{path} = {value}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    assert_eq!(
        faults(&json!({"transaction": {}})),
        [
            "IdempotencyKey: The IdempotencyKey field is required.",
            "OrderId: Merchant's orderId is required",
            "Transaction.Amount: The Amount field is required.",
            "Transaction.AvsResultCode: The AvsResultCode field is required.",
            "Transaction.CavvResultCode: The CavvResultCode field is required.",
            "Transaction.Currency: The Currency field is required.",
            "Transaction.CvvResultCode: The CvvResultCode field is required.",
            "Transaction.Id: The Id field is required.",
            "Transaction.ResponseCode: The ResponseCode field is required.",
            "Transaction.ResponseCodeSource: The ResponseCodeSource field is required.",
        ]
    );
    assert_eq!(faults(&json!([])).len(), 3);
}

#[test]
fn what_existing_clients_send_stays_accepted() {
    for (path, value) in [
        ("transaction.timestamp", json!("2026-11-20T10:15:30Z")),
        ("transaction.timestampUtc", json!("yesterday")),
        ("transaction.timezoneUtcOffset", json!("somewhere")),
        ("transaction.timezoneUtcOffset", json!(-5)),
        ("transaction.avsResultCode", json!("200")),
        ("transaction.avsResultCode", json!(200)),
        ("transaction.amount", json!("1999")),
        ("transaction.amount", json!(100.0)),
        ("transaction.currency", json!("eur")),
        ("transaction.responseStatus", json!("Approved")),
        ("payer", json!({"email": "NA", "phone": "+99.2001a/+99.2001b", "birthdate": null})),
        ("payer", json!(null)),
        ("payer", json!([])),
        ("billingInformation", json!({"zipCode": "12345", "country": "ZZ", "countryCode": "de"})),
        ("billingInformation", json!("")),
        ("senseKey", json!(null)),
        ("senseKey", json!({})),
        ("mid", json!(null)),
        ("subscription", json!(null)),
        ("isRecurring", json!(true)),
        ("expiryDateUtc", json!(null)),
        ("expiryDateUtc", json!("whenever")),
        ("orderSource", json!("Site1")),
        ("paymentMethod.cardBinNumber", json!("41111")),
        ("paymentMethod.expirationYear", json!(1999)),
        ("paymentMethod.expirationMonth", json!("02")),
        ("paymentMethod.verificationValue", json!("x")),
        ("paymentMethod.Token", json!("false")),
        ("paymentMethod", json!({})),
        ("paymentMethod", json!("remove")),
        ("customerIp", json!("x".repeat(5000))),
        ("deviceDetails", json!("text")),
        ("Source", json!("plugin")),
        ("ExtraData", json!({"anything": [1, 2]})),
        ("isDeclined", json!("TRUE")),
        ("siteUrl", json!("::not a url::")),
    ] {
        assert_eq!(faults(&with(path, value.clone())), [""; 0], "{path} = {value}");
    }
}

#[test]
fn members_land_where_they_belong() {
    let mut body = sound();
    body["ISMIT"] = json!(1);
    body["transactionType"] = json!("authorization");
    body["expiryDateUtc"] = json!("2026-12-01");
    body["transaction"]["descriptor"] = json!("SHOP*EU");
    body["transaction"]["timezoneUtcOffset"] = json!("+02:00");
    body["billingInformation"] = json!({"zipCode": 1234, "Country": "DE"});
    body["attempts"] = json!([{"transactionId": "t0", "timestampUtc": "2026-11-20T10:15:30Z", "responseCode": "05"}]);
    let (input, faults) = reading(&body);
    assert!(faults.is_empty());
    assert!(input.payment.is_mit && input.is_declined);
    assert_eq!(input.transaction_type, TransactionType::Authorization);
    assert!(matches!(input.expires, When::At(at) if at.iso6() == "2026-12-01T23:59:59.000000Z"));
    assert!(matches!(input.credential, Some(Credential::Token(_))));
    assert_eq!(input.payment.transaction.dynamic_descriptor.as_deref(), Some("SHOP*EU"));
    assert_eq!(input.payment.transaction.utc_offset_minutes, Some(120));
    let billing = input.payment.billing.unwrap();
    assert_eq!((billing.zipcode.as_deref(), billing.country.as_deref()), (Some("1234"), Some("DE")));
    assert_eq!(input.prior_attempts[0].amount.minor, 1999);
    assert_eq!(input.prior_attempts[0].initiator.as_str(), "MIT");
}

#[test]
fn the_header_is_a_key_and_the_body_wins() {
    let node_text = with("idempotencyKey", json!("remove")).to_string();
    let node = parse(node_text.as_bytes()).unwrap();
    let (input, faults) = read(&node, Some("from-header"), [0; 32]);
    assert!(faults.is_empty());
    assert_eq!(input.idempotency_key, "from-header");
    let node_text = sound().to_string();
    assert_eq!(read(&parse(node_text.as_bytes()).unwrap(), Some("from-header"), [0; 32]).0.idempotency_key, "k-1");
    let long = "x".repeat(256);
    assert!(read(&node, Some(&long), [0; 32]).1.has("IdempotencyKey"));
    assert!(read(&node, Some(" "), [0; 32]).1.has("IdempotencyKey"));
}

proptest::proptest! {
    #[test]
    fn no_body_makes_the_reader_panic(text in "[\\[\\]{}:,\"a-zA-Z0-9. -]{0,200}") {
        if let Ok(node) = parse(text.as_bytes()) {
            let _ = read(&node, None, [0; 32]);
        }
    }

    #[test]
    fn no_value_of_a_member_makes_the_reader_panic(place in 0usize..8, junk in "\\PC{0,40}", number in proptest::num::f64::ANY) {
        let path = ["orderId", "transaction.amount", "transaction.timezoneUtcOffset", "paymentMethod.cardNumber",
            "expiryDateUtc", "orderItems", "paymentMethod.expirationYear", "mid"][place];
        let _ = reading(&with(path, json!(junk)));
        let _ = reading(&with(path, json!(number)));
        let _ = reading(&with(path, json!([junk])));
    }
}
