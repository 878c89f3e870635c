//! Tokens: keys, refresh, and the standard form.

use crate::support::{App, members};
use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn tokens_by_keys_refresh_and_form() {
    let app = App::start().await;
    let (key, secret) = (app.client.app_key.clone(), app.client.app_secret.to_string());
    let ask = async |body: Value| app.call(Method::POST, "/v1/oauth2/token", Some("stale"), Some(&body)).await;
    let first = ask(json!({"AppKey": key, "AppSecret": secret})).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_eq!(
        members(&first.body),
        [
            "accessToken",
            "refreshToken",
            "expires",
            "id",
            "session",
            "daysToEnforceMFA",
            "skipAvailable",
            "success",
            "result",
            "status",
            "statusCode",
            "errors",
            "customProperties"
        ]
    );
    let refresh = first.json()["refreshToken"].clone();
    let second = ask(json!({"refreshToken": refresh})).await;
    assert_eq!(second.json()["success"], true);
    let spent = ask(json!({"refreshToken": refresh})).await;
    assert_eq!((spent.status, &spent.json()["statusCode"]), (StatusCode::BAD_REQUEST, &json!("40002")));
    let family = ask(json!({"refreshToken": second.json()["refreshToken"]})).await;
    assert_eq!(family.json()["statusCode"], "40002");
    let wrong = ask(json!({"client_id": key, "client_secret": "wrong"})).await;
    assert_eq!((wrong.status, &wrong.json()["result"]), (StatusCode::BAD_REQUEST, &json!("Invalid API credentials")));
    assert_eq!(wrong.json()["accessToken"], Value::Null);

    let form = async |body: String, authorization: Option<String>| {
        let mut request = Request::post("/v1/oauth2/token").header("content-type", "application/x-www-form-urlencoded");
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        app.send(request.body(Body::from(body)).unwrap()).await
    };
    let basic = Some(format!("Basic {}", STANDARD.encode(format!("{key}:{secret}"))));
    let standard = form("grant_type=client_credentials".into(), basic.clone()).await;
    assert_eq!(members(&standard.body), ["access_token", "token_type", "expires_in", "scope"]);
    for (body, authorization, status, error) in [
        (format!("grant_type=client_credentials&client_id={key}&client_secret=no"), None, 401, "invalid_client"),
        ("grant_type=client_credentials".into(), None, 401, "invalid_client"),
        ("grant_type=password".into(), basic.clone(), 400, "unsupported_grant_type"),
        (String::new(), basic, 400, "invalid_request"),
    ] {
        let answer = form(body.clone(), authorization).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (status, &json!(error)), "{body}");
        assert_eq!(answer.header("www-authenticate").is_empty(), status == 400, "{body}");
    }
}
