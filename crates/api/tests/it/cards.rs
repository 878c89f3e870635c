//! Cards into the vault and out of it.

use crate::support::{App, evaluate};
use axum::body::Body;
use domain::environment::Environment;
use http::{Method, Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn cards_are_vaulted_both_ways_and_deleted() {
    let app = App::start().await;
    let token = app.token().await;
    let card = json!({"payment_method": {"credit_card": {"number": "4111111111111111", "month": 2, "year": 2031,
        "verification_value": "123", "first_name": "Ada", "last_name": "Byron"}}});
    let answer = app.post("/v1/tokenize", &token, &card).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(!answer.body.contains("4111111111111111") && !answer.body.contains("\"123\""));
    let method = answer.json()["transaction"]["payment_method"].clone();
    assert_eq!((&method["first_six_digits"], &method["full_name"]), (&json!("41111111"), &json!("Ada Byron")));

    let key = app.engine.create_tokenization_key(app.mid, Environment::Sandbox, "shop").await.unwrap();
    let path = format!("/v1/tokenize?mid={}&environment={}", app.mid, *key.value);
    let by_key = app.call(Method::POST, &path, Some("stale"), Some(&card)).await;
    assert_eq!(by_key.status, StatusCode::OK, "{}", by_key.body);
    let other = by_key.json()["transaction"]["payment_method"].clone();
    assert_eq!(other["fingerprint"], method["fingerprint"]);
    assert_ne!(other["token"], method["token"]);
    let wrong = app.call(Method::POST, &format!("/v1/tokenize?mid={}&environment=rt_wrong", app.mid), None, Some(&card)).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let live = json!({"payment_method": {"credit_card": {"number": "4929000000006"}}});
    let refused = app.post("/v1/tokenize", &token, &live).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.json().get("PaymentMethod.CreditCard.Number").is_some());

    let mut paid = evaluate("T1");
    paid["paymentMethod"] = json!({"Token": true, "cardNumber": method["token"]});
    assert_eq!(app.post("/v1/evaluate", &token, &paid).await.status, StatusCode::OK);
    let path = format!("/v1/tokens/{}", method["token"].as_str().unwrap());
    for status in [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND] {
        assert_eq!(app.call(Method::DELETE, &path, Some(&token), None).await.status, status);
    }
    let mut gone = evaluate("T2");
    gone["paymentMethod"] = json!({"cardNumber": method["token"]});
    let answer = app.post("/v1/evaluate", &token, &gone).await;
    assert_eq!(answer.json()["PaymentMethod.CardNumber"], json!(["The payment method token is unknown."]));
}

#[tokio::test]
async fn shop_pages_may_tokenise() {
    let app = App::start().await;
    let preflight =
        Request::options("/v1/tokenize").header("origin", "https://shop.example").header("access-control-request-method", "POST");
    let answer = app.send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
    let call = Request::post("/v1/tokenize").header("origin", "https://shop.example").body(Body::from("{}")).unwrap();
    let answer = app.send(call).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::UNAUTHORIZED, "https://shop.example"));
}
