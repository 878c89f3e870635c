//! What time does to tokens and sessions.

use std::time::Duration;

use domain::{environment::Environment, fault::Faults, scope::Staff};
use engine::{Principal, users::NewUser};
use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A minute less than a refresh token lives.
const ALMOST_A_DAY: Duration = Duration::from_mins(24 * 60 - 1);

async fn joined(app: &App) {
    let text = |text: &str| Some(text.to_owned());
    let new = NewUser {
        first_name: text("Ada"),
        last_name: text("Byron"),
        phone: text("1"),
        email: text("ada@example.com"),
        role: Some(Staff::Owner),
        mids: Some(vec![app.mid]),
        ..NewUser::default()
    };
    let (_, token) = app.engine.create_user(&Principal::operator(Environment::Production), new, Faults::new()).await.unwrap();
    app.engine.choose_password(&token, "correct horse battery".into()).await.unwrap();
}

async fn open(app: &App, path: &str, body: Value) -> Answer {
    app.call(Method::POST, path, None, Some(&body)).await
}

async fn login(app: &App) -> Value {
    open(app, "/v1/auth/login", json!({"email": "ada@example.com", "password": "correct horse battery"})).await.json()
}

fn text<'v>(of: &'v Value, name: &str) -> &'v str {
    of[name].as_str().unwrap_or_else(|| panic!("no {name} in {of}"))
}

fn code(answer: &Answer) -> String {
    answer.json()["statusCode"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn access_tokens_end_and_refresh_tokens_too() {
    let app = App::start().await;
    joined(&app).await;
    let (token, user) = (app.token().await, login(&app).await);
    for bearer in [token.as_str(), text(&user, "accessToken")] {
        assert_eq!(app.get("/v1/orders", bearer).await.status, 200);
    }
    app.engine.clock().advance(MINUTE * 12);
    for bearer in [token.as_str(), text(&user, "accessToken")] {
        let answer = app.get("/v1/orders", bearer).await;
        assert_eq!((answer.status.as_u16(), code(&answer).as_str()), (401, "40102"));
    }
    let fresh = open(&app, "/v1/oauth2/token", json!({"refreshToken": user["refreshToken"]})).await.json();
    assert_eq!(app.get("/v1/orders", text(&fresh, "accessToken")).await.status, 200);
    app.engine.clock().advance(DAY);
    let late = open(&app, "/v1/oauth2/token", json!({"refreshToken": fresh["refreshToken"]})).await;
    assert_eq!(code(&late), "40002");
}

#[tokio::test]
async fn a_session_ends_however_often_it_is_refreshed() {
    let app = App::start().await;
    joined(&app).await;
    let mut refresh = login(&app).await["refreshToken"].clone();
    let mut days = 0;
    loop {
        app.engine.clock().advance(ALMOST_A_DAY);
        let answer = open(&app, "/v1/oauth2/token", json!({"refreshToken": refresh})).await;
        if answer.status != 200 {
            assert_eq!(code(&answer), "40002");
            break;
        }
        refresh = answer.json()["refreshToken"].clone();
        days += 1;
        assert!(days < 10, "a session without end");
    }
    assert_eq!(days, 7);
}

#[tokio::test]
async fn users_who_owe_a_second_factor_may_set_it_up_and_nothing_else() {
    let app = App::start().await;
    joined(&app).await;
    app.engine.clock().advance(DAY * 13);
    let in_time = login(&app).await;
    assert_eq!((&in_time["daysToEnforceMFA"], &in_time["skipAvailable"]), (&json!(1), &json!(true)));
    app.engine.clock().advance(DAY);
    let late = login(&app).await;
    assert_eq!((&late["daysToEnforceMFA"], &late["skipAvailable"]), (&json!(0), &json!(false)));
    let bearer = text(&late, "accessToken");
    for path in ["/v1/orders", "/v1/users", "/v1/webhooks"] {
        assert_eq!(code(&app.get(path, bearer).await), "40303", "{path}");
    }
    let offered = app.post("/v1/auth/mfa/setup", bearer, &json!({})).await;
    assert!(offered.json()["secret"].is_string(), "{}", offered.body);
    assert_eq!(app.post("/v1/auth/logout", bearer, &json!({})).await.status, 200);
}

#[tokio::test]
async fn tickets_run_out() {
    let app = App::start().await;
    joined(&app).await;
    let principal = Principal::operator(Environment::Production);
    let id = app.engine.user_with_address(&principal, "ADA@example.com").await.unwrap().user.id;
    let (_, token) = app.engine.reset_user_password(&principal, id).await.unwrap();
    app.engine.clock().advance(MINUTE * 60);
    let body = json!({"token": *token, "password": "another password 1"});
    let answer = open(&app, "/v1/auth/password/reset", body).await;
    assert_eq!(code(&answer), "40001");
    assert_eq!(
        code(&open(&app, "/v1/auth/login", json!({"email": "ada@example.com", "password": "correct horse battery"})).await),
        "40001"
    );
}
