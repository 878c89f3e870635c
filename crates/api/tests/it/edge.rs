//! What all requests share: paths, verbs, sizes, content types, trace ids, error bodies.

use crate::support::App;
use axum::body::Body;
use domain::environment::Environment;
use http::{Method, Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn paths_fold_and_unknown_ones_are_told() {
    let app = App::start().await;
    for (path, status) in [
        ("/healthz", StatusCode::OK),
        ("//HealthZ/", StatusCode::OK),
        ("/readyz?x=1", StatusCode::OK),
        ("/v1//orders", StatusCode::UNAUTHORIZED),
        ("/V1/ORDERS/", StatusCode::UNAUTHORIZED),
        ("/v1/nothing", StatusCode::NOT_FOUND),
        ("/", StatusCode::NOT_FOUND),
        ("/v2/evaluate", StatusCode::NOT_FOUND),
    ] {
        let answer = app.call(Method::GET, path, None, None).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("content-type"), "application/json; charset=utf-8", "{path}");
        assert_eq!(answer.header("x-trace-id").len(), 55, "{path}");
    }
    let unknown = app.call(Method::GET, "/v1/nothing", None, None).await.json();
    assert_eq!((&unknown["statusCode"], &unknown["success"]), (&json!("40400"), &json!(false)));
    assert_eq!(unknown["errors"][0]["item2"], "40400");
}

#[tokio::test]
async fn wrong_verbs_name_the_right_ones() {
    let app = App::start().await;
    for (method, path, allowed) in [
        (Method::GET, "/v1/evaluate", "POST"),
        (Method::PUT, "/v1/webhooks", "GET,HEAD,POST"),
        (Method::DELETE, "/v1/orders", "GET,HEAD"),
        (Method::OPTIONS, "/v1/evaluate", "POST"),
        (Method::HEAD, "/v1/evaluate", "POST"),
    ] {
        let answer = app.call(method.clone(), path, None, None).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
        if method != Method::HEAD {
            assert_eq!(answer.json()["statusCode"], "40500");
        }
    }
}

#[tokio::test]
async fn head_stands_where_get_does() {
    let app = App::start().await;
    let answer = app.call(Method::HEAD, "/healthz", None, None).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    let answer = app.call(Method::HEAD, "/v1/orders", None, None).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::UNAUTHORIZED, ""));
}

#[tokio::test]
async fn sizes_and_types_are_checked() {
    let app = App::start().await;
    let token = app.token().await;
    let post = async |path: &str, content_type: &str, body: String| {
        let request = Request::post(path).header("authorization", format!("Bearer {token}")).header("content-type", content_type);
        app.send(request.body(Body::from(body)).unwrap()).await
    };
    for (path, content_type, body, code) in [
        ("/v1/evaluate", "text/plain", "{}".to_owned(), "41500"),
        ("/v1/evaluate", "application/json", " ".repeat(300 * 1024), "41300"),
        ("/v1/transmit", "application/json", format!("{{{}", " ".repeat(300 * 1024)), "41300"),
    ] {
        let answer = post(path, content_type, body).await;
        assert_eq!(answer.json()["statusCode"], code, "{path} {content_type}");
    }
    let answer = post("/v1/transmit", "application/*+json", format!("[{}]", " ".repeat(300 * 1024))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let answer = post("/v1/evaluate", "", "{not json".to_owned()).await;
    assert_eq!(answer.json()["$"], json!(["The request body is not valid JSON."]));
    assert_eq!(answer.json()["TraceId"][0], answer.header("x-trace-id"));
    let answer = post("/v1/evaluate", "application/json", String::new()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["OrderId"], json!(["Merchant's orderId is required"]));
}

#[tokio::test]
async fn the_callers_trace_goes_on() {
    let app = App::start().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = Request::get("/v1/orders").header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert!(answer.header("x-trace-id").starts_with(&format!("00-{trace}-")));
}

#[tokio::test]
async fn who_asks_for_problem_documents_gets_them() {
    let app = App::start().await;
    let ask = async |path: &str| {
        let request = Request::post(path).header("accept", "application/json, application/problem+json;q=0.9");
        app.send(request.body(Body::from("{}")).unwrap()).await
    };
    let answer = ask("/v1/evaluate").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::UNAUTHORIZED, "application/problem+json"));
    let body = answer.json();
    assert_eq!((&body["type"], &body["status"]), (&json!("urn:recoup:problem:40101"), &json!(401)));
    assert_eq!((&body["instance"], &body["traceId"]), (&json!("/v1/evaluate"), &json!(answer.header("x-trace-id"))));
    let body = ask("/v1/oauth2/token").await.json();
    assert_eq!(body["type"], "urn:recoup:problem:validation");
    assert_eq!(body["errors"]["AppKey"], json!(["The AppKey field is required."]));
}

#[tokio::test]
async fn no_bearer_is_challenged() {
    let app = App::start().await;
    for authorization in ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer a.b.c"] {
        let request = Request::post("/v1/evaluate").header("authorization", authorization).body(Body::from("{")).unwrap();
        let answer = app.send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization}");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"recoup\", error=\"invalid_token\"");
        let body = answer.json();
        assert_eq!((&body["statusCode"], &body["errors"]), (&json!("40101"), &json!([])), "{authorization}");
    }
}

#[tokio::test]
async fn health_and_metrics() {
    let app = App::start().await;
    assert_eq!(app.call(Method::GET, "/healthz", None, None).await.body, "{\"status\":\"ok\"}");
    let ready = app.call(Method::GET, "/readyz", None, None).await.json();
    assert_eq!((&ready["checks"]["database"], &ready["checks"]["draining"]), (&json!("ok"), &json!(false)));
    // Strangers learn nothing of the server; who they are is known from the connection alone.
    assert_eq!(app.call(Method::GET, "/metrics", None, None).await.status, StatusCode::NOT_FOUND);
    let peer = |address: &str| axum::extract::ConnectInfo(address.parse::<std::net::SocketAddr>().unwrap());
    for (address, status) in
        [("127.0.0.1:9", StatusCode::OK), ("[::1]:9", StatusCode::OK), ("192.0.2.1:9", StatusCode::NOT_FOUND)]
    {
        let request = Request::get("/metrics").extension(peer(address)).body(Body::empty()).unwrap();
        assert_eq!(app.send(request).await.status, status, "{address}");
    }
    app.engine.drain();
    let draining = app.call(Method::GET, "/readyz", None, None).await;
    assert_eq!((draining.status, &draining.json()["checks"]["draining"]), (StatusCode::SERVICE_UNAVAILABLE, &json!(true)));
}

#[tokio::test]
async fn a_listener_of_one_environment_refuses_the_other() {
    let app = App::in_environment(Environment::Sandbox, Some(Environment::Production)).await;
    let body = json!({"AppKey": app.client.app_key, "AppSecret": *app.client.app_secret});
    let answer = app.call(Method::POST, "/v1/oauth2/token", None, Some(&body)).await;
    assert_eq!((answer.status, &answer.json()["statusCode"]), (StatusCode::BAD_REQUEST, &json!("40003")));
    let token = app.engine.grant(&app.client.app_key, &app.client.app_secret).await.unwrap().access_token;
    let answer = app.get("/v1/orders", &token).await;
    assert_eq!((answer.status, &answer.json()["statusCode"]), (StatusCode::UNAUTHORIZED, &json!("40103")));
}
