//! Copies of payments, and what became of them.

use crate::support::App;
use http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn copies_are_kept_singly_and_in_sets() {
    let app = App::start().await;
    let token = app.token().await;
    let record = |order: &str, id: &str| {
        json!({"orderId": order, "isDeclined": true, "sequenceNumber": 3, "transaction": {"id": id, "amount": 500, "currency": "USD", "responseCode": "51"},
            "paymentMethod": {"cardNumber": "4111111111111111", "cardBinNumber": "411111", "cardLast4Digits": "1111"}})
    };
    let first = app.post("/v1/transmit", &token, &record("A", "t1")).await;
    assert_eq!((first.status, &first.json()["status"]), (StatusCode::OK, &json!(200)), "{}", first.body);
    let again = app.post("/v1/transmit", &token, &record("A", "t1")).await.json();
    assert_eq!((&again["transmitId"], &again["customProperties"]["duplicate"]), (&first.json()["transmitId"], &json!("true")));

    let set = json!([record("A", "t1"), record("B", "t2"), {"orderId": "C"}, record("B", "t2")]);
    let answer = app.post("/v1/transmit", &token, &set).await;
    let body = answer.json();
    assert_eq!((answer.status, &body["status"], &body["success"]), (StatusCode::OK, &json!(207), &json!(false)));
    let flags: Vec<_> =
        body["transmissions"].as_array().unwrap().iter().map(|t| (t["accepted"] == true, t["duplicate"] == true)).collect();
    assert_eq!(flags, [(true, true), (true, false), (false, false), (true, true)]);
    assert_eq!(body["transmissions"][1]["transmitId"], body["transmissions"][3]["transmitId"]);
    assert_eq!(body["transmissions"][2]["errors"]["IsDeclined"], json!(["The IsDeclined field is required."]));
    let none = app.post("/v1/transmit", &token, &json!([{}])).await;
    assert_eq!((none.status, &none.json()["status"]), (StatusCode::BAD_REQUEST, &json!(400)));

    let path = format!("/v1/transmit/{}", first.json()["transmitId"].as_str().unwrap());
    let patched = app.call(Method::PATCH, &path, Some(&token), Some(&json!({"payer": {"email": "a@example.com"}}))).await;
    assert_eq!(patched.json()["payer"]["email"], "a@example.com", "{}", patched.body);
    let fixed = app.call(Method::PATCH, &path, Some(&token), Some(&json!({"transaction": {"amount": 1}}))).await;
    assert_eq!(fixed.json()["Transaction.Amount"], json!(["The field Amount is invalid."]));
    let outcome = app.post(&format!("{path}/outcome"), &token, &json!({"outcome": "approved"})).await.json();
    assert_eq!((&outcome["status"], &outcome["customProperties"]["outcome"]), (&json!(200), &json!("approved")));
    let unlawful = app.post(&format!("{path}/outcome"), &token, &json!({"outcome": "declined"})).await;
    assert_eq!((unlawful.status, &unlawful.json()["statusCode"]), (StatusCode::CONFLICT, &json!("40903")));
    let stored = app.get(&path, &token).await;
    assert_eq!(stored.json()["outcome"], "approved");
    assert!(!stored.body.contains("4111111111111111"));
}
