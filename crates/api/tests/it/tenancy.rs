//! What belongs to another tenant is not there.

use crate::support::{App, evaluate};
use domain::environment::Environment;
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn another_tenants_things_are_not_there() {
    let app = App::start().await;
    let token = app.token().await;
    let id = app.post("/v1/evaluate", &token, &evaluate("X1")).await.json()["orderId"].as_str().unwrap().to_owned();
    let transmit = app
        .post(
            "/v1/transmit",
            &token,
            &json!({"orderId": "Y", "isDeclined": true, "transaction": {"id": "y", "amount": 1, "currency": "USD"}}),
        )
        .await;
    let transmit = transmit.json()["transmitId"].as_str().unwrap().to_owned();
    let other =
        app.engine.create_merchant(engine::admin::NewMerchant { name: "Other".into(), ..Default::default() }).await.unwrap();
    let client = app
        .engine
        .create_client(domain::client::Role::Merchant, Environment::Sandbox, Some(other.id), None, "o", vec![])
        .await
        .unwrap();
    let stranger = app.engine.grant(&client.app_key, &client.app_secret).await.unwrap().access_token;
    for path in [format!("/v1/orders/{id}"), format!("/v1/transmit/{transmit}"), "/v1/orders/X1?by=external".to_owned()] {
        assert_eq!(app.get(&path, &stranger).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [format!("/v1/orders/{id}/cancel"), format!("/v1/orders/{id}/refund"), format!("/v1/transmit/{transmit}/outcome")]
    {
        let body = json!({"amountToRefund": 1, "outcome": "approved"});
        assert_eq!(app.post(&path, &stranger, &body).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut body = evaluate("X2");
    body["mid"] = json!(app.mid);
    let refused = app.post("/v1/evaluate", &stranger, &body).await;
    assert_eq!((refused.status, &refused.json()["statusCode"]), (StatusCode::FORBIDDEN, &json!("40301")));
    assert_eq!(app.get("/v1/orders", &stranger).await.json()["totalItemCount"], 0);
    let _ = app.site;
}
