//! The test clock.

use crate::support::App;
use domain::environment::Environment;
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn the_test_clock_is_the_sandboxs_alone() {
    let app = App::start().await;
    let token = app.token().await;
    let before = app.get("/v1/sandbox/clock", &token).await.json();
    assert_eq!(before["mid"], app.mid.to_string());
    let after = app.post("/v1/sandbox/clock", &token, &json!({"action": "advance", "by": "P1D"})).await;
    assert_eq!((after.status, &after.json()["settled"]), (StatusCode::OK, &json!(true)), "{}", after.body);
    assert_eq!(after.json()["offsetSeconds"], 86_400);
    let live = App::in_environment(Environment::Production, None).await;
    let token = live.token().await;
    let refused = live.post("/v1/sandbox/clock", &token, &json!({"action": "freeze"})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
