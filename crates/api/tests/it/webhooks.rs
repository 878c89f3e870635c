//! Webhook management and the events feed.

use crate::support::{App, evaluate};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn webhooks_are_managed_and_events_are_read() {
    let app = App::start().await;
    let token = app.token().await;
    let made = app.post("/v1/webhooks", &token, &json!({"url": "https://hooks.example.com/in", "events": ["order.*"]})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let key = made.json()["hmacSigningKey"].as_str().unwrap().to_owned();
    assert_eq!(
        (STANDARD.decode(&key).unwrap().len(), made.json()["secret"].as_str().unwrap()),
        (64, format!("whsec_{key}").as_str())
    );
    let path = format!("/v1/webhooks/{}", made.json()["id"].as_str().unwrap());
    assert!(app.get(&path, &token).await.json().get("hmacSigningKey").is_none());
    let patched = app.call(Method::PATCH, &path, Some(&token), Some(&json!({"enabled": false, "description": "d"}))).await.json();
    assert_eq!((&patched["state"], &patched["description"]), (&json!("disabled"), &json!("d")));
    let rotated = app.call(Method::POST, &format!("{path}/rotate-key"), Some(&token), None).await.json();
    assert_ne!(rotated["hmacSigningKey"], json!(key));
    assert_eq!(app.get("/v1/webhooks", &token).await.json()["totalItemCount"], 1);
    for (body, at) in [
        (json!({"events": ["*"]}), "Url"),
        (json!({"url": "http://10.0.0.1/", "events": ["*"]}), "Url"),
        (json!({"url": "https://a.example"}), "Events"),
    ] {
        assert!(app.post("/v1/webhooks", &token, &body).await.json().get(at).is_some(), "{body}");
    }

    app.post("/v1/evaluate", &token, &evaluate("E1")).await;
    app.call(Method::POST, "/v1/orders/E1/external-cancel", Some(&token), None).await;
    let page = app.get("/v1/events?types=order.cancelled&limit=10", &token).await.json();
    let event = &page["events"][0];
    assert_eq!((&event["payload"]["Event"], &event["payload"]["ExternalOrderId"]), (&json!("order.cancelled"), &json!("E1")));
    assert_eq!(app.get("/v1/events?after=latest", &token).await.json()["events"], json!([]));

    assert_eq!(app.get(&format!("{path}/deliveries"), &token).await.status, StatusCode::OK);
    assert_eq!(app.call(Method::DELETE, &path, Some(&token), None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.get(&path, &token).await.status, StatusCode::NOT_FOUND);
}
