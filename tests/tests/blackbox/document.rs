//! `/openapi.json` and `/docs`, and the examples in it. That *every* answer of every test is as documented is held by
//! the harness (`tests/src/contract.rs`).

use recoup_tests::{Server, cast, contract};
use reqwest::Method;
use serde_json::Value;

/// Every example that says it works for a new sandbox merchant does.
#[tokio::test]
async fn runnable_examples_run() {
    let server = Server::start().await;
    let shop = &cast().stranger;
    let caller = server.login(&shop.sandbox).await;
    let contract = contract::known().expect("the document was read at the start");
    let mut run = 0;
    for (method, path, operation) in contract.operations() {
        let content = &operation["requestBody"]["content"];
        for (content_type, media) in content.as_object().into_iter().flatten() {
            for (name, example) in media["examples"].as_object().into_iter().flatten() {
                if example["x-runnable"] != true {
                    continue;
                }
                let verb = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).expect("a method");
                let headers = [("content-type", content_type.as_str())];
                let path = path.replace("{mid}", &shop.mid);
                assert!(!path.contains('{'), "{method} {path}, example {name}: only `mid` is known of a new merchant");
                let reply = caller.send(verb, &path, &headers, Some(example["value"].to_string())).await;
                assert!((200..300).contains(&reply.status), "{method} {path}, example {name}: {reply:?}");
                run += 1;
            }
        }
    }
    assert!(run >= 8, "only {run} examples can be run");
}

/// Anybody may read it, in whole, and browsers are told to load nothing else.
#[tokio::test]
async fn the_reference_is_open_and_self_contained() {
    let server = Server::start().await;
    let anybody = server.client();
    let document = anybody.get("/openapi.json").await.must(200);
    assert_eq!(document.json["openapi"], "3.1.0");
    assert_eq!(document.header("content-type"), "application/json; charset=utf-8");
    let page = anybody.get("/docs").await.must(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("style-src 'self'"), "{policy}");
    let paths = document.json["paths"].as_object().expect("paths");
    for operation in paths.values().flat_map(|item| item.as_object().expect("methods").values()) {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(page.text.contains(&format!("id=\"{id}\"")), "{id} is not on the page");
    }
    let style = anybody.get("/docs/style.css").await.must(200);
    assert!(page.text.contains("/docs/style.css") && style.header("content-type").starts_with("text/css"));
    for path in ["/openapi.json", "/docs", "/docs/style.css"] {
        let head = anybody.send(Method::HEAD, path, &[], None).await.must(200);
        assert!(head.text.is_empty() && head.json == Value::Null, "{head:?}");
    }
}
