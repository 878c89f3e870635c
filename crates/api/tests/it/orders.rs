//! A decline in, an order out.

use crate::support::{App, evaluate, members};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_rebill_is_accepted_listed_shown_and_cancelled() {
    let app = App::start().await;
    let token = app.token().await;
    let answer = app.post("/v1/evaluate", &token, &evaluate("INV/1")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        members(&answer.body),
        ["orderSessionKey", "senseKey", "orderId", "success", "result", "status", "statusCode", "errors", "customProperties"]
    );
    assert_eq!(answer.json()["status"], "SUBMITTED");
    let id = answer.json()["orderSessionKey"].as_str().unwrap().to_owned();

    let again = app.post("//V1//Evaluate/", &token, &evaluate("INV/1")).await;
    assert_eq!((again.header("idempotent-replayed"), &again.body), ("true", &answer.body));
    let mut other = evaluate("INV/1");
    other["transaction"]["amount"] = json!(2000);
    let reused = app.post("/v1/evaluate", &token, &other).await;
    assert_eq!((reused.status, &reused.json()["statusCode"]), (StatusCode::CONFLICT, &json!("40901")));

    let order = app.get(&format!("/v1/orders/{}", id.to_uppercase()), &token).await.json();
    assert_eq!((&order["externalOrderId"], &order["statusText"]), (&json!("INV/1"), &json!("Processing")));
    assert_eq!(order["paymentMethod"]["cardLast4Digits"], "1111");
    let external = app.get("/v1/orders/INV%2F1?by=external", &token).await.json();
    assert_eq!(external["id"], id);
    let outcome = app.post("/v1/outcome", &token, &json!({"ordersessionkey": id})).await;
    assert_eq!(members(&outcome.body)[0], "confirmationId");
    assert_eq!(outcome.json()["status"], "PROCESSING");
    let unknown = app.post("/v1/outcome", &token, &json!({"orderSessionKey": "nobody"})).await.json();
    assert_eq!((&unknown["success"], &unknown["status"]), (&json!(false), &json!("NOTFOUND")));
    let list = app.get("/v1/orders?status=4&pageSize=1&query=INV", &token).await.json();
    assert_eq!((&list["totalItemCount"], &list["orders"][0]["id"]), (&json!(1), &json!(id)));

    for _ in 0..2 {
        let cancelled = app.post("/v1/orders/INV%2F1/external-cancel", &token, &json!({})).await;
        assert_eq!((cancelled.status, cancelled.body.as_str()), (StatusCode::OK, ""));
    }
    let cancelled = app.call(Method::POST, &format!("/v1/orders/{id}/cancel"), Some(&token), None).await;
    assert_eq!((cancelled.status, cancelled.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(app.get(&format!("/v1/orders/{id}"), &token).await.json()["statusName"], "CANCELLED");
    assert_eq!(app.post("/v1/orders/NONE/external-cancel", &token, &json!({})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.get("/v1/orders/not-a-guid", &token).await.json()["statusCode"], "40401");

    let csv = Request::get("/v1/orders").header("authorization", format!("Bearer {token}")).header("accept", "text/csv");
    let csv = app.send(csv.body(Body::empty()).unwrap()).await;
    assert_eq!((csv.header("content-type"), csv.body.lines().count()), ("text/csv; charset=utf-8", 2));
    assert!(!csv.body.contains("4111111111111111"));
}

#[tokio::test]
async fn refunds_and_captures_of_unpaid_orders_are_business_failures() {
    let app = App::start().await;
    let token = app.token().await;
    let id = app.post("/v1/evaluate", &token, &evaluate("R1")).await.json()["orderId"].as_str().unwrap().to_owned();
    let refund = app.post(&format!("/v1/orders/{id}/refund"), &token, &json!({"amountToRefund": 1.0})).await;
    assert_eq!((refund.status, &refund.json()["responseCode"]), (StatusCode::OK, &json!("2001")), "{}", refund.body);
    assert_eq!(refund.json()["responseMessage"], "Amount to refund (1.00) is greater than maximum refund amount in (0.00))");
    let zero = app.post(&format!("/v1/orders/{id}/refund"), &token, &json!({"amountToRefund": "0"})).await;
    assert_eq!(zero.json()["AmountToRefund"], json!(["The field AmountToRefund must be greater than 0."]));
    let body = json!({"idempotencyKey": "c", "orderId": id, "amount": 1999, "currency": "USD"});
    let capture = app.post("/v1/capture", &token, &body).await;
    assert_eq!((&capture.json()["status"], &capture.json()["statusCode"]), (&json!("FAILED"), &json!("NOT_CAPTURABLE")));
    assert_eq!(capture.json()["success"], false);
}

#[tokio::test]
async fn one_answer_names_the_faults_of_form_and_of_context() {
    let app = App::start().await;
    let token = app.token().await;
    let mut body = evaluate("F1");
    body["orderId"] = json!(null);
    body["siteId"] = json!("e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c");
    body["transaction"]["amount"] = json!(20_000);
    body["paymentMethod"] = json!({});
    let answer = app.post("/v1/evaluate", &token, &body).await;
    let faults = answer.json();
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(faults["OrderId"], json!(["Merchant's orderId is required"]));
    assert_eq!(faults["Transaction.Amount"], json!(["The field Amount must be between 11 and 19999 in the sandbox."]));
    assert_eq!(faults["PaymentMethod"], json!(["The PaymentMethod field is required."]));
    assert_eq!(faults["SiteId"], json!(["The field SiteId is invalid."]));
    assert_eq!(faults["TraceId"][0].as_str().unwrap().len(), 55);
}
